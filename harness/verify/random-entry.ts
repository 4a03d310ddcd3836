/**
 * One of the processes whose sockets are held against M8: does what it is told, with Node's public interface, and
 * answers how it went. Whoever connects is told the socket's id; of a datagram the parent is told.
 */

import { createSocket } from 'node:dgram'
import type { Socket as DatagramSocket } from 'node:dgram'
import * as net from 'node:net'
import type { BoundSocket, Server, Socket } from 'node:net'

import type { Endpoint } from '../domain/endpoint.ts'
import type { Asked } from '../domain/program-event.ts'
import type { Answer, Arrived, Order } from './random-order.ts'

// Become the other user here, once the files are read: that user may not be allowed to look into this folder.
const userId = process.env['SOCKET_LABS_UID']
if (userId !== undefined) {
  process.setgroups?.([])
  process.setgid?.(Number(userId))
  process.setuid?.(Number(userId))
}

const sockets = new Map<number, Server | DatagramSocket | BoundSocket>()
const accepted = new Set<Socket>()

process.on('message', (order: Order) => {
  void perform(order)
    .catch((error: NodeJS.ErrnoException): Answer => ({ outcome: error.code ?? String(error), local: null }))
    .then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())

async function perform(order: Order): Promise<Answer> {
  switch (order.do) {
    case 'open':
      return await open(order.id, order.asked)
    case 'listen': {
      const bound = sockets.get(order.id) as BoundSocket
      sockets.delete(order.id)
      return await listening(order.id, (server) => server.listen(bound))
    }
    case 'connect': {
      const socket = sockets.get(order.id) as DatagramSocket
      await settled(socket, 'connect', () => socket.connect(order.peer.port, order.peer.address))
      return { outcome: 'ok', local: socket.address() }
    }
    case 'close':
      sockets.get(order.id)?.close()
      sockets.delete(order.id)
      return { outcome: 'ok', local: null }
    case 'reset':
      for (const socket of accepted) socket.resetAndDestroy()
      for (const socket of sockets.values()) socket.close()
      accepted.clear()
      sockets.clear()
      return { outcome: 'ok', local: null }
  }
}

async function open(id: number, asked: Asked): Promise<Answer> {
  const { protocol, address, port, ipv6Only, reusePort, reuseAddr, listens } = asked
  if (protocol === 'tcp') {
    if (listens) return await listening(id, (server) => server.listen({ host: address, port, ipv6Only, reusePort }))
    const bound = new net.BoundSocket({ host: address, port, ipv6Only, reusePort })
    sockets.set(id, bound)
    return { outcome: 'ok', local: bound.address() }
  }
  const type = address.includes(':') ? 'udp6' : 'udp4'
  const socket = createSocket({ type, reuseAddr, reusePort, ipv6Only })
  await settled(socket, 'listening', () => socket.bind({ address, port }))
  sockets.set(id, socket)
  // No datagram back: from a socket on the wildcard address it would leave with another address than was dialled.
  socket.on('message', (message) => process.send?.({ got: id, message: String(message) } satisfies Arrived))
  socket.on('error', () => {})
  return { outcome: 'ok', local: socket.address() }
}

async function listening(id: number, start: (server: Server) => void): Promise<Answer> {
  const server = net.createServer((client) => {
    accepted.add(client)
    client.on('error', () => {}).on('close', () => accepted.delete(client))
    client.write(String(id))
  })
  await settled(server, 'listening', () => start(server))
  sockets.set(id, server)
  const { address, port } = server.address() as Endpoint
  return { outcome: 'ok', local: { address, port } }
}

/** Resolves at the event, rejects at the error; what failed is closed. */
function settled(emitter: Server | DatagramSocket, event: string, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      try {
        emitter.close()
      } catch {
        // it never opened
      }
      reject(error)
    }
    emitter.once('error', fail)
    emitter.once(event, () => {
      emitter.off('error', fail)
      resolve()
    })
    try {
      start()
    } catch (error) {
      fail(error as Error)
    }
  })
}
