/** Reads the kernel's counters of packets for each network device, /proc/net/dev: proc_pid_net(5). */

import type { Ran, Said } from '../../harness/lab.ts'
import { dialledOf } from './dialled.ts'

/** How often each destination is dialled: enough that nothing else in the network counts as much. */
export const TIMES = 20

/** For each connection its client sends two packets at the least, the SYN and the ACK of the handshake. */
const LEAST = 2 * TIMES

/** Packets that the device has sent: the second number after the eight of what it received. */
export function packetsSent({ printed }: Ran, device: string): number {
  const line = printed.find((one) => one.trim().startsWith(`${device}:`)) ?? ''
  return Number(line.replace(/^.*:/, '').trim().split(/ +/)[9])
}

/** The device that carried these connections, by what its counter grew meanwhile. */
export function carrier(before: Ran, after: Ran, wire: string, said: Said): 'lo' | 'wire' | 'both' | 'other' {
  if (dialledOf(said).connected !== TIMES) return 'other'
  const [lo, other] = ['lo', wire].map((device) => packetsSent(after, device) - packetsSent(before, device) >= LEAST)
  return lo ? (other ? 'both' : 'lo') : other ? 'wire' : 'other'
}
