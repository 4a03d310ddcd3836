/** Reads the addresses and ports of a listing into the one spelling that rows use. */

import { isIPv4 } from 'node:net'
import type { AddressFamily } from '../domain/endpoint.ts'
import { formatIPv6, parseIPv6 } from './ipv6.ts'

/** `[::1%eth0]:80` and `[::1]%eth0:80` as `::1`, `eth0` and `80`; `null` where there is no port. */
export function splitEndpoint(text: string): { address: string; device: string | null; port: string } | null {
  const parts = /^(\[[^\]]*\]|[^%]*)(?:%(.+))?:([^:]+)$/.exec(text)
  if (parts === null) return null
  const [address, zone] = (parts[1] ?? '').replace(/^\[(.*)\]$/, '$1').split('%')
  return { address: address ?? '', device: parts[2] ?? zone ?? null, port: parts[3] ?? '' }
}

/**
 * An address as rows spell it, or `null` where the text is no address of that family.
 * lsof and netstat print the IPv4-mapped addresses of an IPv6 socket as `127.0.0.1`: rows write `::ffff:127.0.0.1`.
 */
export function readAddress(text: string, family: AddressFamily): string | null {
  if (text === '*') return family === 'IPv4' ? '0.0.0.0' : '::'
  if (isIPv4(text)) return family === 'IPv4' ? text : `::ffff:${text}`
  const groups = family === 'IPv6' ? parseIPv6(text) : null
  return groups === null ? null : formatIPv6(groups)
}
