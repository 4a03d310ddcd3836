/** Reads the addresses and ports of a listing into the one spelling that rows use. */

import { isIPv4 } from 'node:net'
import type { AddressFamily } from '../domain/endpoint.ts'
import { formatIPv6, parseIPv6 } from './ipv6.ts'

/** `[::1%eth0]:80` and `[::1]%eth0:80` as `::1`, `eth0` and `80`; `null` where there is no port. */
export function splitEndpoint(text: string): { address: string; device: string | null; port: string } | null {
  const colon = text.lastIndexOf(':')
  if (colon === -1 || colon === text.length - 1) return null
  const port = text.slice(colon + 1)
  const host = text.slice(0, colon)
  const close = host.startsWith('[') ? host.indexOf(']') : -1
  if (close === -1) return withDevice(host, host.indexOf('%'), port)
  const inside = withDevice(host.slice(1, close), host.slice(1, close).indexOf('%'), port)
  if (close === host.length - 1) return inside
  const behind = host.slice(close + 1)
  const isDevice = behind.startsWith('%') && behind.length > 1
  return inside === null || !isDevice ? { address: host, device: null, port } : { ...inside, device: behind.slice(1) }
}

function withDevice(host: string, percent: number, port: string) {
  if (percent === -1) return { address: host, device: null, port }
  const device = host.slice(percent + 1)
  return device === '' ? null : { address: host.slice(0, percent), device, port }
}

/**
 * An address as rows spell it, or `null` where the text is no address of that family.
 * lsof and netstat print the IPv4-mapped addresses of an IPv6 socket as `127.0.0.1`: rows write `::ffff:127.0.0.1`.
 */
export function readAddress(text: string, family: AddressFamily): string | null {
  if (text === '*') return family === 'IPv4' ? '0.0.0.0' : '::'
  if (isIPv4(text)) return family === 'IPv4' ? text : `::ffff:${text}`
  return family === 'IPv6' ? spelledIPv6(text) : null
}

/** The spellings found lately: a listing has the same few addresses in most of its rows. */
const spelled = new Map<string, string | null>()
const MOST_SPELLED = 1024

function spelledIPv6(text: string): string | null {
  const known = spelled.get(text)
  if (known !== undefined) return known
  const groups = parseIPv6(text)
  const spelling = groups === null ? null : formatIPv6(groups)
  if (spelled.size === MOST_SPELLED) spelled.clear()
  if (text.length < 64) spelled.set(text, spelling)
  return spelling
}
