/** Reads `ADDRESS:PORT` as lsof and ss print it, in numbers or with names, or says what is wrong with it. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import { splitEndpoint } from './address.ts'
import { readPrinted } from './printed-endpoint.ts'
import { CUT_SHORT } from './reading.ts'
import type { Unreadable } from './reading.ts'
import type { ServiceNames } from './service-names.ts'

/** `device` is what stands behind a `%`. A host name is kept as the address. */
export function readEndpoint(
  text: string,
  family: AddressFamily,
  protocol: Protocol,
  services?: ServiceNames,
): { endpoint: Endpoint; device: string | null } | Unreadable {
  const parts = splitEndpoint(text)
  if (parts === null) return CUT_SHORT
  const read = readPrinted({ host: parts.address, port: parts.port, isCut: false }, family, protocol, services)
  return typeof read === 'string' ? { why: read } : { endpoint: read.endpoint, device: parts.device }
}

/** Words of the listing inside a sentence: not the whole of a very long one. */
export function shown(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`
}
