/** Asks the tools for the packet filter's rules in this network, where the kernel shows them: never with other rights. */

import { readFileSync } from 'node:fs'
import { platform } from 'node:os'

import { runTool } from '../command/tool.ts'
import type { FilterChain, PacketFilter } from '../domain/machine.ts'
import { readLocalAddresses } from './local-addresses.ts'
import { IPTABLES, readIptables } from './machine-filter-iptables.ts'
import type { Table } from './machine-filter-nft.ts'
import { readNftables } from './machine-filter-nft.ts'

/** To look takes a few milliseconds. Where a list of addresses makes it take much longer, the rules stay unread. */
const TIME_MS = 3_000

/** Undefined on systems whose filter is another one. */
export async function readFilter(): Promise<PacketFilter | undefined> {
  if (platform() !== 'linux') return undefined
  const [nft, ...tables] = await Promise.all([
    listed('nft', ['-j', 'list', 'ruleset']),
    ...IPTABLES.map(async (one) => ({ ...one, ...(await listed(one.tool, [])) })),
  ])
  const own = readLocalAddresses().localAddresses
  const saved = tables.flatMap(({ text, ...one }) => (text === null ? [] : [readIptables(text, one, own)]))
  const isElsewhere = ({ family, name }: Table) =>
    saved.some((one) => one.family === family && one.tables.includes(name))
  const ofNft = readPrinted(nft, (text) => readNftables(text, own, isElsewhere))
  const chains = joined([ofNft.chains, ...saved.map((one) => one.chains)])
  return { why: ofNft.why ?? whyNotLegacy(tables[0]?.text ?? null), chains: reachable(chains) }
}

/** A program of that name may print anything. */
function readPrinted({ text, why }: Told, read: (text: string) => FilterChain[]): PacketFilter {
  if (text === null) return { why, chains: [] }
  try {
    return { why: null, chains: read(text) }
  } catch {
    return { why: 'what nft prints is not in the form that is known', chains: [] }
  }
}

type Told = { text: string; why: null } | { text: null; why: string }

async function listed(tool: string, args: readonly string[]): Promise<Told> {
  const run = await runTool(tool, args, { timeoutMs: TIME_MS })
  if (run.outcome !== 'ran')
    return { text: null, why: run.reason.endsWith(': ENOENT') ? `${tool} is not installed` : run.reason }
  const [said = ''] = run.stderr.trim().split('\n')
  if (run.exitCode !== 0) return { text: null, why: `${tool} answers "${said}"` }
  return { text: run.stdout, why: null }
}

/** The rules of older kernels and tools are none of nft's: only iptables-save has them, in the form that made them. */
function whyNotLegacy(saved: string | null): string | null {
  if (saved !== null && !saved.includes('iptables-legacy tables present')) return null
  const names = readTables()
  if (names.trim() === '') return null
  return saved === null ? 'iptables-save is not installed' : 'iptables-legacy-save has further ones'
}

/** The tables that the older part of the kernel has; none where it was never asked for one. */
function readTables(): string {
  try {
    return readFileSync('/proc/net/ip_tables_names', 'utf8')
  } catch {
    return ''
  }
}

/** Each tool numbers its chains from 0. */
function joined(all: readonly FilterChain[][]): FilterChain[] {
  return all.reduce<FilterChain[]>(
    (before, chains) => [...before, ...renumbered(chains, (number) => number + before.length)],
    [],
  )
}

/** Without the chains to which nothing over the loopback interface comes: a host of containers has thousands. */
export function reachable(chains: readonly FilterChain[]): FilterChain[] {
  const found = new Set<number>()
  const follow = (number: number) => {
    const chain = chains[number]
    if (chain === undefined || found.has(number)) return
    found.add(number)
    for (const rule of chain.rules) if (rule.chain !== null) follow(rule.chain)
  }
  for (const [number, { hook, policy, rules }] of chains.entries()) {
    if (hook !== null && (policy === 'drop' || rules.length > 0)) follow(number)
  }
  const kept = [...found].sort((a, b) => a - b)
  return renumbered(
    kept.flatMap((number) => chains[number] ?? []),
    (number) => kept.indexOf(number),
  )
}

function renumbered(chains: readonly FilterChain[], numberOf: (number: number) => number): FilterChain[] {
  const numbered = (number: number | null) => (number === null ? null : numberOf(number))
  return chains.map((chain) => ({
    ...chain,
    rules: chain.rules.map((rule) => ({ ...rule, chain: numbered(rule.chain) })),
  }))
}
