/** Lab 18 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Ran, Scanned } from '../../harness/domain/observation.ts'
import lab from '../../labs/18-outside-view/lab.ts'
import { refuse, say, show } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const openToo = (scanned: Scanned, ...ports: number[]) => {
  scanned.open = [...scanned.open, ...ports].sort((a, b) => a - b)
  scanned.closed -= ports.length
}

const close = (scanned: Scanned, port: number) => {
  scanned.open = scanned.open.filter((one) => one !== port)
  scanned.closed += 1
}

const silence = (scanned: Scanned, port: number) => {
  scanned.silent = [port]
  scanned.closed -= 1
}

/** nmap is asked for all ports: those that are closed are only counted. */
const sayAll = (nmap: Ran | null, closed: number, ...ports: number[]) => {
  const open = ports.map((port) => ({ protocol: 'tcp' as const, port, state: 'open' as const, service: null }))
  const notShown = [{ state: 'closed' as const, count: closed, protocol: 'tcp' as const }]
  if (nmap) nmap.hosts = [{ address: '127.0.0.1', names: [], ports: open, notShown }]
}

const answer = await testOutcomes(lab, {
  everyPort: {
    'scan-finds-every-port-open-or-closed': {
      'some-silent': ({ scanned }) => silence(scanned, 22),
      'other-ports-open': [
        ({ scanned }) => openToo(scanned, 81),
        ({ scanned }) => close(scanned, 80),
        ({ scanned }) => openToo(scanned, ...Array.from({ length: 20 }, (_, port) => 1000 + port)),
      ],
      'open-or-closed': ({ scanned }) => scanned.metItself.push(36_880),
      other: ({ scanned }) => void (scanned.closed -= 1),
    },
    'listener-on-another-loopback-address-looks-closed': {
      open: ({ scanned }) => openToo(scanned, 53),
      other: [
        (evidence) => void (evidence.elsewhere = null),
        ({ elsewhere }) => elsewhere && close(elsewhere, 53),
        ({ scanned }) => silence(scanned, 53),
      ],
    },
    'listener-listed-as-three-colons-is-open-over-ipv4': {
      closed: [
        ({ scanned }) => close(scanned, 80),
        ({ listed, scanned }) => {
          listed.printed = []
          close(scanned, 80)
        },
      ],
      other: ({ listed }) => show(listed, []),
    },
    'nmap-gives-the-same-answers': {
      'another-answer': [
        ({ nmap }) => say(nmap, 8080, { state: 'filtered' }),
        ({ nmap }) => say(nmap, 80, { state: 'closed' }),
        ({ nmap }) => sayAll(nmap, 65_535, 80),
      ],
      'the-same': ({ nmap }) => sayAll(nmap, 65_534, 80, 631),
      other: [
        (evidence) => void (evidence.nmap = null),
        ({ nmap }) => nmap && (nmap.exitCode = 1),
        ({ nmap }) => sayAll(nmap, 3, 80, 631),
        ({ nmap }) => nmap && delete nmap.hosts,
      ],
    },
    'service-column-of-nmap-names-the-program': {
      'the-program': ({ nmap }) => say(nmap, 80, { service: 'listener' }),
      'no-name': [({ nmap }) => say(nmap, 80, { service: 'unknown' }), ({ nmap }) => say(nmap, 80, { service: null })],
      other: [
        ({ nmap }) => say(nmap, 80, { state: 'closed' }),
        ({ nmap }) => say(nmap, 80, { service: 'ipp' }),
        ({ client }) => refuse(client),
        (evidence) => void (evidence.nmap = null),
      ],
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('scan-finds-every-port-open-or-closed'))).toEqual({ H9: true })
  expect(claimsIn(answer('listener-on-another-loopback-address-looks-closed'))).toEqual({ H11: true })
  expect(claimsIn(answer('listener-listed-as-three-colons-is-open-over-ipv4'))).toEqual({ H14: true })
  expect(claimsIn(answer('service-column-of-nmap-names-the-program'))).toEqual({ H15: true })
})

test('where another listing is shown, the text names that one', () => {
  const byLsof = answer('listener-listed-as-three-colons-is-open-over-ipv4', ({ listed }) => {
    Object.assign(listed, { source: 'lsof', printed: [] })
  })
  expect(byLsof.seen).toMatch(/^lsof has \[::\]:80/)
})
