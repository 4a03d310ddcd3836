/** The sample of loopback addresses: how many, what came of them, and what the routing table says of the block. */

import type { Ran, Said } from '../../harness/lab.ts'

export const SAMPLE_SIZE = 300

type Sampled = { dialled: number; first: string; last: string; outcomes: Record<string, number> }

type Tallied = Omit<Sampled, 'outcomes'> & { connected: number; others: string[] }

export function tallyOf({ value }: Said): Tallied {
  const { dialled, first, last, outcomes } = value as Sampled
  const others = Object.entries(outcomes).filter(([outcome]) => outcome !== 'connected')
  return {
    dialled,
    first,
    last,
    connected: outcomes['connected'] ?? 0,
    others: others.map(([outcome, count]) => `${outcome} ${count} times`),
  }
}

/** The sampler's word on who was connected, where the server's count bears it out. */
export function reached(sampled: Said, counted: Said): 'all' | 'some' | 'none' | 'other' {
  const { dialled, connected } = tallyOf(sampled)
  const { addresses, clients } = counted.value as { addresses: number; clients: number }
  // The sampler has been connected to 127.0.0.1 all the time: one address and one client more.
  if (dialled !== SAMPLE_SIZE || clients !== connected + 1 || addresses !== connected + 1) return 'other'
  return connected === dialled ? 'all' : connected > 0 ? 'some' : 'none'
}

/** How the routing table has the addresses that work. */
export function listedAs(sampled: Said, routes: Ran | null) {
  if (tallyOf(sampled).connected === 0) return 'addresses-do-not-work'
  const lines = localRoutes(routes)
  if (lines.length >= SAMPLE_SIZE) return 'one-for-each'
  return lines.includes('127.0.0.0/8') ? 'one-for-the-block' : 'other'
}

/** The lines of the table that say which addresses are this machine's: `127.0.0.0/8`, `127.0.0.1`. */
export function localRoutes(routes: Ran | null): string[] {
  return (routes?.printed ?? []).flatMap((line) => /^local (\S+)/.exec(line)?.[1] ?? [])
}
