/** Lab 05 on changed evidence: every outcome is reached, judged and told. */

import { describe, expect, test } from 'vitest'

import type { Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/05-address-in-use/lab.ts'
import { fail, hold, listen, queue, refuse, serve, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const sharing = 'wildcard-and-specific-listeners-share-a-port'
const beside = 'ipv6-wildcard-listener-starts-beside-an-ipv4-one'
const notLocal = 'listener-starts-on-an-address-that-is-not-local'
const naming = 'listing-names-the-process-that-has-the-address'
const calling = 'error-of-a-refused-listener-names-the-call-listen'
const dialling = 'client-reaches-the-port-of-a-killed-listener'
const listensSecond = 'second-bound-socket-listens-after-the-first'
const killed = 'address-is-free-after-sigkill-ended-its-holder'

const rowOf = ({ pid, program, protocol }: Pick<Started, 'pid' | 'program' | 'protocol'>) => {
  const local = { address: '127.0.0.1', port: 8080 }
  return row({ protocol: protocol ?? 'tcp', local, holders: [{ pid, command: program, fd: 20 }] })
}
const stranger = { pid: 4999, program: 'listener', protocol: 'tcp' } as const
const notAvailable = (program: Started) => fail(program, 'EADDRNOTAVAIL', { errno: -99 })

const answer = await testOutcomes(lab, {
  sameAddress: {
    'tcp-listener-starts-on-an-address-in-use': {
      listening: ({ listener2 }) => listen(listener2),
      EACCES: ({ listener2 }) => fail(listener2, 'EACCES'),
    },
    'udp-socket-is-bound-to-an-address-in-use': {
      bound: ({ receiver2 }) => hold(receiver2),
      other: ({ receiver2 }) => listen(receiver2),
    },
    [calling]: {
      another: ({ listener2 }) => fail(listener2, 'EADDRINUSE', { syscall: 'bind' }),
      other: ({ listener2 }) => listen(listener2),
    },
    [naming]: {
      'the-holders': ({ listener, receiver, listed }) => show(listed, [rowOf(receiver), rowOf(listener)]),
      others: [
        ({ receiver, listed }) => show(listed, [rowOf(stranger), rowOf(receiver)]),
        ({ listener, listed }) => show(listed, [rowOf(listener)]),
        ({ listener, receiver, listed }) => show(listed, [rowOf(listener), rowOf(stranger), rowOf(receiver)]),
      ],
      nobody: [({ listed }) => show(listed, []), ({ listed }) => show(listed, [row()])],
    },
  },
  wildcardAndSpecific: {
    [sharing]: {
      EADDRNOTAVAIL: [
        ({ server4Second }) => notAvailable(server4Second),
        ({ server4Second, server6Second }) => [server4Second, server6Second].forEach(notAvailable),
      ],
      listening: ({ server4Second, server6Second }) => [server4Second, server6Second].forEach((one) => listen(one)),
      'one-order-only': [
        ({ server4Second }) => listen(server4Second),
        ({ server6Second }) => notAvailable(server6Second),
      ],
    },
    [beside]: {
      listening: ({ server7Second }) => listen(server7Second),
      EAFNOSUPPORT: ({ server7Second }) => fail(server7Second, 'EAFNOSUPPORT', { errno: -97 }),
    },
    [notLocal]: {
      allowed: [
        (evidence) => {
          listen(evidence.notLocal)
          evidence.allowed = 'setting'
        },
        (evidence) => {
          listen(evidence.notLocal)
          evidence.allowed = 'own-address'
        },
      ],
      listening: ({ notLocal: started }) => listen(started),
      EADDRINUSE: ({ notLocal: started }) => fail(started, 'EADDRINUSE'),
    },
  },
  onlyBound: {
    'two-sockets-are-bound-to-one-address-while-none-listens': {
      EADDRINUSE: ({ second }) => fail(second, 'EADDRINUSE', { syscall: 'bind' }),
      other: ({ second }) => listen(second),
    },
    'socket-is-bound-to-an-address-where-another-listens': {
      bound: ({ third }) => hold(third),
    },
    [listensSecond]: {
      listening: ({ secondListens }) => listen(secondListens),
      'never-bound': ({ second }) => fail(second, 'EADDRINUSE', { syscall: 'bind' }),
    },
  },
  afterTheEnd: {
    'address-is-free-after-sigterm-ended-its-holder': {
      EADDRINUSE: ({ afterSigterm }) => fail(afterSigterm, 'EADDRINUSE'),
    },
    [dialling]: {
      connected: [({ client }) => queue(client), ({ client }) => serve(client, 'listener')],
      'timed-out': ({ client }) => refuse(client, 'timed-out'),
    },
    [killed]: {
      EADDRINUSE: ({ afterSigkill }) => fail(afterSigkill, 'EADDRINUSE'),
    },
  },
})

describe('the words', () => {
  test("cafe's errno 99 is refuted, and told with the number of this machine", () => {
    const { seen, why } = answer(sharing)
    expect(seen).toContain('EADDRINUSE, errno 98')
    expect(why).toMatch(/cafe.*errno 99.*wrong/)
    expect(answer(notLocal).seen).toContain('EADDRNOTAVAIL, errno 99')
  })

  test('a connection that waits in the queue is told as accepted by nobody', () => {
    expect(answer(dialling, ({ client }) => queue(client)).seen).toBe(
      'The client that dialled 127.0.0.1:8080 was connected, though no program has accepted it.',
    )
  })

  test("the error's fields are told, and a field that Node leaves empty too", () => {
    expect(answer(calling).seen).toContain('code EADDRINUSE, errno -98, syscall listen, address 127.0.0.1, port 8080')
    expect(answer(listensSecond).seen).toContain('syscall listen, no address and no port')
  })
})

describe('claims', () => {
  test('cafe C17, tuple T25 and dialogue Q17 hold; Q17 not while a child holds the socket', () => {
    expect(claimsIn(answer(beside))).toEqual({ C17: true })
    expect(claimsIn(answer(notLocal))).toEqual({ T25: true })
    expect(claimsIn(answer(killed))).toEqual({ Q17: true })
    expect(claimsIn(answer(killed, ({ afterSigkill }) => fail(afterSigkill, 'EADDRINUSE')))).toEqual({ Q17: false })
    expect(claimsIn(answer(dialling))).toEqual({ Q17: true })
    expect(claimsIn(answer(dialling, ({ client }) => queue(client)))).toEqual({ Q17: false })
  })

  test('C10 is judged by server4 after server6, the order of the document, and by no other', () => {
    expect(claimsIn(answer(sharing))).toEqual({ C10: false, C19: true })
    const afterServer6 = claimsIn(answer(sharing, ({ server4Second }) => notAvailable(server4Second)))
    const eitherWay = claimsIn(
      answer(sharing, ({ server4Second, server6Second }) => {
        notAvailable(server4Second)
        listen(server6Second)
      }),
    )
    const otherOrder = claimsIn(answer(sharing, ({ server6Second }) => notAvailable(server6Second)))
    const listening = claimsIn(answer(sharing, ({ server4Second }) => listen(server4Second)))
    expect([afterServer6, eitherWay, otherOrder, listening].map((one) => one['C10'])).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('elsewhere', () => {
  test.each(['darwin', 'win32'])('on %s a specific address stands beside the wildcard address', (os) => {
    const both = answer(
      sharing,
      ({ server4Second, server6Second }) => [server4Second, server6Second].forEach((one) => listen(one)),
      os,
    )
    expect(both.verdict).toBe('pass')
    expect(answer(sharing, undefined, os).verdict).toBe('fail')
  })

  test('no source says what FreeBSD does there: noted', () => {
    expect(answer(sharing, undefined, 'freebsd').verdict).toBe('noted')
  })
})
