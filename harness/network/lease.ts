/**
 * Leases a port number, so that copies of the harness on one machine never use the same one at a time.
 * The lease on port P is a listening socket on 127.0.0.1, port P + 10000: two sockets cannot listen there, whoever owns
 * them, and the kernel gives the lease back when its holder dies.
 */

import { createServer } from 'node:net'
import type { Server } from 'node:net'

import { Inconclusive } from '../domain/inconclusive.ts'

const DISTANCE = 10_000
/** Numbers for acts, with their leases from 20000 to 27999: below the ephemeral range of every system in os-facts. */
const LOW_POOL = { first: 10_000, last: 17_999 }
/** For a system that gives its clients low numbers. */
const HIGH_POOL = { first: 47_000, last: 54_999 }
const TRIES = 400

export type Lease = { port: number; release(): Promise<void> }

export type LeaseRequest = {
  /** The number that the documents use, or the one that a person asked for. */
  preferred: number | null
  /** Where a person asked for exactly this number, no other may be given. */
  only: boolean
  ephemeralRange: readonly [number, number] | null
  /** Says why a number is not free, or null where it is. Called under the lease only. */
  whyTaken: (port: number) => Promise<string | null>
  /** Hears why the preferred number was not taken. */
  onPassedOver: (why: string) => void
}

/** @throws Inconclusive where the number asked for is taken, or none is free. */
export async function leasePort(request: LeaseRequest): Promise<Lease> {
  const { preferred, only, ephemeralRange, whyTaken, onPassedOver } = request
  let last = ''
  for (const port of candidates(preferred, ephemeralRange)) {
    const held = await tryListen(leaseNumber(port))
    const why = 'server' in held ? await whyTaken(port) : held.why
    if ('server' in held && why === null) return { port, release: () => close(held.server) }
    if ('server' in held) await close(held.server)
    last = `port ${port} cannot be used: ${why}`
    if (port !== preferred) continue
    if (only) throw new Inconclusive(last)
    onPassedOver(why ?? '')
  }
  throw new Inconclusive(`no free port was found; the last of ${TRIES} tries: ${last}`)
}

function leaseNumber(port: number): number {
  return port + DISTANCE <= 65_535 ? port + DISTANCE : port - DISTANCE
}

function* candidates(preferred: number | null, ephemeralRange: readonly [number, number] | null): Generator<number> {
  if (preferred !== null) yield preferred
  const pool = overlaps(LOW_POOL, ephemeralRange) && !overlaps(HIGH_POOL, ephemeralRange) ? HIGH_POOL : LOW_POOL
  const size = pool.last - pool.first + 1
  // A random start spreads the copies of the harness over the pool, so that they seldom try the same number.
  const start = Math.floor(Math.random() * size)
  for (let i = 0; i < TRIES; i++) yield pool.first + ((start + i * 7) % size)
}

function overlaps(pool: { first: number; last: number }, range: readonly [number, number] | null): boolean {
  return range !== null && range[0] <= pool.last + DISTANCE && range[1] >= pool.first
}

function tryListen(port: number): Promise<{ server: Server } | { why: string }> {
  return new Promise((resolve) => {
    const server = createServer((client) => client.destroy())
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      const isLeased = code === 'EADDRINUSE'
      resolve({ why: isLeased ? 'another run of these labs uses it' : `listening on 127.0.0.1:${port} gives ${code}` })
    })
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve({ server: server.unref() }))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
