/** Reads the kernel's counters of packets sent, as /proc/net/snmp prints them (proc_pid_net(5)). */

import type { Ran } from '../../harness/lab.ts'

/** The counters that this lab looks at: two lines each, one of names and one of numbers. */
export const COUNTERS = ['grep', '-E', '^(Tcp|IcmpMsg):', '/proc/net/snmp'] as const

/** TCP segments sent with RST: RFC 1213, tcpOutRsts. */
export function resetsSent(counted: Ran): number {
  return counter(counted, 'Tcp', 'OutRsts')
}

/** ICMP messages sent of type 3, destination unreachable. The kernel prints no line before the first ICMP message. */
export function unreachablesSent(counted: Ran): number {
  return counted.printed.some((line) => line.startsWith('IcmpMsg: ')) ? counter(counted, 'IcmpMsg', 'OutType3') : 0
}

/** A column that is missing is `NaN`, which equals no number. */
function counter({ printed }: Ran, group: string, name: string): number {
  const [names = '', numbers = ''] = printed.filter((line) => line.startsWith(`${group}: `))
  return Number(numbers.split(' ')[names.split(' ').indexOf(name)])
}
