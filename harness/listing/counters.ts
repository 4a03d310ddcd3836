/**
 * What the kernel counts for a network, proc_pid_net(5): in /proc/net/snmp and /proc/net/netstat stand a line of names and
 * one of numbers for each protocol. In a network of its own nobody else adds to them.
 */

import { readFileSync } from 'node:fs'

/** 0 where this kernel does not count it. */
export function readCounter(file: 'snmp' | 'netstat', protocol: string, name: string): number {
  const lines = readFileSync(`/proc/net/${file}`, 'latin1').split('\n')
  const [names, values] = lines.filter((line) => line.startsWith(`${protocol}:`)).map((line) => line.split(' '))
  return Number(values?.[names?.indexOf(name) ?? -1] ?? 0)
}
