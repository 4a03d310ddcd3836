/** The port of a bench: the documents' one where nothing of it is in use or left over. */

import { whyNotFree } from '../network/free.ts'
import type { Lease } from '../network/lease.ts'
import { leasePort } from '../network/lease.ts'
import { whyNotFresh } from '../run/rows.ts'

const DOCUMENTS_PORT = 8080

export type PortWish = {
  /** The port that a person asked for, or null. */
  port: number | null
  /** Whether the documents' port may be used: not after a stranger took it. */
  mayUseDocuments: boolean
}

/** @throws Inconclusive where the port that was asked for is taken, or none is free. */
export async function leaseBench(
  { port, mayUseDocuments }: PortWish,
  ephemeralRange: [number, number] | null,
): Promise<{ lease: Lease; notes: string[] }> {
  const notes: string[] = []
  const lease = await leasePort({
    preferred: port ?? (mayUseDocuments ? DOCUMENTS_PORT : null),
    only: port !== null,
    ephemeralRange,
    whyTaken: (number) => whyTaken(number, number === port),
    onPassedOver: (why) => notes.push(`The documents use port ${DOCUMENTS_PORT}. Here ${why}, so another one is used.`),
  })
  return { lease, notes }
}

/** A bench should begin with nothing, unless a person wishes for just this number. */
async function whyTaken(port: number, isWish: boolean): Promise<string | null> {
  const code = await whyNotFree(port)
  if (code === 'EADDRINUSE') return 'another program uses it'
  if (code !== null) return `binding it gives ${code}`
  return isWish ? null : await whyNotFresh(port)
}
