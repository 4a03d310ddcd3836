/** Reads the lines of tcpdump: from which port to which port, and the flags of TCP. */

import type { Said } from '../../harness/lab.ts'

export type Packet = { line: string; protocol: 'tcp' | 'udp' | 'icmp' | null; ports: number[]; flags: string }

/** `IP 127.0.0.1.41000 > 127.0.0.1.8080: Flags [S.], seq 1, ...`: the port stands after the last dot. */
export function packetsIn({ value }: Said): Packet[] {
  return (value as string[]).map((line) => {
    const [, from, to, rest = ''] =
      /^IP6? \S+?(?:\.(\d+))? > \S+?(?:\.(\d+))?: (.*)$/.exec(withoutAddresses(line)) ?? []
    const flags = /^Flags \[([^\]]*)\]/.exec(rest)?.[1] ?? ''
    const ports = [from, to].filter((port) => port !== undefined).map(Number)
    // What tcpdump says of a datagram depends on its ports: for some of them it names a protocol above UDP.
    const protocol = flags !== '' ? 'tcp' : rest.startsWith('ICMP') ? 'icmp' : ports.length === 2 ? 'udp' : null
    return { line, protocol, ports, flags }
  })
}

/** An IPv4 address has dots too: without them only the one before the port is left. */
function withoutAddresses(line: string): string {
  return line.replace(/\b(\d+)\.(\d+)\.(\d+)\.(\d+)/g, '$1-$2-$3-$4')
}

/** The TCP packets to and from a port, in the order in which they were seen. */
export const withPort = (packets: readonly Packet[], port: number) =>
  packets.filter(({ protocol, ports }) => protocol === 'tcp' && ports.includes(port))

/** Packets that carry all these flags. */
export const flagged = (packets: readonly Packet[], flags: string) =>
  packets.filter((packet) => [...flags].every((flag) => packet.flags.includes(flag)))

/** The ICMP messages that say of this UDP port that it is unreachable. */
export const unreachable = (packets: readonly Packet[], port: number) =>
  packets.filter(({ protocol, line }) => protocol === 'icmp' && line.includes(`udp port ${port} unreachable`))
