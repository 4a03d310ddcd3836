/** The harness's own UDP client: sends one datagram and waits for an answer or an error. */

import { createSocket } from 'node:dgram'

import type { Endpoint } from '../domain/endpoint.ts'
import { addressFamily } from '../domain/endpoint.ts'
import type { Sent } from '../domain/observation.ts'

export type Answered = { outcome: Sent['outcome']; local: Endpoint | null; heard: string }

/**
 * Sends `text` from a connected socket: only a connected UDP socket is told of the ICMP message "port unreachable"
 * (udp(7)); an unconnected one would hear nothing. Waits until `enough` is aborted, then the outcome is `silent`.
 * `from` is the sender's own end, or a part of it; that it cannot be had is an answer.
 */
export function sendDatagram(
  { address, port }: Endpoint,
  text: string,
  enough: AbortSignal,
  from?: Partial<Endpoint>,
): Promise<Answered> {
  return new Promise((resolve) => {
    const socket = createSocket(addressFamily(address) === 'IPv6' ? 'udp6' : 'udp4')
    let local: Endpoint | null = null
    let finished = false
    const finish = (outcome: Sent['outcome'], heard = '') => {
      if (finished) return
      finished = true
      enough.removeEventListener('abort', silent)
      socket.close()
      resolve({ outcome, local, heard })
    }
    // What has come is read first: docs/notes/node/timers-before-input.md.
    const silent = () => setImmediate(() => finish('silent'))
    const failed = (error: NodeJS.ErrnoException) => finish((error.code ?? 'EUNKNOWN') as Sent['outcome'])
    enough.addEventListener('abort', silent)
    socket.on('error', failed)
    socket.on('message', (message) => finish('received', message.toString()))
    // Node hands a failed connect to the callback; its types do not say so.
    const connected = (error?: NodeJS.ErrnoException) => {
      if (error) failed(error)
      if (finished) return
      const own = socket.address()
      local = { address: own.address, port: own.port }
      socket.send(text, (error) => {
        if (error) failed(error)
      })
    }
    if (from) socket.bind({ ...from }, () => finished || socket.connect(port, address, connected))
    else socket.connect(port, address, connected)
  })
}
