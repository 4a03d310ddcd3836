/** Lab 03 on changed evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Connected } from '../../harness/domain/observation.ts'
import lab from '../../labs/03-loopback-addresses/lab.ts'
import { fail, listen, refuse, serve, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const ownListener = 'client-reaches-listener-on-the-address-that-it-dials'
const ownAddress = 'client-takes-the-loopback-address-that-it-dials'
const lastAddress = 'last-loopback-address-can-be-dialled'

const rowOn = (address: string, pid = 51) =>
  row({ local: { address, port: 8080 }, holders: [{ pid, command: 'tcp-and-udp', fd: 20 }] })

/** accept reported this address for the client. */
const comeFrom = ({ seenByServer }: Connected, address: string) => {
  if (seenByServer) seenByServer.peer.address = address
}

const answer = await testOutcomes(lab, {
  twoAddresses: {
    'listeners-on-two-loopback-addresses-share-a-port': {
      EADDRINUSE: ({ server5 }) => fail(server5, 'EADDRINUSE'),
      EADDRNOTAVAIL: ({ server5 }) => fail(server5, 'EADDRNOTAVAIL'),
    },
    'listing-shows-each-listener-with-its-own-address': {
      'one-address': ({ listed }) => show(listed, [rowOn('0.0.0.0')]),
      'no-row': ({ listed }) => show(listed, []),
      other: ({ listed }) =>
        show(
          listed,
          ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((one) => rowOn(one)),
        ),
    },
    'client-reaches-loopback-address-without-listener': {
      connected: ({ to4 }) => serve(to4, 'server4'),
      'timed-out': ({ to4 }) => refuse(to4, 'timed-out'),
    },
    [ownListener]: {
      crossed: ({ to2, to3 }) => {
        serve(to2, 'server5')
        serve(to3, 'server4')
      },
      'not-both-connected': [({ to3 }) => refuse(to3), ({ to2 }) => refuse(to2, 'timed-out')],
    },
    [ownAddress]: {
      'the-dialled-address': ({ to2, to3 }) => {
        comeFrom(to2, '127.0.0.2')
        comeFrom(to3, '127.0.0.3')
      },
      'not-both-connected': ({ to2 }) => refuse(to2),
      other: ({ to3 }) => comeFrom(to3, '192.0.2.2'),
    },
  },
  sameAddressTwice: {
    'second-listener-starts-on-the-same-loopback-address': {
      listening: ({ second }) => listen(second),
    },
  },
  wholeBlock: {
    'sampled-loopback-addresses-work-without-being-configured': {
      some: ({ sampled }) => sampled.slice(2, 3).forEach((one) => refuse(one)),
      none: ({ sampled }) => sampled.forEach((one) => refuse(one)),
      EADDRNOTAVAIL: ({ server }) => fail(server, 'EADDRNOTAVAIL'),
    },
    'one-process-holds-a-socket-for-each-address': {
      'several-processes': ({ listed, sampled }) =>
        show(
          listed,
          sampled.map(({ to }, index) => rowOn(to.address, index)),
        ),
      'not-all': [
        ({ listed }) => show(listed, [rowOn('127.0.0.1')]),
        ({ listed, sampled }) =>
          show(
            listed,
            sampled.slice(1).map(({ to }) => rowOn(to.address)),
          ),
      ],
      other: ({ listed, sampled }) =>
        show(
          listed,
          sampled.map(({ to }) => row({ local: to })),
        ),
    },
    [lastAddress]: {
      connected: ({ toLast }) => serve(toLast, 'tcp-and-udp'),
      ECONNREFUSED: ({ toLast }) => refuse(toLast),
      'timed-out': ({ toLast }) => refuse(toLast, 'timed-out'),
      EACCES: ({ last }) => fail(last, 'EACCES'),
    },
  },
})

describe('claims', () => {
  test('what cafe says of the whole block is answered once, by its last address', () => {
    expect(claimsIn(answer('sampled-loopback-addresses-work-without-being-configured'))).toEqual({})
    expect(claimsIn(answer(lastAddress))).toEqual({ C12: false })
  })

  test('what harbour says of ports is left to lab 01', () => {
    expect(claimsIn(answer('listing-shows-each-listener-with-its-own-address'))).toEqual({})
    expect(claimsIn(answer(ownListener))).toEqual({ C9: true })
  })
})

test.each(['listeners-on-two-loopback-addresses-share-a-port', ownListener] as const)(
  'macOS, where only some of the addresses were added, is noted and not failed: %s',
  (check) => {
    const onlyOne = answer(
      check,
      ({ server5, to3 }) => {
        fail(server5, 'EADDRNOTAVAIL')
        refuse(to3)
      },
      'darwin',
    )
    expect(onlyOne.verdict).toBe('noted')
  },
)
