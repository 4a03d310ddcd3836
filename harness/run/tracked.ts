/** Watches which top-level keys of the evidence a check reads, so that its verdict can name what it rests on. */

import type { Json } from '../domain/json.ts'

export function tracked(evidence: Json): { value: Json; keys: Set<string> } {
  const keys = new Set<string>()
  if (typeof evidence !== 'object' || evidence === null) return { value: evidence, keys }
  const value = new Proxy(evidence, {
    get(target, key, receiver): unknown {
      if (typeof key === 'string') keys.add(key)
      return Reflect.get(target, key, receiver)
    },
    has(target, key): boolean {
      if (typeof key === 'string') keys.add(key)
      return Reflect.has(target, key)
    },
  })
  return { value, keys }
}
