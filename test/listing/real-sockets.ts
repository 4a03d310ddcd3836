/** Real sockets of the test process, and scripts that stand in for a tool; all are gone after each test. */

import { createSocket } from 'node:dgram'
import type { Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, ListenOptions, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach } from 'vitest'

const opened: (() => void)[] = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

/** Listens and gives the port. */
export async function listen(options: ListenOptions): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => opened.push(() => socket.destroy())).listen(options)
  opened.push(() => server.close())
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

export async function bindUdp(address: string, port: number, reuseAddr = false): Promise<DatagramSocket> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', ipv6Only: address === '::', reuseAddr })
  opened.push(() => socket.close())
  socket.bind(port, address)
  await once(socket, 'listening')
  return socket
}

export async function connection(server: Server, port: number, host: string): Promise<Socket> {
  const socket = connect({ port, host })
  opened.push(() => socket.destroy())
  await Promise.all([once(socket, 'connect'), once(server, 'connection')])
  return socket
}

/** Puts a script in front of the tools, and gives what undoes it. */
export function pretend(name: string, script: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'listing-'))
  const path = process.env.PATH
  writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(directory, name), 0o755)
  process.env.PATH = `${directory}${delimiter}${path}`
  opened.push(() => {
    process.env.PATH = path
    rmSync(directory, { recursive: true })
  })
}
