/** Tries what this machine's loopback network allows, with sockets that are gone afterwards. */

import { createConnection, createServer } from 'node:net'
import type { AddressInfo, ListenOptions } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * An address is there when a socket can listen on it (bind(2) answers EADDRNOTAVAIL for one that is not local) and a
 * client reaches it: while the loopback interface is down, the address may be there and its network is not.
 */
export async function whyUnreachable(host: string, missing: string, over = host): Promise<string | null> {
  const { why } = await tryReach(host, over)
  return why === null ? null : `${missing}: ${why}`
}

async function tryReach(host: string, over: string): Promise<Reached> {
  let reached = await reach(host, over, { server: 0 })
  for (let tries = 1; reached.wantsPorts && tries <= PORT_TRIES; tries++) {
    reached = await reach(host, over, { server: anyPort(), client: anyPort() })
  }
  return reached
}

/** Null, or the error's code. Without a port it is any one. */
export async function listenOnce(options: ListenOptions): Promise<string | null> {
  let code = await whyNotListening({ port: 0, ...options })
  for (let tries = 1; options.port === undefined && code === 'EADDRINUSE' && tries <= PORT_TRIES; tries++) {
    code = await whyNotListening({ ...options, port: anyPort() })
  }
  return code
}

/**
 * Others may have taken the only numbers that the system gives away (ip(7), ip_local_port_range): then a socket takes one
 * that others do not use, outside the numbers of acts and their leases.
 */
const anyPort = () => 28_000 + Math.floor(Math.random() * 2_000)
const PORT_TRIES = 8

/** Where the interface was taken down, its routes may stay: a SYN is lost, and the kernel sends it again for minutes. */
const SILENCE_MS = 3_000

/** `isThere`: a socket listened on the address, and its network is up. That nobody got through is then no lack of it. */
type Reached = { why: string | null; wantsPorts: boolean; isThere?: boolean }

/**
 * Why there is no such address to work with. One on which a socket listens and which answers otherwise is there: a packet
 * filter that refuses or drops is for the labs to find, and nothing for which they are skipped.
 */
export async function whyAbsent(host: string, missing: string): Promise<string | null> {
  const { why, isThere = false } = await tryReach(host, host)
  return why === null || isThere ? null : `${missing}: ${why}`
}

function reach(host: string, over: string, ports: { server: number; client?: number }): Promise<Reached> {
  return new Promise((resolve) => {
    const server = createServer((accepted) => accepted.on('error', () => {}).destroy())
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve({ why: `listening on ${host} gives ${code}`, wantsPorts: code === 'EADDRINUSE' }),
    )
    server.listen({ host, port: ports.server }, () => {
      const { port } = server.address() as AddressInfo
      const client = createConnection({ host: over, port, ...(ports.client && { localPort: ports.client }) })
      const finish = (reached: Reached) => {
        clearTimeout(silence)
        // Nobody is to wait for a port in TIME-WAIT. One that is still connecting would first wait for its connection.
        if (client.connecting) client.destroy()
        else client.resetAndDestroy()
        server.close(() => resolve(reached))
      }
      const giveUp = () =>
        finish({ why: `connecting to ${over} is not answered`, wantsPorts: false, isThere: isLoopbackUp() })
      // What has come is read first: docs/notes/node/timers-before-input.md.
      const silence = setTimeout(() => setImmediate(giveUp), SILENCE_MS)
      client.once('connect', () => finish({ why: null, wantsPorts: false }))
      client.on('error', ({ code }: NodeJS.ErrnoException) =>
        finish({
          why: `connecting to ${over} gives ${code}`,
          wantsPorts: code === 'EADDRNOTAVAIL' || code === 'EADDRINUSE',
          // A RST, or an ICMP message as a packet filter sends it. Without a network it is ENETUNREACH.
          isThere: code === 'ECONNREFUSED' || (code === 'EHOSTUNREACH' && isLoopbackUp()),
        }),
      )
    })
  })
}

/**
 * libuv lists the interfaces that are up and running, in the network namespace of this process. /sys/class/net is no help:
 * it shows the network of the process that mounted it (sysfs(5), network_namespaces(7)).
 */
function isLoopbackUp(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => internal))
}

function whyNotListening(options: ListenOptions): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(options, () => server.close(() => resolve(null)))
  })
}
