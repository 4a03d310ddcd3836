/** Reads what iptables-save(8) and ip6tables-save(8) print. */

import type { FilterChain, FilterCondition, FilterRule } from '../domain/machine.ts'
import type { Kept } from './machine-filter-words.ts'
import { addressesKept, asLine, conditionOn, interfacesKept, UNTOLD } from './machine-filter-words.ts'

export type Tool = { tool: 'iptables-save' | 'ip6tables-save'; family: 'ip' | 'ip6' }

export const IPTABLES: readonly Tool[] = [
  { tool: 'iptables-save', family: 'ip' },
  { tool: 'ip6tables-save', family: 'ip6' },
]

export type ReadTables = { family: Tool['family']; tables: string[]; chains: FilterChain[] }

const HOOKS: Readonly<Record<string, FilterChain['hook']>> = {
  OUTPUT: 'output',
  POSTROUTING: 'postrouting',
  PREROUTING: 'prerouting',
  INPUT: 'input',
}

/** @param own the addresses of this machine */
export function readIptables(text: string, { tool, family }: Tool, own: readonly string[]): ReadTables {
  const tables: string[] = []
  const names: string[] = []
  const chains: FilterChain[] = []
  const inTable = (name: string) => `${tables.at(-1)} ${name}`
  for (const line of text.split('\n')) {
    const [, table] = /^\*(\w+)/.exec(line) ?? []
    if (table !== undefined) tables.push(table)
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? []
    if (name !== undefined) {
      names.push(inTable(name))
      const isNat = tables.at(-1) === 'nat'
      // Addresses are translated for the first packet of a connection, of the loopback interface's in OUTPUT.
      const hook = isNat && name !== 'OUTPUT' ? null : (HOOKS[name] ?? null)
      chains.push({ hook, policy: policy === 'DROP' ? 'drop' : 'accept', shownBy: tool, rules: [] })
    }
    if (!line.startsWith('-A ')) continue
    const rule = readRule(wordsOf(line), own, (target) => names.indexOf(inTable(target)))
    if (rule === null) continue
    const version: FilterCondition = { of: 'family', values: [family === 'ip' ? 'ipv4' : 'ipv6'], isNot: false }
    const first: FilterCondition[] = tables.at(-1) === 'nat' ? [{ of: 'state', values: ['new'], isNot: false }] : []
    chains[names.indexOf(inTable(rule.of))]?.rules.push({
      ...rule.rule,
      wants: [version, ...first, ...rule.rule.wants],
    })
  }
  return { family, tables, chains }
}

/** Words in quotes are one. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:\\.|[^"])*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

type Read = { of: string; rule: FilterRule }

/** An option with what stands after it, and whether `!` stands before it. */
type Option = { name: string; values: string[]; isNot: boolean }

/** Null where the rule decides nothing, or not of what goes over the loopback interface. */
function readRule(words: readonly string[], own: readonly string[], numberOf: (chain: string) => number): Read | null {
  let of = ''
  const told: string[] = []
  const wants: FilterCondition[] = []
  let verdict: Pick<FilterRule, 'does' | 'chain'> | null = null
  for (const option of optionsOf(words)) {
    const { name, values, isNot } = option
    const [value = ''] = values
    if (name === '-A') of = value
    if (name === '-A') told.push(`-A ${value in HOOKS ? value : UNTOLD}`)
    else if (name === '-j' || name === '-g') {
      verdict = verdictOf(name, value, numberOf(value))
      told.push(TARGETS[value] === undefined ? '' : `-j ${value}`)
    } else if (PASSED_OVER.has(name)) continue
    else if (name === '--reject-with') told.push(`${name} ${value}`)
    else if (name === '--to-ports') told.push(`${name} ${value}`)
    else if (name === '--to-destination') told.push(`${name} ${UNTOLD}`)
    else {
      const kept = conditionOf(option, own)
      if (kept === 'never') return null
      if (kept !== null) wants.push(kept)
      const isTold = kept !== null && kept.of !== 'other' && !kept.values.includes('other')
      // Of addresses only those that were kept.
      const shown = name === '-s' || name === '-d' ? (kept?.values ?? []) : values
      told.push(isTold ? `${isNot ? '! ' : ''}${name} ${shown.join(',')}` : UNTOLD)
    }
  }
  return verdict === null ? null : { of, rule: { text: asLine(told), wants, ...verdict } }
}

/** Matches are named before their options, and comments are somebody's own words. */
const PASSED_OVER = new Set(['-m', '--comment', '--log-prefix', '--log-level'])

function optionsOf(words: readonly string[]): Option[] {
  const options: Option[] = []
  let isNot = false
  for (const word of words) {
    if (word === '!') isNot = true
    else if (/^--?[a-z]/i.test(word)) {
      options.push({ name: word, values: [], isNot })
      isNot = false
    } else options.at(-1)?.values.push(word)
  }
  return options
}

const TARGETS: Readonly<Record<string, FilterRule['does']>> = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'reject',
  REDIRECT: 'redirect',
  DNAT: 'redirect',
  TPROXY: 'redirect',
  RETURN: 'return',
  // Whoever reads the queue decides; where nobody does, the packet is lost.
  NFQUEUE: 'drop',
  QUEUE: 'drop',
}

function verdictOf(how: string, target: string, chain: number): Pick<FilterRule, 'does' | 'chain'> | null {
  const does = TARGETS[target]
  if (does !== undefined) return { does, chain: null }
  return chain < 0 ? null : { does: how === '-g' ? 'goto' : 'jump', chain }
}

function conditionOf({ name, values: [value = ''], isNot }: Option, own: readonly string[]): Kept {
  const several = value.split(',')
  const ports = several.map((one) => one.replace(/^:/, '0:').replace(/:$/, ':65535').replace(':', '-'))
  switch (name) {
    case '-p':
      return conditionOn('protocol', [value], isNot)
    case '-s':
      return conditionOn('source', addressesKept(several, own), isNot)
    case '-d':
      return conditionOn('destination', addressesKept(several, own), isNot)
    case '-i':
      return conditionOn('input-interface', interfacesKept([value.replace(/\+$/, '*')]), isNot)
    case '-o':
      return conditionOn('output-interface', interfacesKept([value.replace(/\+$/, '*')]), isNot)
    case '--dport':
    case '--dports':
      return conditionOn('destination-port', ports, isNot)
    case '--sport':
    case '--sports':
      return conditionOn('source-port', ports, isNot)
    case '--state':
    case '--ctstate':
      return conditionOn('state', value.toLowerCase().split(','), isNot)
    case '--dst-type':
      return several.includes('LOCAL') === isNot ? 'never' : null
    default:
      return { of: 'other', values: [], isNot: false }
  }
}
