/** The documents' number, 8080, belongs to somebody else. */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { onTestFinished } from 'vitest'

import type { Environment } from './environment.ts'

const PORT = 8080

export const TAKEN: readonly Environment[] = [
  { name: 'port 8080 is taken over TCP', enter: async () => await holdTcp({ host: '0.0.0.0' }) },
  { name: 'port 8080 is taken over UDP', enter: async () => await holdUdp({ type: 'udp4' }) },
  {
    name: 'port 8080 is taken over IPv6 only',
    whyNot: whyNoIPv6,
    enter: async () => {
      await holdTcp({ host: '::', ipv6Only: true })
      return await holdUdp({ type: 'udp6', ipv6Only: true })
    },
  },
  {
    name: 'port 8080 is taken by a dual-stack server over TCP and UDP',
    whyNot: whyNoIPv6,
    enter: async () => {
      await holdTcp({ host: '::' })
      return await holdUdp({ type: 'udp6' })
    },
  },
]

async function holdTcp(where: { host: string; ipv6Only?: boolean }): Promise<Record<never, never>> {
  const server = createServer((client) => client.destroy()).listen({ ...where, port: PORT })
  onTestFinished(() => void server.close())
  return await held(server)
}

async function holdUdp(where: { type: 'udp4' | 'udp6'; ipv6Only?: boolean }): Promise<Record<never, never>> {
  const socket = createSocket(where)
  onTestFinished(() => void socket.close())
  return await held(socket.bind(PORT))
}

/** Where somebody has it already, that will do as well. */
async function held(socket: NodeJS.EventEmitter): Promise<Record<never, never>> {
  await once(socket, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
  })
  return {}
}

async function whyNoIPv6(): Promise<string | null> {
  const server = createServer().listen({ host: '::1', port: 0 })
  try {
    await once(server, 'listening')
    return null
  } catch (error) {
    return (error as Error).message
  } finally {
    server.close()
  }
}
