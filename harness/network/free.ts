/** Finds out whether a port number is free for the labs: over TCP and UDP, over IPv4 and IPv6. */

import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'

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
  try {
    return await refusalOn(undefined, port)
  } catch (error) {
    // A filter of system calls may refuse IPv6 sockets while the addresses are still shown: get-port gives up there.
    if ((error as NodeJS.ErrnoException).code !== 'EAFNOSUPPORT') throw error
    for (const host of addressesOfIPv4()) {
      const refusal = await refusalOn(host, port)
      if (refusal !== null) return refusal
    }
    return null
  }
}

async function refusalOn(host: string | undefined, port: number): Promise<string | null> {
  // Without this, get-port would not give a number twice within half a minute.
  clearLockedPorts()
  const given = await getPort({ port, ...(host !== undefined && { host }) }).catch((error: NodeJS.ErrnoException) => {
    // Its own error, without a code: every other number that the system gives to clients is taken as well.
    if (error.code === undefined) return null
    throw error
  })
  return given === port ? null : 'EADDRINUSE'
}

function addressesOfIPv4(): string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const local = interfaces.filter(({ family }) => family === 'IPv4').map(({ address }) => address)
  return ['0.0.0.0', ...local]
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
