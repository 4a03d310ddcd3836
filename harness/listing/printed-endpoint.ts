/** Reads an endpoint as people's listings have it: in numbers or with names, with a zone, or cut short by its column. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import { readAddress } from './address.ts'
import { readPort } from './service-names.ts'
import type { ServiceNames } from './service-names.ts'

export type PrintedEndpoint = { endpoint: Endpoint; device: string | null }

/** `host` as it stands before the port, perhaps with a zone. `isCut`: its column may have had no room for all of it. */
export type Printed = { host: string; port: string; isCut: boolean }

/** Stands at the end of an address of which the rest is not known. */
export const CUT_MARK = '…'

const TORN = 'it has one bracket of two, and seems to be cut short'

const HOST_NAME = /^[A-Za-z_](?:[\w.-]*\w)?\.?$|^\w[\w-]*(?:\.[\w-]+)*\.?$/

/**
 * The endpoint, or why there is none, as the end of a sentence. What is left of a cut address is kept and marked: its
 * beginning is sure, and it is no wildcard and no loopback address, since those are short.
 */
export function readPrinted(
  { host, port, isCut }: Printed,
  family: AddressFamily,
  protocol: Protocol,
  services?: ServiceNames,
): PrintedEndpoint | string {
  if (host.includes('[') !== host.includes(']') || port.includes(']')) return `"${host}:${port}" is torn: ${TORN}`
  const number = readPort(port, protocol, services)
  if (number === null) return unknownPort(port)
  const [, bare = host, zone = null] = /^\[?([^\]%]*)(?:%([^\]]*))?\]?$/.exec(host) ?? []
  const address = isCut ? null : readAddress(bare, family)
  if (address !== null) return { endpoint: { address, port: number }, device: zone }
  if (isCut && bare !== '') return { endpoint: { address: `${bare}${CUT_MARK}`, port: number }, device: null }
  if (/^[\d.]+$/.test(bare) || !HOST_NAME.test(bare)) return `"${host}" is no address of ${family}`
  return { endpoint: { address: bare, port: number }, device: zone }
}

function unknownPort(port: string): string {
  if (/^\d+$/.test(port)) return `there is no port ${port}`
  if (port === '') return 'it has no port'
  return `services(5) of this machine has no number for the port called "${port}"`
}

/** Where the host ends and the port begins; `null` where there is no port. */
export function splitAtLast(text: string, separator: ':' | '.'): { host: string; port: string } | null {
  const at = text.lastIndexOf(separator)
  return at < 1 || at === text.length - 1 ? null : { host: text.slice(0, at), port: text.slice(at + 1) }
}
