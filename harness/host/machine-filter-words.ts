/** What may be told of a rule: loopback addresses, the loopback interface, numbers. All else is somebody's own business. */

import { BlockList, isIP } from 'node:net'

import type { FilterCondition } from '../domain/machine.ts'

/** In the place of what is not told. */
export const UNTOLD = '…'

const LOOPBACK = ['127.0.0.1', '::1']
const WHOLE_LOOPBACK = blockOf('127.0.0.0/8')

/**
 * Both addresses of a packet over the loopback interface are this machine's. So of the addresses in a rule only those
 * count that are among them, and only loopback ones are told: `other` stands for the rest.
 */
export function addressesKept(values: readonly string[], own: readonly string[]): string[] {
  const kept = values.flatMap((value) => {
    if (isLoopbackNet(value)) return [value]
    const block = blockOf(value)
    return block === null || own.some((address) => has(block, address)) ? ['other'] : []
  })
  return [...new Set(kept)]
}

/** An address of the loopback block, or a network that has one in it. */
function isLoopbackNet(value: string): boolean {
  const block = blockOf(value)
  const [first = ''] = value.split(/[/-]/)
  return block !== null && ([...LOOPBACK].some((one) => has(block, one)) || has(WHOLE_LOOPBACK, first))
}

export function interfacesKept(values: readonly string[]): string[] {
  return values.map((value) => {
    const isLoopback = value === 'lo' || (value.endsWith('*') && 'lo'.startsWith(value.slice(0, -1)))
    return isLoopback ? 'lo' : 'other'
  })
}

/** `127.0.0.1`, `127.0.0.0/8` or `127.0.0.1-127.0.0.9`; null for what is none of these. */
export function blockOf(value: string): BlockList | null {
  const [first = '', length] = value.split('/')
  const [from = '', to] = value.split('-')
  const family = isIP(length === undefined ? from : first) === 6 ? 'ipv6' : 'ipv4'
  const block = new BlockList()
  try {
    if (length !== undefined) block.addSubnet(first, Number(length), family)
    else if (to !== undefined) block.addRange(from, to, family)
    else block.addAddress(value, family)
    return block
  } catch {
    return null
  }
}

function has(block: BlockList | null, address: string): boolean {
  return block?.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') ?? false
}

/** `never`: no packet over the loopback interface is so. Null: every one is. */
export type Kept = FilterCondition | 'never' | null

/** A condition whose values were reduced to what may be told. */
export function conditionOn(of: FilterCondition['of'], values: readonly string[], isNot: boolean): Kept {
  if (values.length === 0) return isNot ? null : 'never'
  const isElsewhere = of.endsWith('-interface') && !values.includes('lo')
  if (isElsewhere) return isNot ? null : 'never'
  return { of, values: [...values], isNot }
}

/** `{ 1, 2, 5-9 }`, or the one value as it is. Of a long list the first ones stand for all. */
export function listed(values: readonly string[]): string {
  const told = values.map((value) => (value === 'other' ? UNTOLD : value))
  const some = told.length > MOST_TOLD ? [...told.slice(0, MOST_TOLD), UNTOLD] : told
  return some.length === 1 ? (some[0] ?? '') : `{ ${some.join(', ')} }`
}

const MOST_TOLD = 8

/** One after the other; what is not told, once. */
export function asLine(words: readonly string[]): string {
  return words.filter((word, index) => word !== '' && !(word === UNTOLD && words[index - 1] === UNTOLD)).join(' ')
}
