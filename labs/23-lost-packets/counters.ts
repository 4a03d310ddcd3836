/** Reads counters: the packets that the filter's rules have matched, and what the kernel counts for TCP. */

import type { Listed, Ran, Started } from '../../harness/lab.ts'

/** How many packets this rule has matched; null where the filter has no such rule. */
export function matched({ printed }: Ran, rule: 'tcp dport' | 'tcp sport' | 'udp dport'): number | null {
  const line = printed.find((one) => one.trim().startsWith(rule))
  const [, packets] = /counter packets (\d+)/.exec(line ?? '') ?? []
  return packets === undefined ? null : Number(packets)
}

/** What prints the kernel's counters of TCP: proc_pid_net(5). */
export const TCP_COUNTERS = ['grep', '^Tcp:', '/proc/net/snmp'] as const

/** TCP segments that the kernel has sent again: RFC 1213, tcpRetransSegs. A column that is missing is `NaN`. */
export function sentAgain({ printed }: Ran): number {
  const [names = '', numbers = ''] = printed
  return Number(numbers.split(' ')[names.split(' ').indexOf('RetransSegs')])
}

/** Bytes that the sender's kernel keeps because nobody has acknowledged them; null where the row is gone. */
export function unconfirmed({ rows }: Listed, { local }: Started): number | null {
  return rows.find((row) => row.local.port === local?.port && row.state === 'ESTABLISHED')?.sendQueue ?? null
}
