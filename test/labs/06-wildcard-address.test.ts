/** Lab 06 on changed evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Ran, Said } from '../../harness/domain/observation.ts'
import lab from '../../labs/06-wildcard-address/lab.ts'
import { fail, listen, queue, refuse, serve } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const errno = 'refusal-beside-a-wildcard-listener-has-errno-99'
const reaches = 'client-of-127-0-0-2-reaches-a-wildcard-listener'
const hundreds = 'wildcard-listener-takes-hundreds-of-loopback-addresses'
const table = 'routing-table-has-a-line-for-each-loopback-address'
const interfaces = 'wildcard-listener-is-reached-through-every-interface'
const eightZeros = 'eight-zeros-are-the-address-that-is-written-as-two-colons'
const ipv6Loopback = 'client-of-the-ipv6-loopback-address-comes-from-that-address'
const families = 'each-wildcard-address-takes-its-own-family-only'
const late = 'ipv6only-can-be-set-after-bind'

/** So many of the sample were connected, and the server counted as many and the sampler's own. */
const connected = ({ sampled, counted }: { sampled: Said; counted: Said }, count: number) => {
  const before = sampled.value as { dialled: number }
  sampled.value = { ...before, outcomes: { connected: count, ECONNREFUSED: before.dialled - count } }
  counted.value = { clients: count + 1, addresses: count + 1 }
}

/** `ip` is a tool that the machine of the recording may lack. */
const print = (evidence: { routes: Ran | null }, printed: string[]) => {
  evidence.routes = { command: 'ip route show table local', exitCode: 0, timedOut: false, printed }
}

const answer = await testOutcomes(lab, {
  document: {
    [errno]: {
      'errno-99': ({ server4 }) => fail(server4, 'EADDRNOTAVAIL', { errno: -99 }),
      'it-listens': ({ server4 }) => listen(server4),
      other: ({ server4 }) => fail(server4, 'EACCES', { errno: -13 }),
    },
    [reaches]: {
      server4: ({ client }) => serve(client, 'server4'),
      ECONNREFUSED: ({ client }) => refuse(client),
      'timed-out': ({ client }) => refuse(client, 'timed-out'),
      other: ({ client }) => queue(client),
    },
    'accepted-socket-has-the-address-that-the-client-dialled': {
      'another-address': ({ client: { seenByServer } }) =>
        Object.assign(seenByServer?.local ?? {}, { address: '0.0.0.0' }),
      'not-accepted': [({ client }) => refuse(client), ({ client }) => queue(client)],
    },
  },
  wholeBlock: {
    [hundreds]: {
      some: (evidence) => connected(evidence, 200),
      none: (evidence) => connected(evidence, 0),
      other: [
        ({ counted }) => (counted.value = { clients: 301, addresses: 1 }),
        ({ counted }) => (counted.value = { clients: 200, addresses: 301 }),
        ({ sampled }) =>
          (sampled.value = { dialled: 1, first: '127.0.0.6', last: '127.0.0.6', outcomes: { connected: 1 } }),
      ],
    },
    [table]: {
      'one-for-the-block': (evidence) => print(evidence, ['local 127.0.0.0/8 dev lo proto kernel scope host']),
      'one-for-each': (evidence) => {
        const { dialled } = evidence.sampled.value as { dialled: number }
        print(
          evidence,
          Array.from({ length: dialled }, (_, index) => `local 127.1.${index >> 8}.${index & 255} dev lo scope host`),
        )
      },
      'addresses-do-not-work': (evidence) => {
        print(evidence, ['local 127.0.0.0/8 dev lo proto kernel scope host'])
        connected(evidence, 0)
      },
      other: (evidence) =>
        print(evidence, ['local 127.0.0.1 dev lo proto kernel scope host', 'broadcast 127.255.255.255']),
    },
  },
  anotherHost: {
    [interfaces]: {
      'loopback-only': ({ overWire }) => fail(overWire, 'ECONNREFUSED'),
      'wire-only': ({ overLoopback }) => refuse(overLoopback),
      neither: ({ overWire, overLoopback }) => {
        fail(overWire, 'ECONNREFUSED')
        refuse(overLoopback)
      },
    },
  },
  ofIPv6: {
    [eightZeros]: {
      'another-address': [
        ({ eightZeros: started }) => listen(started, '127.0.0.1'),
        ({ eightZeros: started }) => fail(started, 'EAFNOSUPPORT'),
      ],
    },
    [ipv6Loopback]: {
      'from-another': ({ v6ToV6: { seenByServer } }) =>
        Object.assign(seenByServer?.peer ?? {}, { address: '2001:db8::1' }),
      'not-accepted': ({ v6ToV6 }) => refuse(v6ToV6),
    },
    [families]: {
      'its-own-family': ({ v4ToV6 }) => refuse(v4ToV6),
      'both-take-both': ({ v6ToV4 }) => serve(v6ToV4, 'listener'),
      other: [
        ({ v6ToV6 }) => refuse(v6ToV6),
        ({ v4ToV6, v6ToV4 }) => {
          refuse(v4ToV6)
          serve(v6ToV4, 'listener')
        },
        ({ v6ToV4 }) => refuse(v6ToV4, 'timed-out'),
      ],
    },
  },
  lateOption: {
    [late]: {
      'no-effect': (evidence) => (evidence.late.value = 'accepted'),
      set: (evidence) => {
        evidence.late.value = 'accepted'
        refuse(evidence.overIPv4)
      },
      other: [({ overIPv4 }) => refuse(overIPv4), (evidence) => (evidence.late.value = 'EPERM')],
    },
  },
})

