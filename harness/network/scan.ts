/**
 * Asks every port of a range from outside, over TCP or UDP, with Node's own sockets in a few threads side by side.
 * Each port ends as open, closed or silent; a scan that cannot say so of each is none.
 */

import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

import type { Protocol } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Scanned } from '../domain/observation.ts'
import { socketsPerThread } from './scan-files.ts'
import type { PortRange, Tally } from './scan-ports.ts'
import { handedOutOf, sizeOf, together } from './scan-ports.ts'
import type { News, Work } from './scan-worker.ts'

export type ScanOptions = {
  /** Ends the scan; its reason is what the promise rejects with. */
  signal: AbortSignal
  /** UDP: after this time without an answer, half-way asked again, a port is silent. TCP: where no table tells. */
  silenceMs: number
  /** TCP: the ports of this address to which the kernel has sent its SYN again. Absent where no table tells. */
  retransmitted?: () => readonly number[]
  onProgress?: (done: number, total: number) => void
}

export const ALL_PORTS: PortRange = { from: 0, to: 65_535 }

/** A thread takes 30 ms to start: fewer ports than this are asked quicker by one alone. */
const PORTS_PER_THREAD = 8_192
const MOST_THREADS = 4
const PROGRESS_EVERY_MS = 200

/** @throws Inconclusive where a port answered with something else than a handshake, a RST, a datagram or silence. */
export async function scan(
  protocol: Protocol,
  address: string,
  asked: PortRange,
  { signal, silenceMs, retransmitted, onProgress }: ScanOptions,
): Promise<Scanned> {
  signal.throwIfAborted()
  const range = { from: Math.max(asked.from, lowestPort(protocol)), to: asked.to }
  const threads = Math.min(availableParallelism(), MOST_THREADS, Math.ceil(sizeOf(range) / PORTS_PER_THREAD))
  const handedOut = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const tables = protocol === 'tcp' && retransmitted !== undefined
  const work: Work = { protocol, address, range, handedOut, mostSockets: socketsPerThread(threads), silenceMs, tables }
  const workers = Array.from({ length: threads }, () => startThread(work))
  const watch = setInterval(() => onProgress?.(handedOutOf(range, handedOut), sizeOf(range)), PROGRESS_EVERY_MS)
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    const tallies = await Promise.race([aborted.promise, Promise.all(workers.map((one) => heard(one, retransmitted)))])
    return whole({ protocol, address, ...range, ...together(tallies) })
  } finally {
    signal.removeEventListener('abort', abort)
    clearInterval(watch)
    // The end of a thread closes its sockets.
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** Linux sends a SYN to port 0 and hears a RST; other systems refuse to. Node sends no datagram there. */
function lowestPort(protocol: Protocol): number {
  return protocol === 'tcp' && process.platform === 'linux' ? 0 : 1
}

function startThread(workerData: Work): Worker {
  return new Worker(new URL('./scan-worker.ts', import.meta.url), { workerData })
}

function heard(worker: Worker, retransmitted?: () => readonly number[]): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.on('message', (news: News) => {
      if (news.kind === 'tally') resolve(news.tally)
      else if (news.kind === 'inconclusive') reject(new Inconclusive(news.why))
      else worker.postMessage(retransmitted?.() ?? [])
    })
    worker.on('error', reject)
    worker.on('exit', () => reject(new Inconclusive('a thread of the scan ended early')))
  })
}

/** A port that was lost on the way would else pass for nothing at all. */
function whole(scanned: Scanned): Scanned {
  const told = scanned.open.length + scanned.closed + scanned.silent.length
  if (told === sizeOf(scanned)) return scanned
  throw new Inconclusive(`the scan tells of ${told} ports, and ${sizeOf(scanned)} were asked`)
}
