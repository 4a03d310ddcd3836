/** Which packets a surprise is about: what was sent to an endpoint over the loopback interface, and what answers it. Pure. */

import type { Machine } from '../domain/machine.ts'
import { isWildcard, unmapped } from '../domain/endpoint.ts'
import type { Finding, Packet } from './filter-path.ts'
import { findingsFor } from './filter-path.ts'
import { valueOf } from './causes/known-cause.ts'

const ANY_PORT = [0, 65_535] as const

/** Where something was sent. `protocol` is null where it is not known. */
export type Sending = { protocol: 'tcp' | 'udp' | null; address: string; port: number | null }

/** What may happen to any packet at all over the loopback interface. */
export function findingsForAny({ filter }: Machine): Finding[] {
  if (!filter) return []
  const [sourcePorts, destinationPorts] = [ANY_PORT, ANY_PORT]
  const base = { protocol: null, source: null, destination: null, sourcePorts, destinationPorts, state: null }
  return findingsFor(filter, base)
}

/** On the way there, and on the way back where it got there. Sure ones first. */
export function findingsForSending(machine: Machine, { protocol, address, port }: Sending): Finding[] {
  const { filter } = machine
  if (!filter) return []
  const destination = reachedBy(address)
  const source = destination.startsWith('127.') ? '127.0.0.1' : destination
  const [own, others] = [port === null ? ANY_PORT : ([port, port] as const), clientPorts(machine)]
  const there: Packet = {
    protocol,
    source,
    destination,
    sourcePorts: others,
    destinationPorts: own,
    state: 'new',
  }
  const back: Packet = {
    protocol,
    source: destination,
    destination: source,
    sourcePorts: own,
    destinationPorts: others,
    state: 'established',
  }
  const first = findingsFor(filter, there)
  const found = first.some(({ isSure }) => isSure) ? first : [...first, ...findingsFor(filter, back)]
  return [...found.filter(({ isSure }) => isSure), ...found.filter(({ isSure }) => !isSure)]
}

/** A client of a wildcard address comes to the loopback one: tcp(7). */
function reachedBy(address: string): string {
  if (isWildcard(address)) return address.includes(':') ? '::1' : '127.0.0.1'
  return unmapped(address)
}

function clientPorts(machine: Machine): readonly [number, number] {
  const [first, last] = (valueOf(machine, 'net.ipv4.ip_local_port_range') ?? '').split(' ').map(Number)
  return first && last ? [first, last] : ANY_PORT
}
