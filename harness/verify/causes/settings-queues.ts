/** Settings of the kernel on which it depends how many connections wait, and what becomes of one too many. */

import type { KnownCause } from './known-cause.ts'
import { firstFound, settingWhere } from './known-cause.ts'
import { allOf, anyOf, asksAbout, failed, isLoopback, refused, unanswered } from './symptoms.ts'

const SYSCTL = "the kernel's ip-sysctl.rst"
const SETTING = { kind: 'setting', ground: 'fits', reach: 'machine-network' } as const

/** The backlog for which Node asks where a program says nothing. */
const NODES_BACKLOG = 511

/** A few clients at once fill such a queue. */
const HARDLY_ANY = 16

const CAP = {
  explains:
    'listen(2) cuts the backlog to that number in silence. Once as many connections wait to be accepted, Linux drops what would complete another one, and its client waits.',
  remedy: 'sysctl -w net.core.somaxconn=4096',
  source: "listen(2); the kernel's net.rst, somaxconn",
} as const

function cappedBelow(most: number): KnownCause['found'] {
  return firstFound(
    settingWhere('net.core.somaxconn', (value) => value < most),
    settingWhere('kern.ipc.somaxconn', (value) => value < most),
    settingWhere('kern.ipc.soacceptqueue', (value) => value < most),
  )
}

const ABOUT_QUEUES = allOf(failed, asksAbout(/backlog|queue|wait-/))

export const QUEUE_SETTINGS: readonly KnownCause[] = [
  {
    ...SETTING,
    id: 'backlog-is-capped',
    symptom: ABOUT_QUEUES,
    found: cappedBelow(NODES_BACKLOG),
    ...CAP,
  },
  {
    ...SETTING,
    id: 'hardly-any-backlog',
    // Of a datagram no queue of connections can be the cause.
    symptom: refused(['timed-out', 'ETIMEDOUT'], { call: 'connect' }),
    found: cappedBelow(HARDLY_ANY),
    ...CAP,
  },
  {
    ...SETTING,
    id: 'overflow-resets',
    symptom: anyOf(
      ABOUT_QUEUES,
      refused(['ECONNRESET', 'ECONNREFUSED'], { call: 'connect', at: ({ address }) => isLoopback(address) }),
    ),
    found: settingWhere('net.ipv4.tcp_abort_on_overflow', (value) => value === 1),
    explains:
      'A connection that finds the accept queue full is then reset. Otherwise its client would wait and try again.',
    remedy: 'sysctl -w net.ipv4.tcp_abort_on_overflow=0',
    source: `${SYSCTL}, tcp_abort_on_overflow`,
  },
  {
    ...SETTING,
    id: 'few-half-open-connections',
    symptom: unanswered,
    found: (machine, surprise) => {
      const cookies = settingWhere('net.ipv4.tcp_syncookies', (value) => value === 0)(machine, surprise)
      const backlog = settingWhere('net.ipv4.tcp_max_syn_backlog', (value) => value < 128)(machine, surprise)
      return cookies === null || backlog === null ? null : `${backlog} and ${cookies}`
    },
    explains: 'Without SYN cookies, a SYN that finds that many handshakes under way gets no answer.',
    remedy: 'sysctl -w net.ipv4.tcp_syncookies=1',
    source: `${SYSCTL}, tcp_max_syn_backlog and tcp_syncookies; tcp(7)`,
  },
  {
    ...SETTING,
    id: 'few-orphans',
    symptom: anyOf(allOf(failed, asksAbout(/time-wait/)), refused(['ECONNRESET'], { call: 'connect' })),
    found: settingWhere('net.ipv4.tcp_max_orphans', (value) => value < 100),
    explains: 'Connections that no process holds any more are reset at once when there are more than that.',
    remedy: 'Raise net.ipv4.tcp_max_orphans.',
    source: `${SYSCTL}, tcp_max_orphans`,
  },
]
