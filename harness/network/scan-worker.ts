/** A thread that scans its share. It tells its parent what it found, and asks it which ports have fallen silent. */

import { parentPort, workerData } from 'node:worker_threads'

import type { Protocol } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { PortRange, Tally } from './scan-ports.ts'
import { portsOf } from './scan-ports.ts'
import { scanShare } from './scan-share.ts'
import { createTcpAsker } from './scan-tcp.ts'
import { createUdpAsker } from './scan-udp.ts'

export type Work = {
  protocol: Protocol
  address: string
  range: PortRange
  handedOut: Int32Array
  mostSockets: number
  silenceMs: number
  /** Whether the parent can say to which ports the kernel has sent its SYN again. */
  tables: boolean
}

/** `retransmitted`: the parent answers with an array of ports. */
export type News = { kind: 'tally'; tally: Tally } | { kind: 'inconclusive'; why: string } | { kind: 'retransmitted' }

// Each refused connect makes an error object; its stack, which nobody reads, would cost more than the object.
Error.stackTraceLimit = 0

const { protocol, address, range, handedOut, mostSockets, silenceMs, tables } = workerData as Work
const parent = parentPort
const tell = (news: News) => parent?.postMessage(news)

const retransmitted = () =>
  new Promise<readonly number[]>((resolve) => {
    parent?.once('message', resolve)
    tell({ kind: 'retransmitted' })
  })

try {
  const createAsker = protocol === 'tcp' ? createTcpAsker : createUdpAsker
  const tally = await scanShare({
    ports: portsOf(range, handedOut),
    createAsker: (hear) => createAsker(address, hear),
    mostSockets,
    silence: { ms: silenceMs, ...(tables && { retransmitted }) },
  })
  tell({ kind: 'tally', tally })
} catch (error) {
  if (!(error instanceof Inconclusive)) throw error
  tell({ kind: 'inconclusive', why: error.message })
}
