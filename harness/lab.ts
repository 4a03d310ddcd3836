/** All that a lab may import: how to declare one, how to write its words, and the reading of rows. */

import type { Json } from './domain/json.ts'
import type { Act, AnyAct, Lab } from './domain/lab.ts'

export type { Narration } from './domain/narration.ts'
export type { Connected, Ended, Listed, Sent, Started, Tally } from './domain/observation.ts'
export type { SocketRow } from './domain/socket-row.ts'
export { formatEndpoint } from './domain/endpoint.ts'

/** Declares one act. The types of the evidence and of the outcomes follow from what is written in it. */
export function act<E extends Json, const C extends Record<string, readonly string[]>>(declared: Act<E, C>): Act<E, C> {
  return declared
}

/** Declares a lab: one to five acts, narrated in this order. */
export function defineLab<const A extends Record<string, AnyAct>>(lab: Lab<A>): Lab<A> {
  return lab
}
