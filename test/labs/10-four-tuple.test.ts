/** Lab 10 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Listed, Said } from '../../harness/domain/observation.ts'
import lab from '../../labs/10-four-tuple/lab.ts'
import { heardBy } from '../../labs/10-four-tuple/names.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const NOTHING = { address: '0.0.0.0', port: 0 }
const SOMEBODY = { address: '127.0.0.1', port: 50_123 }

/** The program told something else. */
const tell = ({ value }: Said, told: object) => void Object.assign(value as object, told)

const work = (said: Said) => tell(said, { outcome: 'ok', own: SOMEBODY })
const refuse = (said: Said, outcome: string) => tell(said, { outcome, peer: 'ENOTCONN' })

/** Each of the server's connections as the change makes it. */
const hear = (heard: Said, change: object) => {
  for (const one of heardBy(heard)) Object.assign(one, change)
}

const rowsOf = (listed: Listed) => [listed, ...listed.others].flatMap(({ rows }) => rows)

type Life = { rival: Said; again: Said }

const keep = ({ rival, again }: Life) => {
  refuse(rival, 'EADDRINUSE')
  refuse(again, 'EINVAL')
}

const letGo = ({ rival, again }: Life) => {
  tell(rival, { outcome: 'ok' })
  tell(again, { outcome: 'ok' })
}

const answer = await testOutcomes(lab, {
  callByCall: {
    'bind-gives-a-socket-its-own-end': {
      'both-ends': ({ bound }) => tell(bound, { peer: SOMEBODY }),
      nothing: ({ bound }) => tell(bound, { own: NOTHING }),
      other: [({ fresh }) => tell(fresh, { own: SOMEBODY }), ({ bound }) => tell(bound, { own: SOMEBODY })],
    },
    'connect-gives-a-socket-both-ends': {
      'other-end': ({ connected }) => tell(connected, { own: NOTHING }),
      'own-end': ({ connected }) => tell(connected, { peer: 'ENOTCONN' }),
      ECONNREFUSED: ({ connected }) => refuse(connected, 'ECONNREFUSED'),
      other: ({ unbound }) => tell(unbound, { own: SOMEBODY }),
    },
    'accept-gives-the-client-as-peer-to-a-new-socket': {
      'the-listener': ({ listener }) => tell(listener, { peer: SOMEBODY }),
      other: [
        ({ accepted }) => tell(accepted, { peer: { address: '127.0.0.1', port: 1 } }),
        ({ accepted }) => tell(accepted, { own: { address: '127.0.0.1', port: 1 } }),
        ({ listed }) => rowsOf(listed).forEach((row) => Object.assign(row, { peer: SOMEBODY })),
      ],
    },
  },
  fourTuples: {
    'sockets-of-one-port-differ-in-the-peer': {
      'in-the-port': ({ heard }) => hear(heard, { own: SOMEBODY }),
      'in-nothing': ({ heard }) => hear(heard, { peer: SOMEBODY }),
      other: ({ heard }) => hear(heard, { text: '127.0.0.1:1' }),
    },
    'one-four-tuple-can-be-had-twice': {
      connected: ({ again }) => work(again),
      EADDRINUSE: ({ again }) => refuse(again, 'EADDRINUSE'),
      ECONNREFUSED: ({ again }) => refuse(again, 'ECONNREFUSED'),
    },
    'host-name-makes-it-another-connection': {
      connected: ({ againByName }) => work(againByName),
      EADDRINUSE: ({ againByName }) => refuse(againByName, 'EADDRINUSE'),
      other: [
        ({ byName }) => tell(byName, { peer: { address: '127.0.0.2', port: 8080 } }),
        ({ heard }) => heardBy(heard).forEach((one, index) => Object.assign(one, { peer: `ENOTCONN${index}` })),
      ],
    },
    'one-own-end-can-have-two-peers': {
      EADDRNOTAVAIL: ({ elsewhere }) => refuse(elsewhere, 'EADDRNOTAVAIL'),
      EADDRINUSE: ({ elsewhere }) => refuse(elsewhere, 'EADDRINUSE'),
      other: [
        ({ elsewhere }) => tell(elsewhere, { own: SOMEBODY }),
        ({ listed }) => rowsOf(listed).forEach((row) => Object.assign(row, { state: 'TIME-WAIT' })),
      ],
    },
  },
  notConnected: {
    'tcp-socket-sends-and-receives-without-a-connection': {
      both: ({ fresh, listener }) => [fresh, listener].forEach((one) => tell(one, { send: 'ok', receive: 'ok' })),
      'one-of-the-two': ({ fresh }) => tell(fresh, { send: 'ok' }),
    },
    'udp-socket-sends-and-receives-without-a-connection': {
      neither: ({ udp }) => tell(udp, { send: 'EDESTADDRREQ', receive: 'ENOTCONN' }),
      'one-of-the-two': ({ udp }) => tell(udp, { receive: 'EAGAIN' }),
    },
  },
  afterwards: {
    'port-that-a-program-chose-is-free-after-the-connection': {
      free: ({ chosen }) => letGo(chosen),
      other: [
        ({ chosen }) => tell(chosen.rival, { outcome: 'ok' }),
        ({ chosen }) => tell(chosen.again, { outcome: 'ok' }),
        ({ atOnce }) => tell(atOnce, { outcome: 'ok' }),
        ({ later }) => refuse(later, 'EISCONN'),
        ({ later }) => work(later),
      ],
    },
    'port-that-the-system-chose-is-free-after-the-connection': {
      kept: ({ portZero, unbound }) => [portZero, unbound].forEach(keep),
      other: [({ portZero }) => keep(portZero), ({ unbound }) => keep(unbound)],
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('bind-gives-a-socket-its-own-end'))).toEqual({ T1: true, T14: true })
  expect(claimsIn(answer('one-four-tuple-can-be-had-twice'))).toEqual({ T4: true })
  expect(claimsIn(answer('host-name-makes-it-another-connection'))).toEqual({ T24: false })
  expect(claimsIn(answer('udp-socket-sends-and-receives-without-a-connection'))).toEqual({ T23: false })
  expect(claimsIn(answer('port-that-a-program-chose-is-free-after-the-connection'))).toEqual({ T15: false })
  expect(claimsIn(answer('port-that-the-system-chose-is-free-after-the-connection'))).toEqual({ T15: true })
})
