/** Lab 07 on changed evidence: every answer that its checks can read off, and the words for it. */

import { describe, expect, test } from 'vitest'

import type { Listed, Ran } from '../../harness/domain/observation.ts'
import lab from '../../labs/07-open-and-closed/lab.ts'
import { drop, fail, queue, refuse, serve, show } from './changes.ts'
import { row } from './evidence.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const listener = row({ local: { address: '127.0.0.1', port: 8080 } })
const peer = { address: '127.0.0.1', port: 50_123 }
const timeWait = row({ ...listener, state: 'TIME-WAIT', peer })
const closedRow = row({ ...listener, state: 'CLOSED' })

const has = (listed: Listed) => show(listed, [listener])
const hasNone = (listed: Listed) => show(listed, [timeWait])
/** The counters as they stood before: nothing was sent in between. */
const uncounted = (after: Ran, before: Ran) => (after.printed = before.printed)

const answer = await testOutcomes(lab, {
  twoPorts: {
    'only-the-open-port-is-reached': {
      'open-only': ({ open }) => queue(open),
      'closed-only': ({ open, closed }) => (refuse(open), serve(closed, 'closed')),
      both: ({ closed }) => queue(closed),
      neither: [({ open }) => refuse(open), ({ open }) => refuse(open, 'timed-out')],
    },
    'closed-tcp-port-leaves-a-client-without-an-answer': {
      connected: [({ closed }) => queue(closed), ({ closed }) => serve(closed, 'closed')],
      'timed-out': ({ closed }) => refuse(closed, 'timed-out'),
      EHOSTUNREACH: ({ closed }) => refuse(closed, 'EHOSTUNREACH'),
    },
    'closed-udp-port-leaves-a-sender-without-an-answer': {
      received: ({ closedUdp, openUdp }) => Object.assign(closedUdp, { ...openUdp, to: closedUdp.to }),
      silent: ({ closedUdp }) => drop(closedUdp, 'silent'),
      EHOSTUNREACH: ({ closedUdp }) => drop(closedUdp, 'EHOSTUNREACH'),
      other: ({ openUdp }) => drop(openUdp), // nothing works over UDP here: then the refusal says nothing
    },
  },
  packetsSent: {
    'kernel-sends-a-reset-from-a-closed-tcp-port': {
      nothing: ({ before, afterTcp }) => uncounted(afterTcp, before),
      other: [({ client }) => queue(client), ({ afterTcp }) => (afterTcp.printed = [])],
    },
    'kernel-sends-an-icmp-message-from-a-closed-udp-port': {
      nothing: ({ afterTcp, afterUdp }) => uncounted(afterUdp, afterTcp),
      other: [
        ({ datagram }) => drop(datagram, 'silent'),
        ({ afterUdp }) => (afterUdp.printed = ['IcmpMsg: InType3', 'IcmpMsg: 1']),
      ],
    },
  },
  openingAndClosing: {
    'bound-socket-that-does-not-listen-gets-clients': {
      connected: [({ clientBound }) => queue(clientBound), ({ clientBound }) => serve(clientBound, 'bound')],
      'timed-out': ({ clientBound }) => refuse(clientBound, 'timed-out'),
    },
    'listen-opens-the-port-of-a-bound-socket': {
      ECONNREFUSED: ({ clientOpen }) => refuse(clientOpen),
      'timed-out': ({ clientOpen }) => refuse(clientOpen, 'timed-out'),
      other: ({ opened }) => fail(opened, 'EADDRINUSE'),
    },
    'closing-the-listener-closes-its-port': {
      connected: ({ clientClosed }) => queue(clientClosed),
      'timed-out': ({ clientClosed }) => refuse(clientClosed, 'timed-out'),
      other: ({ clientOpen }) => refuse(clientOpen), // it was never open: then it was not closed either
    },
    'listing-has-a-row-for-a-port-that-is-not-open': {
      'only-while-open': ({ rowsBound, rowsClosed }) => (hasNone(rowsBound), hasNone(rowsClosed)),
      'from-bind-on': ({ rowsBound }) => has(rowsBound),
      always: ({ rowsBound, rowsClosed }) => (show(rowsBound, [closedRow]), show(rowsClosed, [closedRow])),
      never: ({ rowsOpen }) => hasNone(rowsOpen),
      other: ({ rowsClosed }) => has(rowsClosed),
    },
  },
  boundInTheWay: {
    'bound-socket-keeps-a-second-one-from-its-port': {
      bound: ({ second }) => (second.value = 'bound'),
      EADDRNOTAVAIL: ({ second }) => (second.value = 'EADDRNOTAVAIL'),
      other: ({ plain }) => fail(plain, 'EADDRINUSE'),
    },
  },
})

describe('claims', () => {
  test('Q3 and Q7 hold', () => {
    expect(claimsIn(answer('only-the-open-port-is-reached'))).toEqual({ Q3: true })
    expect(claimsIn(answer('listen-opens-the-port-of-a-bound-socket'))).toEqual({ Q7: true })
    expect(claimsIn(answer('closing-the-listener-closes-its-port'))).toEqual({ Q7: true })
  })

  test('Q8 does not hold, over TCP nor over UDP; silence would bear it out', () => {
    const overTcp = 'closed-tcp-port-leaves-a-client-without-an-answer'
    const overUdp = 'closed-udp-port-leaves-a-sender-without-an-answer'
    expect([claimsIn(answer(overTcp)), claimsIn(answer(overUdp))]).toEqual([{ Q8: false }, { Q8: false }])
    expect(claimsIn(answer(overTcp, ({ closed }) => refuse(closed, 'timed-out')))).toEqual({ Q8: true })
    expect(claimsIn(answer(overUdp, ({ closedUdp }) => drop(closedUdp, 'silent')))).toEqual({ Q8: true })
    expect(answer(overTcp).why).toMatch(/dialogue says that data for a closed port is ignored. It is not/)
  })

  test('Q13 and Q18 do not hold: a socket that is only bound has no row, and gets no clients', () => {
    expect(claimsIn(answer('listing-has-a-row-for-a-port-that-is-not-open'))).toEqual({ Q13: false, Q18: false })
    expect(claimsIn(answer('bound-socket-that-does-not-listen-gets-clients'))).toEqual({ Q18: false, Q7: true })
  })
})

describe('words', () => {
  test('the counters are told as numbers', () => {
    expect(answer('kernel-sends-a-reset-from-a-closed-tcp-port').seen).toContain('went from 1 to 2.')
    const icmp = answer('kernel-sends-an-icmp-message-from-a-closed-udp-port').seen
    expect(icmp).toContain('had sent no ICMP messages of type 3')
    expect(icmp).toContain('there was 1 such message.')
  })
})
