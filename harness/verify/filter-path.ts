/**
 * Follows a packet over the loopback interface through the chains of a packet filter: which rule keeps it back or leads it
 * elsewhere. A rule that was understood in part only may hold, or may not; so may what comes after it. Pure.
 */

import { BlockList, isIP } from 'node:net'

import type { FilterChain, FilterCondition, FilterRule, PacketFilter } from '../domain/machine.ts'
import { FILTER_HOOKS } from '../domain/machine.ts'

/** Null is what is not known, and may be anything. Ports are ranges: of a client often only its range is known. */
export type Packet = {
  protocol: 'tcp' | 'udp' | null
  source: string | null
  destination: string | null
  sourcePorts: readonly [number, number]
  destinationPorts: readonly [number, number]
  /** `new` begins a connection, `established` answers one: conntrack(8). */
  state: 'new' | 'established' | null
}

type Hook = NonNullable<FilterChain['hook']>

export type Finding = {
  does: 'drop' | 'reject' | 'redirect'
  hook: Hook
  /** The rule as the tool shows it, or the policy of its chain. */
  text: string
  shownBy: string
  /** Whether it was sure to meet the packet; else it may have. */
  isSure: boolean
}

type Answer = 'yes' | 'no' | 'maybe'

/** In the order in which the packet meets them. After one that is sure nothing more is met. */
export function findingsFor(filter: PacketFilter, packet: Packet): Finding[] {
  const found: Finding[] = []
  for (const hook of FILTER_HOOKS) {
    for (const chain of filter.chains.filter((one) => one.hook === hook)) {
      const walk = new Walk(filter, packet, hook)
      walk.base(chain)
      found.push(...walk.found)
      if (found.some(({ isSure }) => isSure)) return found
    }
  }
  return found
}

/** What becomes of a packet in a chain: its way ends there, it goes back to the chain before, or it comes to the end. */
type End = 'ended' | 'came-back'

class Walk {
  readonly found: Finding[] = []
  readonly #filter: PacketFilter
  readonly #packet: Packet
  readonly #hook: Hook
  /** False once a rule may have let the packet go. */
  #isSure = true

  constructor(filter: PacketFilter, packet: Packet, hook: Hook) {
    this.#filter = filter
    this.#packet = packet
    this.#hook = hook
  }

  base(chain: FilterChain): void {
    if (this.#through(chain) === 'ended' || chain.policy === 'accept') return
    this.#find('drop', { text: 'policy drop', shownBy: chain.shownBy })
  }

  #through({ rules, shownBy }: FilterChain): End {
    for (const rule of rules) {
      const holds = this.#all(rule.wants)
      if (holds === 'no') continue
      const end = this.#perform(rule, shownBy, holds)
      if (end !== null) return end
    }
    return 'came-back'
  }

  /** Null where the packet goes on to the next rule. */
  #perform({ does, text, chain }: FilterRule, shownBy: string, holds: 'yes' | 'maybe'): End | null {
    const wasSure = this.#isSure
    if (holds === 'maybe') this.#isSure = false
    switch (does) {
      case 'drop':
      case 'reject':
      case 'redirect':
        this.#find(does, { text, shownBy })
        // Where it did not hold, all is as it was.
        this.#isSure = wasSure
        return this.found.at(-1)?.isSure === true ? 'ended' : null
      case 'accept':
        return this.#isSure ? 'ended' : null
      case 'return':
        return this.#isSure ? 'came-back' : null
      case 'jump':
      case 'goto':
        return this.#follow(does, chain, holds)
    }
  }

  #follow(does: 'jump' | 'goto', number: number | null, holds: 'yes' | 'maybe'): End | null {
    const chain = number === null ? undefined : this.#filter.chains[number]
    if (chain === undefined) this.#isSure = false
    const end = chain === undefined ? 'came-back' : this.#through(chain)
    if (end === 'ended') return this.#isSure || this.found.at(-1)?.isSure === true ? 'ended' : null
    return does === 'goto' && holds === 'yes' ? 'came-back' : null
  }

  #find(does: Finding['does'], rule: { text: string; shownBy: string }): void {
    this.found.push({ does, hook: this.#hook, ...rule, isSure: this.#isSure })
  }

  #all(conditions: readonly FilterCondition[]): Answer {
    const answers = conditions.map((one) => this.#holds(one))
    return answers.includes('no') ? 'no' : answers.includes('maybe') ? 'maybe' : 'yes'
  }

  #holds({ of, values, isNot }: FilterCondition): Answer {
    const answer = this.#isAmong(of, values)
    return answer === 'maybe' || !isNot ? answer : answer === 'yes' ? 'no' : 'yes'
  }

  #isAmong(of: FilterCondition['of'], values: readonly string[]): Answer {
    const { protocol, source, destination, sourcePorts, destinationPorts, state } = this.#packet
    const isLeaving = this.#hook === 'output' || this.#hook === 'postrouting'
    switch (of) {
      case 'family':
        return among(values, destination === null ? null : familyOf(destination))
      case 'protocol':
        return among(values, protocol)
      case 'state':
        return among(values, state)
      case 'source':
        return addressAmong(values, source)
      case 'destination':
        return addressAmong(values, destination)
      case 'source-port':
        return portsAmong(values, sourcePorts)
      case 'destination-port':
        return portsAmong(values, destinationPorts)
      // It has no interface yet by which it came in, and later none by which it goes out.
      case 'input-interface':
        return !isLeaving && values.includes('lo') ? 'yes' : 'no'
      case 'output-interface':
        return isLeaving && values.includes('lo') ? 'yes' : 'no'
      case 'other':
        return 'maybe'
    }
  }
}

function among(values: readonly string[], value: string | null): Answer {
  return value === null ? 'maybe' : values.includes(value) ? 'yes' : 'no'
}

function portsAmong(values: readonly string[], [first, last]: readonly [number, number]): Answer {
  const ranges = values.map((value) => value.split('-').map(Number))
  if (ranges.some(([from = NaN, to = from]) => !(from <= to))) return 'maybe'
  if (ranges.some(([from = NaN, to = from]) => from <= first && last <= to)) return 'yes'
  return ranges.some(([from = NaN, to = from]) => from <= last && first <= to) ? 'maybe' : 'no'
}

/** `other`: an address of this machine that is not told, and is no loopback address. */
function addressAmong(values: readonly string[], address: string | null): Answer {
  if (address === null) return 'maybe'
  if (values.some((value) => value !== 'other' && isWithin(value, address))) return 'yes'
  const isLoopback = address.startsWith('127.') || address === '::1'
  return values.includes('other') && !isLoopback ? 'maybe' : 'no'
}

function isWithin(value: string, address: string): boolean {
  const block = new BlockList()
  const [first = '', length] = value.split('/')
  const [from = '', to] = value.split('-')
  try {
    if (length !== undefined) block.addSubnet(first, Number(length), familyOf(first))
    else if (to !== undefined) block.addRange(from, to, familyOf(from))
    else block.addAddress(value, familyOf(value))
  } catch {
    return false
  }
  return block.check(address, familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
