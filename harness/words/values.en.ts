/** What a program tells of something that only it could see, in words. */

import type { Endpoint } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import type { Json } from '../domain/json.ts'

const MOST_CHARACTERS = 160
/** Of a longer list the first ones stand for all. */
const MOST_TOLD = 4

/** What a program told, on one line; long values are cut, the saved evidence has them whole. */
export function shortened(value: Json): string {
  const text = told(value)
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`
}

/** `own 127.0.0.1:8080, peer none`: names and values, without the signs of JSON. */
function told(value: Json): string {
  if (value === null) return 'none'
  if (value === '') return 'nothing'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  // A measured number has more digits than anybody reads.
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)))
  if (typeof value === 'string') return value
  if (isEndpoint(value)) return formatEndpoint(value)
  if (Array.isArray(value)) return listed(value as readonly Json[])
  return Object.entries(value)
    .map(([name, one]) => `${name} ${inner(one)}`)
    .join(', ')
}

function listed(values: readonly Json[]): string {
  if (values.length === 0) return 'none'
  const first = values.slice(0, values.length > MOST_TOLD ? 2 : MOST_TOLD).map(inner)
  return values.length > MOST_TOLD ? `${values.length} in all, ${first.join(', ')} and so on` : first.join(', ')
}

/** A value within another one: in brackets where it has parts of its own. */
function inner(value: Json): string {
  const hasParts = typeof value === 'object' && value !== null && !isEndpoint(value)
  return hasParts && Object.keys(value).length > 1 ? `(${told(value)})` : told(value)
}

function isEndpoint(value: Json): value is Endpoint {
  return typeof value === 'object' && value !== null && Object.keys(value).sort().join() === 'address,port'
}
