/** What a `match` of nft asks of a packet: libnftables-json(5), match, payload, meta, ct and fib. */

import type { FilterCondition } from '../domain/machine.ts'
import type { Kept } from './machine-filter-words.ts'
import { addressesKept, conditionOn, interfacesKept, listed, UNTOLD } from './machine-filter-words.ts'

type Match = { op: string; left: unknown; right: unknown }
type Left = {
  payload?: { protocol?: string; field?: string }
  meta?: { key: string }
  ct?: { key: string }
  fib?: { result: string; flags: string[] }
}
type Where = { family: string; table: string }

/** Named sets, by what a rule calls them: `@name`. */
export class Sets {
  readonly #all: readonly (Where & { name: string; elem?: unknown[] })[]

  constructor(all: readonly (Where & { name: string; elem?: unknown[] })[]) {
    this.#all = all
  }

  /** Null where it is not known. */
  elementsOf(right: unknown, { family, table }: Where): unknown[] | null {
    if (typeof right === 'string' && right.startsWith('@')) {
      const found = this.#all.find((one) => one.family === family && one.table === table && one.name === right.slice(1))
      return found?.elem ?? (found ? [] : null)
    }
    if (Array.isArray(right)) return right
    const isSet = typeof right === 'object' && right !== null && 'set' in right
    return isSet ? [right.set].flat() : [right]
  }
}

type Understood = { kept: Kept[]; told: string }

const NOT_UNDERSTOOD: Understood = { kept: [{ of: 'other', values: [], isNot: false }], told: UNTOLD }
const PROTOCOLS: Readonly<Record<string, string>> = { 6: 'tcp', 17: 'udp' }

/** `never` among what is kept: the rule holds for nothing that goes over the loopback interface. */
export function matchOf(match: unknown, context: Where & { own: readonly string[]; sets: Sets }): Understood {
  const { op, left, right } = match as Match
  const elements = context.sets.elementsOf(right, context)
  const values = elements?.flatMap((one) => valueOf(one) ?? []) ?? []
  if (elements === null || values.length < elements.length || typeof left !== 'object') return NOT_UNDERSTOOD
  const { payload, meta, ct, fib } = left as Left
  const isNot = op === '!='
  if (payload) return payloadOf(payload, { op, values, isNot }, context.own)
  if (!['==', '!=', 'in'].includes(op)) return NOT_UNDERSTOOD
  if (ct?.key === 'state') return understood('ct state', 'state', values, isNot)
  if (fib?.result === 'type' && fib.flags.join() === 'daddr') return kindOf('fib daddr type', 'local', values, isNot)
  return meta ? metaOf(meta.key, values, isNot, context.own) : NOT_UNDERSTOOD
}

type Asked = { op: string; values: string[]; isNot: boolean }
type Payload = { protocol?: string; field?: string }

function payloadOf(
  { protocol = '', field = '' }: Payload,
  { op, values, isNot }: Asked,
  own: readonly string[],
): Understood {
  const label = `${protocol} ${field}`
  const isAddress = field === 'saddr' || field === 'daddr'
  if ((protocol === 'ip' || protocol === 'ip6') && isAddress) {
    const version: Kept = { of: 'family', values: [protocol === 'ip' ? 'ipv4' : 'ipv6'], isNot: false }
    const of = field === 'saddr' ? 'source' : 'destination'
    const { kept, told } = understood(label, of, addressesKept(values, own), isNot)
    return { kept: [version, ...kept], told }
  }
  const isPort = field === 'sport' || field === 'dport'
  if (['tcp', 'udp', 'th'].includes(protocol) && isPort) {
    const ranges = rangesOf(op, values)
    const transport: Kept = protocol === 'th' ? null : { of: 'protocol', values: [protocol], isNot: false }
    const { kept, told } = understood(label, field === 'sport' ? 'source-port' : 'destination-port', ranges, isNot)
    return { kept: [transport, ...kept], told }
  }
  const isTransport = label === 'ip protocol' || label === 'ip6 nexthdr'
  return isTransport && (op === '==' || op === '!=')
    ? understood(label, 'protocol', named(values), isNot)
    : NOT_UNDERSTOOD
}

function metaOf(key: string, values: string[], isNot: boolean, own: readonly string[]): Understood {
  if (key === 'l4proto') return understood('meta l4proto', 'protocol', named(values), isNot)
  if (key === 'nfproto') return understood('meta nfproto', 'family', values, isNot)
  if (key === 'iif' || key === 'iifname') return understood(key, 'input-interface', interfacesKept(values), isNot)
  if (key === 'oif' || key === 'oifname') return understood(key, 'output-interface', interfacesKept(values), isNot)
  // Whatever goes over the loopback interface is for this machine.
  return key === 'pkttype' && own.length > 0 ? kindOf('meta pkttype', 'host', values, isNot) : NOT_UNDERSTOOD
}

function understood(label: string, of: FilterCondition['of'], values: readonly string[], isNot: boolean): Understood {
  const told = values.length === 0 ? UNTOLD : listed(values)
  return { kept: [conditionOn(of, values, isNot)], told: `${label} ${isNot ? '!= ' : ''}${told}` }
}

/** Of a kind that every packet over the loopback interface is, or none. */
function kindOf(label: string, kind: string, values: readonly string[], isNot: boolean): Understood {
  const isSo = values.includes(kind) !== isNot
  return { kept: [isSo ? null : 'never'], told: `${label} ${isNot ? '!= ' : ''}${listed(values)}` }
}

/** `8080`, `127.0.0.0/8`, `9000-9010`; nothing for what is of another shape. */
function valueOf(one: unknown): string[] | null {
  if (typeof one === 'number' || typeof one === 'string') return [String(one)]
  if (typeof one !== 'object' || one === null) return null
  const { prefix, range, elem } = one as {
    prefix?: { addr: string; len: number }
    range?: unknown[]
    elem?: { val: unknown }
  }
  if (prefix) return [`${prefix.addr}/${prefix.len}`]
  if (range) return [`${String(range[0])}-${String(range[1])}`]
  return elem ? valueOf(elem.val) : null
}

/** Other comparisons as ranges: `>= 9000` is `9000-65535`. */
function rangesOf(op: string, values: readonly string[]): string[] {
  const number = Number(values[0])
  if (op === '<') return number > 0 ? [`0-${number - 1}`] : []
  if (op === '<=') return [`0-${number}`]
  if (op === '>') return number < 65_535 ? [`${number + 1}-65535`] : []
  return op === '>=' ? [`${number}-65535`] : [...values]
}

function named(values: readonly string[]): string[] {
  return values.map((value) => PROTOCOLS[value] ?? value)
}
