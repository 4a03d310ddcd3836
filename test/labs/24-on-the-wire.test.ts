/** Lab 24 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Said, Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/24-on-the-wire/lab.ts'
import { packetsIn } from '../../labs/24-on-the-wire/packets.ts'
import { fail } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const linesOf = (said: Said) => said.value as string[]

const keep = (said: Said, isKept: (line: string, index: number) => boolean) =>
  Object.assign(said, { value: linesOf(said).filter(isKept) })

const replace = (said: Said, what: string | RegExp, by: string) =>
  Object.assign(said, { value: linesOf(said).map((line) => line.replace(what, by)) })

/** As if one side had said nothing of its end. */
const withoutFinTo = (said: Said, { local }: Started) =>
  keep(said, (line) => !(line.includes(`> 127.0.0.1.${local?.port}:`) && line.includes('[F')))

const answer = await testOutcomes(lab, {
  captured: {
    'connection-begins-with-three-packets': {
      two: ({ connection }) => keep(connection, (_, index) => index !== 2),
      one: ({ connection }) => keep(connection, (_, index) => index !== 1),
      other: [
        ({ connection }) => keep(connection, () => false),
        ({ connection }) => keep(connection, (_, index) => index !== 0),
        ({ client }) => fail(client, 'ECONNREFUSED'),
      ],
    },
    'packet-of-a-connection-carries-both-ports': {
      'the-servers': ({ connection, client }) => replace(connection, `.${client.local?.port} > `, '.4999 > '),
      none: ({ connection }) => replace(connection, /\.\d+ > 127\.0\.0\.1\.\d+:/, ' > 127.0.0.1:'),
      other: [
        ({ connection }) => keep(connection, (_, index) => index < 2),
        ({ connection }) => replace(connection, /\.8080\b/, '.4999'),
      ],
    },
    'each-side-ends-a-connection-with-a-packet-of-its-own': {
      'one-fin': ({ connection, client }) => withoutFinTo(connection, client),
      'a-reset': ({ connection }) => replace(connection, '[F.]', '[R.]'),
      other: ({ connection }) => keep(connection, (line) => !line.includes('[F')),
    },
    'closed-tcp-port-answers-with-a-reset': {
      'syn-ack': ({ refusals }) => replace(refusals, '[R.]', '[S.]'),
      nothing: ({ refusals }) => keep(refusals, (line) => !line.includes('[R.]')),
      other: [
        ({ refusals }) => keep(refusals, () => false),
        ({ refusals }) => replace(refusals, '[R.]', '[P.]'),
        ({ refusals }) => keep(refusals, (line) => !line.includes('[S]')),
      ],
    },
    'closed-udp-port-answers-with-an-icmp-message': {
      nothing: [
        ({ refusals }) => keep(refusals, (line) => !line.includes('ICMP')),
        ({ refusals }) => replace(refusals, 'udp port 8081', 'udp port 9'),
      ],
      other: ({ refusals }) => keep(refusals, (line) => !line.includes('UDP')),
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('connection-begins-with-three-packets'))).toEqual({ T19: true })
})

test('a line of tcpdump is read for its ports and its flags', () => {
  const value = [
    'IP 127.0.0.1.41000 > 127.0.0.1.8080: Flags [S.], seq 1, ack 2, win 3, length 0',
    'IP6 ::1.41000 > ::1.53: 12+ A? example.org. (29)',
    'IP 127.0.0.1 > 127.0.0.1: ICMP 127.0.0.1 udp port 8081 unreachable, length 42',
    'ARP, Request who-has 192.0.2.2 tell 192.0.2.1, length 28',
  ]
  const read = packetsIn({ program: 'capture.py', pid: 1, what: 'packets', value })
  expect(read.map(({ protocol, ports, flags }) => [protocol, ports, flags])).toEqual([
    ['tcp', [41000, 8080], 'S.'],
    ['udp', [41000, 53], ''],
    ['icmp', [], ''],
    [null, [], ''],
  ])
})
