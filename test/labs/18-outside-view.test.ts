/** Lab 18 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Ran, Scanned } from '../../harness/domain/observation.ts'
import lab from '../../labs/18-outside-view/lab.ts'
import { closedNotShown, nmapPorts } from '../../labs/18-outside-view/nmap.ts'
import { refuse, show } from './changes.ts'
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

/** nmap prints something else for this port. */
const print = (nmap: Ran | null, port: string, line: string) => {
  if (nmap) nmap.printed = nmap.printed.map((one) => (one.startsWith(`${port}/`) ? line : one))
}

/** What nmap prints when it is asked for all ports: those that are closed are only counted. */
const printAll = (nmap: Ran | null, closed: number, ...open: string[]) => {
  if (nmap) nmap.printed = [`Not shown: ${closed} closed tcp ports (conn-refused)`, 'PORT    STATE SERVICE', ...open]
}

const [WEB, PRINTER] = ['80/tcp  open  http', '631/tcp open  ipp']

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
        ({ nmap }) => print(nmap, '8080', '8080/tcp  filtered http-proxy'),
        ({ nmap }) => print(nmap, '80', '80/tcp closed http'),
        ({ nmap }) => printAll(nmap, 65_535, WEB),
      ],
      'the-same': ({ nmap }) => printAll(nmap, 65_534, WEB, PRINTER),
      other: [
        (evidence) => void (evidence.nmap = null),
        ({ nmap }) => nmap && (nmap.exitCode = 1),
        ({ nmap }) => printAll(nmap, 3, WEB, PRINTER),
      ],
    },
    'service-column-of-nmap-names-the-program': {
      'the-program': ({ nmap }) => print(nmap, '80', '80/tcp open listener'),
      'no-name': ({ nmap }) => print(nmap, '80', '80/tcp open unknown'),
      other: [
        ({ nmap }) => print(nmap, '80', '80/tcp closed http'),
        ({ nmap }) => print(nmap, '80', '80/tcp open ipp'),
        ({ client }) => refuse(client),
        (evidence) => void (evidence.nmap = null),
      ],
    },
  },
})

test('what nmap prints is read, with the ports that it only counts', () => {
  const printed = [
    'PORT STATE SERVICE',
    '68/udp open|filtered dhcpc',
    '9/udp closed',
    'Not shown: 996 closed udp ports',
  ]
  const ran: Ran = { command: 'nmap', exitCode: 0, printed, timedOut: false }
  expect(nmapPorts(ran)).toEqual([
    { port: 68, state: 'open|filtered', service: 'dhcpc' },
    { port: 9, state: 'closed', service: '' },
  ])
  expect(closedNotShown(ran)).toBe(996)
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
