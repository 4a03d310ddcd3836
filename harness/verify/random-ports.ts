/** Real ports for the names that random sequences use: leased, and without anything left over on them. */

import { readHostFacts } from '../host/facts.ts'
import { whyNotFree } from '../network/free.ts'
import type { Lease } from '../network/lease.ts'
import { leasePort } from '../network/lease.ts'
import { whyNotFresh } from '../run/rows.ts'
import { PEER_PORT, PORTS } from './random-operation.ts'

export type LeasedPorts = {
  /** The port that stands behind a name; the system's choice, and any other number, is itself. */
  real(name: number): number
  release(): Promise<void>
}

/** @throws Inconclusive where no port is free. */
export async function leasePorts(): Promise<LeasedPorts> {
  const { ephemeralRange } = readHostFacts()
  const leases = new Map<number, Lease>()
  const release = async () => {
    await Promise.all([...leases.values()].map((lease) => lease.release()))
  }
  try {
    for (const name of [...PORTS, PEER_PORT]) {
      const lease = await leasePort({
        preferred: null,
        only: false,
        ephemeralRange,
        whyTaken,
        onPassedOver: () => {},
      })
      leases.set(name, lease)
    }
  } catch (error) {
    await release()
    throw error
  }
  return { real: (name) => leases.get(name)?.port ?? name, release }
}

async function whyTaken(port: number): Promise<string | null> {
  return (await whyNotFree(port)) ?? (await whyNotFresh(port))
}
