/** Lab 19 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Listed, Scanned } from '../../harness/domain/observation.ts'
import lab from '../../labs/19-udp-scan/lab.ts'
import { drop, say, show } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

/** One port gives another answer than it did. */
const turn = (scans: Scanned | Scanned[], port: number, to: 'open' | 'closed' | 'silent') => {
  const scanned = [scans].flat().find((one) => one.from <= port && port <= one.to)
  if (!scanned) throw new Error(`port ${port} was not asked`)
  const was = [...scanned.open, ...scanned.silent].includes(port)
  scanned.open = scanned.open.filter((one) => one !== port)
  scanned.silent = scanned.silent.filter((one) => one !== port)
  if (to !== 'closed') scanned[to] = [...scanned[to], port].sort((a, b) => a - b)
  scanned.closed += Number(was) - Number(to !== 'closed')
}

/** From so many of the ports nothing comes. */
const hush = (scans: Scanned | Scanned[], closed: number) => {
  for (const scanned of [scans].flat()) hushOne(scanned, closed)
}

const hushOne = (scanned: Scanned, closed: number) => {
  const asked = scanned.to - scanned.from + 1 - scanned.open.length
  scanned.closed = closed
  scanned.silent = Array.from({ length: asked - closed }, (_, index) => scanned.from + index)
}

const setDevice = (listed: Listed, device: string | null, of: 'shown' | 'others') => {
  for (const { rows } of of === 'shown' ? [listed] : listed.others) for (const row of rows) row.device = device
}

const answer = await testOutcomes(lab, {
  everyPort: {
    'udp-scan-over-loopback-tells-closed-open-and-silent-ports': {
      'few-answers': ({ scanned }) => hush(scanned, 300),
      'other-ports': [
        ({ scanned }) => turn(scanned, 53, 'open'),
        ({ scanned }) => turn(scanned, 60_008, 'closed'),
        ({ scanned }) => turn(scanned, 22, 'silent'),
      ],
      other: ({ scanned }) => void (scanned[1] && (scanned[1].closed -= 1)),
    },
    'udp-server-that-never-answers-is-found-by-the-scan': {
      open: ({ scanned }) => turn(scanned, 60_008, 'open'),
      closed: ({ scanned }) => turn(scanned, 60_008, 'closed'),
    },
    'udp-socket-on-another-loopback-address-is-found-by-the-scan': {
      open: ({ scanned }) => turn(scanned, 53, 'open'),
      other: [
        ({ elsewhere }) => elsewhere && drop(elsewhere),
        (evidence) => void (evidence.elsewhere = null),
        ({ scanned }) => turn(scanned, 53, 'silent'),
      ],
    },
    'udp-and-tcp-listed-as-three-colons-answer-alike-over-ipv4': {
      both: ({ scanned }) => turn(scanned, 38_367, 'open'),
      neither: ({ tcp }) => turn(tcp, 80, 'closed'),
      other: [
        ({ listed }) => show(listed, []),
        ({ overIPv6 }) => overIPv6 && drop(overIPv6, 'silent'),
        ({ scanned }) => turn(scanned, 38_367, 'silent'),
      ],
    },
    'nmap-tells-the-same-of-udp-ports': {
      'another-answer': [
        ({ nmap }) => say(nmap, 53, { state: 'open' }),
        ({ nmap }) => say(nmap, 60_008, { state: 'open' }),
      ],
      other: [
        (evidence) => void (evidence.nmap = null),
        ({ nmap }) => nmap && (nmap.exitCode = 1),
        ({ nmap }) => nmap && (nmap.hosts = []), // without root's rights nmap asks nothing
      ],
    },
  },
  aWire: {
    'udp-socket-bound-to-a-device-is-found-over-loopback': {
      open: ({ overLoopback }) => turn(overLoopback, 37_000, 'open'),
      other: [
        ({ overLoopback }) => turn(overLoopback, 37_000, 'silent'),
        ({ heard }) => void (heard.value = { text: 'scan of port 37000' }),
      ],
    },
    'listing-shows-the-device-of-a-udp-socket': {
      'every-listing': ({ listed }) => setDevice(listed, 'veth0', 'others'),
      none: ({ listed }) => setDevice(listed, null, 'shown'),
      other: ({ listed }) => show(listed, []),
    },
    'closed-udp-ports-of-a-second-host-all-answer': {
      most: [({ there }) => there && hush(there, 300), ({ there }) => there && hush(there, 200)],
      none: ({ there }) => there && hush(there, 0),
      other: [
        ({ here }) => hush(here, 6),
        ({ there }) => there && turn(there, 1000, 'open'),
        ({ there }) => there && (there.closed = 300),
        (evidence) => void (evidence.there = null),
      ],
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('udp-scan-over-loopback-tells-closed-open-and-silent-ports'))).toEqual({
    H12: true,
    H13: false,
  })
  expect(claimsIn(answer('udp-and-tcp-listed-as-three-colons-answer-alike-over-ipv4'))).toEqual({ H17: true })
  expect(claimsIn(answer('udp-socket-bound-to-a-device-is-found-over-loopback'))).toEqual({ H16: true })
  expect(claimsIn(answer('closed-udp-ports-of-a-second-host-all-answer'))).toEqual({ H13: true })
})
