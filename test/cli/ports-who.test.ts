/** `npm run ports -- --who PORT`: who has a port, who is connected, and what is said where nobody has it. */

import { once } from 'node:events'
import * as net from 'node:net'

import { describe, expect, test } from 'vitest'

import type { Who } from '../../harness/domain/ports-who.ts'
import { lab } from '../lab-command.ts'
import { connection, listen } from '../listing/real-sockets.ts'
import { noNamespace } from '../namespace.ts'

const skipped = noNamespace ? ` (skipped: ${noNamespace})` : ''
const PORTS = { command: 'harness/cli/ports.ts' }

async function who(port: number): Promise<Who> {
  const { exitCode, stdout, stderr } = await lab(['--who', String(port), '--json'], PORTS)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as Who
}

async function inWords(port: number): Promise<string> {
  const { exitCode, stdout } = await lab(['--who', String(port)], PORTS)
  expect(exitCode).toBe(0)
  return stdout.replaceAll(/\s+/g, ' ')
}

test('a listener, its process, and its client at the other end', async () => {
  const { server, port } = await listen({ port: 0, host: '::' })
  const socket = await connection(server, port, '127.0.0.1')
  const told = await who(port)
  expect(told.sockets).toMatchObject([
    {
      protocol: 'tcp',
      family: 'IPv6',
      address: '::',
      state: 'LISTEN',
      takesIPv4: true,
      pids: [process.pid],
      backlog: 511,
    },
  ])
  const [one] = told.processes
  expect(one?.commandLine?.[0]).toContain('node')
  expect(Math.abs(Date.parse(one?.startedAt ?? '') - (Date.now() - process.uptime() * 1000))).toBeLessThan(5000)
  expect(told.connections).toMatchObject([
    { peer: { port: socket.localPort }, state: 'ESTABLISHED', there: { pid: process.pid } },
  ])
  const text = await inWords(port)
  expect(text).toContain(`process ${process.pid} listens`)
  expect(text).toContain(`kill ${process.pid}`)
  expect(text).toContain('Who is connected (1)')
})

test('nobody has it: what could refuse it all the same', async () => {
  const { server, port } = await listen({ port: 0, host: '127.0.0.1' })
  server.close()
  await once(server, 'close')
  const told = await who(port)
  expect(told).toMatchObject({ sockets: [], processes: [], connections: [], timeWait: { count: 0 } })
  expect(await inWords(port)).toContain(`Nobody has port ${port} here`)
})

test('a client that has the number as its own end', async () => {
  const { server, port } = await listen({ port: 0, host: '127.0.0.1' })
  const { localPort = 0 } = await connection(server, port, '127.0.0.1')
  const told = await who(localPort)
  expect(told.sockets).toMatchObject([{ state: 'ESTABLISHED', peer: { port }, pids: [process.pid] }])
  expect(await inWords(localPort)).toContain('has it as its end of a connection')
})

test('connections in TIME-WAIT are counted, with the time that is left', async () => {
  const { server, port } = await listen({ port: 0, host: '127.0.0.1' })
  const accepted = once(server, 'connection') as Promise<[net.Socket]>
  const client = await connection(server, port, '127.0.0.1')
  // Who closes first is left in TIME-WAIT: here the listener's side.
  const [peer] = await accepted
  client.on('end', () => client.end()).resume()
  peer.end()
  await once(client, 'close')
  const { timeWait, rules } = await who(port)
  expect(timeWait.count).toBe(1)
  // /proc/net does not tell the time; the kernel does.
  if (rules.seesBoundOnly) expect(timeWait.longestMs).toBeGreaterThan(30_000)
})

const BoundSocket = (net as { BoundSocket?: new (options: object) => { address(): net.AddressInfo; close(): void } })
  .BoundSocket

describe('a socket that is bound and does not listen', () => {
  test.skipIf(BoundSocket === undefined)('is seen where the kernel tells', async ({ skip }) => {
    if (BoundSocket === undefined) return
    const socket = new BoundSocket({ host: '127.0.0.1', port: 0 })
    try {
      const { port } = socket.address()
      const told = await who(port)
      skip(!told.rules.seesBoundOnly, 'this kernel does not tell')
      expect(told.sockets).toMatchObject([{ state: 'BOUND-INACTIVE', peer: null, pids: [process.pid] }])
      expect(await inWords(port)).toContain('is bound to it, and does not listen')
    } finally {
      socket.close()
    }
  })
})

test.skipIf(noNamespace)(`root of a user namespace is not told that it may have every port${skipped}`, async () => {
  const { stdout } = await lab(['--who', '81'], { ...PORTS, prefix: ['unshare', '-r'] })
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('EACCES: ports below 1024 are privileged. You are root in a user')
})
