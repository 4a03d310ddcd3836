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

import { readKernelTables } from '../../harness/listing/kernel-tables.ts'

const opened: (() => void)[] = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

/** The next number to look at: below the range from which the system gives clients theirs. */
let candidate = 28_000 + (process.pid % 4_000)

/** A port of which no table says anything: one that the system chooses may have others' ended connections on it. */
function unusedPort(): number {
  for (;;) {
    candidate = candidate === 31_999 ? 28_000 : candidate + 1
    if ((readKernelTables({ port: candidate, holders: false })?.rows ?? []).length === 0) return candidate
  }
}

/** Listens and gives the port; port 0 stands for one that nobody has used lately. */
export async function listen(options: ListenOptions): Promise<{ server: Server; port: number }> {
  const wanted = { ...options, port: options.port === 0 ? unusedPort() : options.port }
  const server = createServer((socket) => opened.push(() => socket.destroy())).listen(wanted)
  opened.push(() => server.close())
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

export async function bindUdp(address: string, port: number, reuseAddr = false): Promise<DatagramSocket> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', ipv6Only: address === '::', reuseAddr })
  opened.push(() => socket.close())
  socket.bind(port === 0 ? unusedPort() : port, address)
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
