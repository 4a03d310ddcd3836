/** What a rule of nft does with a packet: libnftables-json(5), verdicts, reject, redirect, dnat and tproxy. */

import type { FilterRule } from '../domain/machine.ts'
import { addressesKept, UNTOLD } from './machine-filter-words.ts'

type Verdict = Pick<FilterRule, 'does' | 'chain'> & { told: string }
type Target = { family?: string; addr?: unknown; port?: unknown } | null

/** Null for what is no verdict. */
export function verdictOf(
  statement: Readonly<Record<string, unknown>>,
  { chainNumber }: { chainNumber: (name: string) => number },
): Verdict | null {
  const [kind = ''] = Object.keys(statement)
  const value = statement[kind]
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'return':
      return { does: kind, chain: null, told: kind }
    // Whoever reads the queue decides; where nobody does, the packet is lost.
    case 'queue':
      return { does: 'drop', chain: null, told: kind }
    case 'jump':
    case 'goto':
      return { does: kind, chain: chainNumber((value as { target: string }).target), told: '' }
    case 'reject':
      return { does: kind, chain: null, told: rejectInWords(value as { type?: string; expr?: unknown } | null) }
    case 'redirect':
    case 'dnat':
    case 'tproxy':
      return { does: 'redirect', chain: null, told: `${kind} to ${targetInWords(value as Target)}` }
    default:
      return null
  }
}

function rejectInWords(reject: { type?: string; expr?: unknown } | null): string {
  const { type, expr } = reject ?? {}
  if (type === undefined) return 'reject'
  return `reject with ${[type, typeof expr === 'string' ? expr : ''].join(' ').trim()}`
}

function targetInWords(target: Target): string {
  const { addr, port } = target ?? {}
  const told = typeof addr === 'string' && addressesKept([addr], []).length > 0 ? addr : UNTOLD
  const address = addr === undefined ? '' : told
  const isNumber = typeof port === 'number'
  return `${address}${isNumber ? `:${port}` : address === '' ? UNTOLD : ''}`
}