describe('claims', () => {
  test('cafe prints the wrong number, which C10 is, and is right that 127.0.0.2 reaches server6', () => {
    expect(claimsIn(answer(errno))).toEqual({ C10: false })
    expect(claimsIn(answer(errno, ({ server4 }) => fail(server4, 'EADDRNOTAVAIL', { errno: -99 })))).toEqual({
      C10: true,
    })
    expect(answer(errno).why).toMatch(/cafe prints .* errno 99 here\. That is wrong for Linux\./)
    expect(claimsIn(answer(reaches))).toEqual({ C11: true })
  })

  test('there is no table of the addresses, and hundreds of them work', () => {
    expect(claimsIn(answer(hundreds))).toEqual({ C12: true })
    expect(claimsIn(answer(table))).toEqual({ C12: true })
    expect(claimsIn(answer(hundreds, (evidence) => connected(evidence, 299)))).toEqual({ C12: false })
  })

  test('dialogue is right about all interfaces', () => {
    expect(claimsIn(answer(interfaces))).toEqual({ Q9: true })
  })

  test(':: is eight zeros and ::1 its loopback, and yet :: is more than the 0.0.0.0 of IPv6', () => {
    expect([eightZeros, ipv6Loopback, families].map((check) => claimsIn(answer(check as typeof families)))).toEqual([
      { C21: true },
      { C21: true },
      { C21: false },
    ])
  })

  test('the option must come before bind, also where it comes too late in silence', () => {
    expect(claimsIn(answer(late))).toEqual({ C20: true })
    expect(claimsIn(answer(late, (evidence) => (evidence.late.value = 'accepted')))).toEqual({ C20: true })
  })
})

test('OpenBSD is right where each wildcard address takes its own family', () => {
  expect(answer(families, ({ v4ToV6 }) => refuse(v4ToV6), 'openbsd').verdict).toBe('pass')
  expect(answer(families, undefined, 'openbsd').verdict).toBe('fail')
})

test('of a sample that does not answer whole, the rest is told', () => {
  expect(answer(hundreds, (evidence) => connected(evidence, 200)).seen).toContain(
    '200 answered. What became of the others: ECONNREFUSED 100 times.',
  )
})
