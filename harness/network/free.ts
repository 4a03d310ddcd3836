/** Finds out whether a port number is free for the labs: over TCP and UDP, over IPv4 and IPv6. */

import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

import getPort, { clearLockedPorts } from 'get-port'

/** The error that says why the number cannot be used, such as `EADDRINUSE` or `EACCES`; `null` where it can. */
export async function whyNotFree(port: number): Promise<string | null> {
  const overTcp = await tcpRefusal(port)
  if (overTcp !== null) return overTcp
  return (await udpRefusal('udp4', port)) ?? (await udpRefusal('udp6', port))
}

/** get-port listens on every local address in turn; it answers with another number where one of them refuses. */
async function tcpRefusal(port: number): Promise<string | null> {
  // get-port passes over EACCES as it does over EADDRINUSE; below 1024 the difference matters to the reader.
  if (port < 1024) return await privilegedRefusal(port)
  // Without this, get-port would not give a number twice within half a minute.
  clearLockedPorts()
  return (await getPort({ port })) === port ? null : 'EADDRINUSE'
}

function privilegedRefusal(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host: '0.0.0.0', port }, () => server.close(() => resolve(null)))
  })
}

function udpRefusal(type: 'udp4' | 'udp6', port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket({ type, ipv6Only: true })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close()
      // No IPv6 on this machine: nobody can hold the number there.
      resolve(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? error.code : null)
    })
    socket.bind(port, () => socket.close(() => resolve(null)))
  })
}
