/** Reads what `nft -j list ruleset` prints: libnftables-json(5). */

import type { FilterChain, FilterCondition, FilterRule } from '../domain/machine.ts'
import { FILTER_HOOKS } from '../domain/machine.ts'
import { matchOf, Sets } from './machine-filter-nft-match.ts'
import { verdictOf } from './machine-filter-nft-verdict.ts'
import { asLine, UNTOLD } from './machine-filter-words.ts'

export const NFT = 'nft list ruleset'

type Chain = {
  family: string
  table: string
  name: string
  type?: string
  hook?: string
  policy?: string
  dev?: unknown
}
type Rule = { family: string; table: string; chain: string; expr?: unknown[] }
type Listed = { chain?: Chain; rule?: Rule; set?: SetListed; map?: SetListed; metainfo?: object }
type SetListed = { family: string; table: string; name: string; elem?: unknown[] }

/** A table that iptables has made, where iptables-save tells it better. */
export type Table = { family: string; name: string }

/**
 * @param own the addresses of this machine
 * @param isElsewhere whether a table that has parts which nft cannot spell is read by another tool
 * @throws SyntaxError for what is no JSON
 */
export function readNftables(
  text: string,
  own: readonly string[],
  isElsewhere: (table: Table) => boolean,
): FilterChain[] {
  const { nftables } = JSON.parse(text) as { nftables: Listed[] }
  const sets = new Sets(nftables.flatMap((one) => one.set ?? one.map ?? []))
  const rules = nftables.flatMap(({ rule }) => rule ?? [])
  const isSpelt = ({ family, table }: Rule | Chain) => {
    const isForeign = rules.some((one) => one.family === family && one.table === table && hasForeignPart(one))
    return !(isForeign && isElsewhere({ family, name: table }))
  }
  const all = nftables.flatMap(({ chain }) => (chain && isOfPackets(chain) && isSpelt(chain) ? [chain] : []))
  const numberOf = (family: string, table: string, name: string) =>
    all.findIndex((one) => one.family === family && one.table === table && one.name === name)
  return all.map((chain): FilterChain => {
    const { family, table, name } = chain
    const own_ = rules.filter((rule) => rule.family === family && rule.table === table && rule.chain === name)
    const context: Context = { own, sets, family, table, chainNumber: (target) => numberOf(family, table, target) }
    return {
      hook: hookOf(chain),
      policy: chain.policy === 'drop' ? 'drop' : 'accept',
      shownBy: NFT,
      rules: own_.flatMap((rule) => readRule(rule, context)).map((rule) => inChain(rule, chain)),
    }
  })
}

/** Frames of a bridge and of ARP do not go over the loopback interface. */
function isOfPackets({ family, dev }: Chain): boolean {
  return (
    ['inet', 'ip', 'ip6'].includes(family) ||
    (family === 'netdev' && (dev === undefined || [dev].flat().includes('lo')))
  )
}

/**
 * The address of a connection is translated once, when it begins: of a packet over the loopback interface in the chains
 * for output. Those for prerouting come too late, and those for forward are for others.
 */
function hookOf({ hook, type }: Chain): FilterChain['hook'] {
  const found = FILTER_HOOKS.find((one) => one === hook)
  return found === undefined || (type === 'nat' && hook !== 'output') ? null : found
}

/** What follows from the chain for each of its rules. */
function inChain(rule: FilterRule, { family, type, dev }: Chain): FilterRule {
  const versions: Readonly<Record<string, string>> = { ip: 'ipv4', ip6: 'ipv6' }
  const version = versions[family]
  const also: FilterCondition[] = [
    ...(version === undefined ? [] : [{ of: 'family' as const, values: [version], isNot: false }]),
    ...(type === 'nat' ? [{ of: 'state' as const, values: ['new'], isNot: false }] : []),
    // Older nft does not say of which device such a chain is.
    ...(family === 'netdev' && dev === undefined ? [{ of: 'other' as const, values: [], isNot: false }] : []),
  ]
  return { ...rule, wants: [...also, ...rule.wants] }
}

export type Context = {
  own: readonly string[]
  sets: Sets
  family: string
  table: string
  chainNumber: (name: string) => number
}

const OTHER: FilterCondition = { of: 'other', values: [], isNot: false }

/** One rule, or one for each entry of a verdict map; none where it holds for nothing over the loopback interface. */
function readRule({ expr = [] }: Rule, context: Context): FilterRule[] {
  const wants: FilterCondition[] = []
  const words: string[] = []
  for (const one of expr as Readonly<Record<string, unknown>>[]) {
    const [kind = ''] = Object.keys(one)
    if (kind === 'match' || kind === 'vmap') {
      if (kind === 'vmap') return entriesOf(one['vmap'], { wants, words }, context)
      const { kept, told } = matchOf(one['match'], context)
      if (kept.includes('never')) return []
      wants.push(...kept.filter((condition) => condition !== 'never' && condition !== null))
      words.push(told)
      continue
    }
    const verdict = verdictOf(one, context)
    if (verdict !== null)
      return [{ text: asLine([...words, verdict.told]), wants, does: verdict.does, chain: verdict.chain }]
    if (WITHOUT_EFFECT.has(kind)) continue
    words.push(UNTOLD)
    wants.push(OTHER)
  }
  // A target of iptables that nft cannot spell may be any verdict.
  return expr.some((one) => typeof one === 'object' && one !== null && 'xt' in one)
    ? [{ text: asLine(words), wants: [...wants, OTHER], does: 'accept', chain: null }]
    : []
}

/** A rule goes on after these, whatever they do beside. */
const WITHOUT_EFFECT = new Set(['counter', 'log', 'mangle', 'notrack', 'dup', 'ct helper', 'set', 'meter', 'flow'])

type Before = { wants: FilterCondition[]; words: string[] }

/** `tcp dport vmap { 22 : accept, 80 : drop }` is a rule for each of them. */
function entriesOf(vmap: unknown, { wants, words }: Before, context: Context): FilterRule[] {
  const { key, data } = vmap as { key: unknown; data: unknown }
  const entries = context.sets.elementsOf(data, context) as [unknown, Readonly<Record<string, unknown>>][] | null
  // What it decides is not known: it may let a packet through.
  if (entries === null)
    return [{ text: asLine([...words, UNTOLD]), wants: [...wants, OTHER], does: 'accept', chain: null }]
  return entries.flatMap((entry): FilterRule[] => {
    if (!Array.isArray(entry)) return []
    const { kept, told } = matchOf({ op: '==', left: key, right: entry[0] }, context)
    const verdict = verdictOf(entry[1], context)
    if (verdict === null || kept.includes('never')) return []
    const conditions = kept.filter((one) => one !== 'never' && one !== null)
    const { does, chain } = verdict
    return [{ text: asLine([...words, told, verdict.told]), wants: [...wants, ...conditions], does, chain }]
  })
}

function hasForeignPart({ expr = [] }: Rule): boolean {
  return expr.some((one) => typeof one === 'object' && one !== null && 'xt' in one)
}
