/** Lab 04 on changed evidence: every answer that its checks can read off, and the words for it. */

import { describe, expect, test } from 'vitest'

import lab from '../../labs/04-dual-stack/lab.ts'
import { fail, listen, queue, refuse, serve, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const ipv6Row = row({ local: { address: '::', port: 8080 } })
const ipv4Row = row({ local: { address: '0.0.0.0', port: 8080 } })
const clientRow = row({ local: { address: '::1', port: 8080 }, state: 'ESTABLISHED' })

const answer = await testOutcomes(lab, {
  dualStack: {
    'ipv6-client-reaches-dual-stack-listener': {
      connected: ({ overIPv6 }) => queue(overIPv6),
      ECONNREFUSED: ({ overIPv6 }) => refuse(overIPv6),
      'timed-out': ({ overIPv6 }) => refuse(overIPv6, 'timed-out'),
      EHOSTUNREACH: ({ overIPv6 }) => refuse(overIPv6, 'EHOSTUNREACH'),
    },
    'listing-shows-dual-stack-listener-as-one-ipv6-row': {
      'one-ipv6-row': ({ listed }) => show(listed, [ipv6Row, clientRow]),
      'two-rows': ({ listed }) => show(listed, [ipv6Row, ipv4Row]),
      'one-ipv4-row': ({ listed }) => show(listed, [ipv4Row]),
      other: [({ listed }) => show(listed, [clientRow]), ({ listed }) => show(listed, [ipv6Row, ipv6Row])],
    },
    'ipv4-client-reaches-dual-stack-listener': {
      ECONNREFUSED: ({ overIPv4 }) => refuse(overIPv4),
      'timed-out': ({ overIPv4 }) => refuse(overIPv4, 'timed-out'),
    },
    'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address': {
      ipv4: ({ overIPv4 }) => serve(overIPv4, 'server7'),
      nothing: [({ overIPv4 }) => refuse(overIPv4), ({ overIPv4 }) => queue(overIPv4)],
    },
  },
  ipv4Wildcard: {
    'ipv6-client-reaches-ipv4-wildcard-listener': {
      connected: ({ overIPv6 }) => serve(overIPv6, 'server6'),
      'timed-out': ({ overIPv6 }) => refuse(overIPv6, 'timed-out'),
    },
  },
  bothWildcards: {
    'dual-stack-listener-starts-after-ipv4-wildcard-listener': {
      listening: ({ server7AfterServer6 }) => listen(server7AfterServer6),
    },
    'ipv4-wildcard-listener-starts-after-dual-stack-listener': {
      listening: ({ server6AfterServer7 }) => listen(server6AfterServer7),
      EACCES: ({ server6AfterServer7 }) => fail(server6AfterServer7, 'EACCES'),
    },
  },
  ipv6Only: {
    'ipv6only-listener-refuses-ipv4': {
      connected: ({ overIPv4ToServer8 }) => serve(overIPv4ToServer8, 'server8'),
      'timed-out': ({ overIPv4ToServer8 }) => refuse(overIPv4ToServer8, 'timed-out'),
    },
    'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side': {
      EADDRINUSE: [
        ({ server6AfterServer8 }) => fail(server6AfterServer8, 'EADDRINUSE'),
        ({ server8AfterServer6 }) => fail(server8AfterServer6, 'EADDRINUSE'),
      ],
      EAFNOSUPPORT: ({ server8AfterServer6 }) => fail(server8AfterServer6, 'EAFNOSUPPORT'),
    },
    'listing-shows-both-listeners-as-two-rows': {
      'one-ipv6-row': ({ listed }) => show(listed, [ipv6Row]),
      'one-ipv4-row': ({ listed }) => show(listed, [ipv4Row]),
      other: ({ listed }) => show(listed, []),
    },
    'each-listener-serves-its-own-family': {
      crossed: ({ overIPv4 }) => serve(overIPv4, 'server8'),
      'one-refused': [
        ({ overIPv6 }) => refuse(overIPv6),
        ({ overIPv6, overIPv4 }) => {
          refuse(overIPv6)
          refuse(overIPv4, 'timed-out')
        },
      ],
      other: ({ overIPv6 }) => queue(overIPv6),
    },
  },
})

const overIPv4 = 'ipv4-client-reaches-dual-stack-listener'
const mapped = 'dual-stack-listener-sees-ipv4-client-as-ipv4-mapped-address'
const oneRow = 'listing-shows-dual-stack-listener-as-one-ipv6-row'
const twoRows = 'listing-shows-both-listeners-as-two-rows'

describe('other systems', () => {
  test.each([
    ['openbsd', overIPv4, 'fail'],
    ['openbsd', mapped, 'fail'],
    ['darwin', 'ipv4-wildcard-listener-starts-after-dual-stack-listener', 'fail'],
    ['freebsd', 'ipv4-wildcard-listener-starts-after-dual-stack-listener', 'noted'],
    ['freebsd', overIPv4, 'pass'],
    ['win32', overIPv4, 'pass'],
    ['win32', 'ipv4-wildcard-listener-starts-after-dual-stack-listener', 'fail'],
  ] as const)('on %s, check %s, the answer of Linux is: %s', (os, check, verdict) => {
    expect(answer(check, undefined, os).verdict).toBe(verdict)
  })

  test.each([overIPv4, mapped] as const)('OpenBSD is right where it refuses IPv4 on ::: %s', (check) => {
    expect(answer(check, (evidence) => refuse(evidence.overIPv4), 'openbsd').verdict).toBe('pass')
  })
})

describe('the words', () => {
  test('what was seen names the addresses and the programs of the evidence', () => {
    expect(answer('ipv6-client-reaches-dual-stack-listener').seen).toMatch(
      /^server7 \(process \d+\) accepted the client at \[::1\]:\d+\.$/,
    )
    expect(answer(mapped).seen).toContain('::ffff:127.0.0.1')
    expect(answer('ipv6-client-reaches-ipv4-wildcard-listener').seen).toContain('[::1]:8080 was refused')
    expect(answer('dual-stack-listener-starts-after-ipv4-wildcard-listener').seen).toContain('EADDRINUSE')
    expect(answer('each-listener-serves-its-own-family').seen).toContain('server6 answered 127.0.0.1')
  })

  test('a connection that no program accepted is told as one', () => {
    const { seen } = answer('ipv6-client-reaches-dual-stack-listener', ({ overIPv6 }) => queue(overIPv6))
    expect(seen).toBe('The client that dialled [::1]:8080 was connected, though no program has accepted it.')
  })

  test.each([
    ['lsof', 'In lsof there is one row, and its family is IPv6.'],
    ['proc', "In the kernel's tables there is one row, and its family is IPv6."],
  ] as const)('the listing %s is named as in a sentence', (source, seen) => {
    expect(answer(oneRow, ({ listed }) => Object.assign(listed, { source })).seen).toBe(seen)
  })
})

describe('claims', () => {
  test('C15 and H14 hold where the IPv4 client is connected, and not where it is refused', () => {
    expect(claimsIn(answer(overIPv4))).toEqual({ C15: true, C19: true, H14: true })
    expect(claimsIn(answer(overIPv4, (evidence) => refuse(evidence.overIPv4)))).toEqual({
      C15: false,
      C19: false,
      H14: false,
    })
  })

  test('H14 does not hold where server8, which is listed as :::8080 too, refuses IPv4', () => {
    const refuses = 'ipv6only-listener-refuses-ipv4'
    expect(claimsIn(answer(refuses))).toEqual({ H14: false })
    expect(claimsIn(answer(refuses, ({ overIPv4ToServer8 }) => serve(overIPv4ToServer8, 'server8')))).toEqual({
      H14: true,
    })
  })

  test.each([
    [oneRow, 'C14'],
    [twoRows, 'C18'],
  ] as const)('%s: what %s says of lsof is tested by lsof only', (check, claim) => {
    expect(claimsIn(answer(check))).toEqual({ [claim]: true })
    expect(claimsIn(answer(check, ({ listed }) => Object.assign(listed, { source: 'ss' })))).toEqual({ [claim]: null })
  })

  test('what the documents say is quoted with the name of the document', () => {
    for (const { document, says } of answer(overIPv4).claims) {
      expect(`${document}: ${says}`).toMatch(/^(cafe|harbour): .{10}/)
    }
  })
})
