/**
 * Asks every port of a range from outside, over TCP or UDP. Each ends as open, closed or silent; a scan that cannot say
 * so of each port is none.
 */

import type { Protocol } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Scanned } from '../domain/observation.ts'
import type { Asker, Ending, Hear } from './scan-course.ts'
import { runScan } from './scan-course.ts'
import { socketsAllowed } from './scan-files.ts'
import { loadLibc } from './scan-libc.ts'
import { createLibcTcpAsker } from './scan-libc-tcp.ts'
import { createLibcUdpAsker } from './scan-libc-udp.ts'
import { createNodeTcpAsker } from './scan-node-tcp.ts'
import { createNodeUdpAsker } from './scan-node-udp.ts'

export type PortRange = { from: number; to: number }

export const ALL_PORTS: PortRange = { from: 0, to: 65_535 }

export type ScanOptions = {
  /** Ends the scan; its reason is what the promise rejects with. */
  signal: AbortSignal
  /** How long nothing must come where the retransmission of a SYN cannot be seen. Half-way a datagram is sent again. */
  silenceMs: number
  onProgress?: (done: number, total: number) => void
  /** Whose sockets: the C library's where it can be called, else Node's. */
  sockets?: 'libc' | 'node'
  /** Without it connections are reset. */
  ending?: Ending
}

/** @throws Inconclusive where a port answered with something else than a handshake, a RST, a datagram or silence. */
export async function scan(
  protocol: Protocol,
  address: string,
  asked: PortRange,
  { signal, silenceMs, onProgress, sockets, ending }: ScanOptions,
): Promise<Scanned> {
  if (!(0 <= asked.from && asked.from <= asked.to && asked.to <= 65_535)) {
    throw new RangeError(`there are no ports ${asked.from} to ${asked.to}`)
  }
  const range = { from: Math.max(asked.from, lowestPort(protocol)), to: asked.to }
  const total = range.to - range.from + 1
  const createAsker = await askersFor(protocol, address, sockets, ending)
  signal.throwIfAborted()
  const { open, closed, silent, metItself } = await runScan({
    ports: portsOf(range),
    createAsker,
    mostSockets: socketsAllowed(),
    silenceMs,
    signal,
    onProgress: (done) => onProgress?.(done, total),
  })
  // A port that was lost on the way would else pass for nothing at all.
  const told = open.length + closed + silent.length
  if (told !== total) throw new Inconclusive(`the scan tells of ${told} ports, and ${total} were asked`)
  return {
    protocol,
    address,
    ...range,
    open: sorted(open),
    closed,
    silent: sorted(silent),
    metItself: sorted(metItself),
  }
}

/** Linux sends a SYN to port 0 and hears a RST; other systems refuse to. Node sends no datagram there. */
function lowestPort(protocol: Protocol): number {
  return protocol === 'tcp' && process.platform === 'linux' ? 0 : 1
}

async function askersFor(
  protocol: Protocol,
  address: string,
  sockets: 'libc' | 'node' | undefined,
  ending: Ending | undefined,
): Promise<(hear: Hear) => Asker> {
  const libc = sockets === 'node' ? null : await loadLibc(protocol, address)
  if (sockets === 'libc' && !libc) throw new Inconclusive('this Node cannot call the C library')
  if (protocol === 'tcp') {
    return (hear) => (libc ? createLibcTcpAsker(libc, hear, ending) : createNodeTcpAsker(address, hear, ending))
  }
  return (hear) => (libc ? createLibcUdpAsker(libc, hear) : createNodeUdpAsker(address, hear))
}

function* portsOf({ from, to }: PortRange): Generator<number, undefined> {
  for (let port = from; port <= to; port++) yield port
}

function sorted(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((a, b) => a - b)
}
