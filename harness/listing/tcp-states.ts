/** The names that tools give to TCP states, brought to those of RFC 9293. */

import { TCP_STATES } from '../domain/socket-row.ts'
import type { TcpState } from '../domain/socket-row.ts'

/** Spellings that differ by more than `_` for `-`: ss, net-tools and lsof on Linux, lsof on macOS and the BSDs. */
const OTHER_SPELLINGS: ReadonlyMap<string, TcpState> = new Map([
  ['ESTAB', 'ESTABLISHED'],
  ['UNCONN', 'CLOSED'],
  ['CLOSE', 'CLOSED'],
  ['SYN-RECV', 'SYN-RECEIVED'],
  ['SYN-RCVD', 'SYN-RECEIVED'],
  ['FIN-WAIT1', 'FIN-WAIT-1'],
  ['FIN-WAIT2', 'FIN-WAIT-2'],
  ['NEW-SYN-RECV', 'NEW-SYN-RECEIVED'],
])

/** The state that a tool means, or `null` where the word is none. */
export function readTcpState(printed: string): TcpState | null {
  const word = printed.replaceAll('_', '-')
  return TCP_STATES.find((state) => state === word) ?? OTHER_SPELLINGS.get(word) ?? null
}

/** The state behind the number in the kernel's tables: 1 is ESTABLISHED (Linux, include/net/tcp_states.h). */
export function tcpStateOfNumber(number: number): TcpState | null {
  return TCP_STATES[number - 1] ?? null
}
