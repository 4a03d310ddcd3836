/** Which things occur in a listing that mean the same in every form, and are to be explained. */

import { isWildcard } from '../domain/endpoint.ts'
import type { Topic } from '../domain/ports-view.ts'
import { isHostName, isLinkLocal, isLoopback, isLoopbackDevice, isMulticast } from '../domain/reach.ts'
import type { ClientRow, Service, ServiceSocket } from '../domain/service.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { Finder } from './facts.ts'
import { examples, isSixWildcard, isUdpWithoutPeer, named, serviceNamed } from './facts.ts'

const among =
  (fits: (row: SocketRow) => boolean): Finder =>
  ({ rows }) =>
    examples(rows, fits, named)

const services =
  (fits: (service: Service) => boolean): Finder =>
  (facts) =>
    examples(facts.services, fits, serviceNamed)

const sockets = (fits: (socket: ServiceSocket) => boolean) => services((service) => service.sockets.some(fits))

const clients =
  (fits: (client: ClientRow) => boolean): Finder =>
  (facts) =>
    examples(facts.clients, fits, ({ row }) => named(row))

/** Services of which the fit is an address: that is what is shown. */
const addresses =
  (fits: (address: string, device: string | null) => boolean): Finder =>
  (facts) =>
    examples(
      facts.services.flatMap((service) => service.sockets),
      ({ address, device }) => fits(address, device),
      ({ address }) => address,
    )

/** A program that has the wildcard address and a single one with the same number, protocol and IP version. */
function hasSpecificToo({ sockets: all, port }: Service): boolean {
  const kindOf = ({ protocol, family }: ServiceSocket) => `${protocol} ${family}`
  const stars = new Set(all.filter(({ address }) => isWildcard(address)).map(kindOf))
  const isSingle = ({ address }: ServiceSocket) => !isWildcard(address) && !isMulticast(address)
  return port > 0 && stars.size > 0 && all.some((socket) => isSingle(socket) && stars.has(kindOf(socket)))
}

function hasSeveral({ holders }: SocketRow): boolean {
  return holders.some(({ pid }) => pid !== holders[0]?.pid)
}

const isOnDevice = ({ device, local }: SocketRow) => device !== null && isWildcard(local.address)
const isOnLoopback = ({ device }: SocketRow) => device !== null && isLoopbackDevice(device)

const isOwn = (address: string) => !isWildcard(address) && !isLoopback(address) && !isMulticast(address)

export const TOPICS_OF_ROWS = {
  'udp-has-no-listen': among((row) => isUdpWithoutPeer(row) && row.local.port > 0),
  wildcard: services(
    ({ port, sockets: all }) => port > 0 && all.some(({ address, device }) => isWildcard(address) && device === null),
  ),
  loopback: addresses((address) => isLoopback(address)),
  'one-address': addresses((address) => isOwn(address) && !isLinkLocal(address) && !isHostName(address)),
  device: among((row) => isOnDevice(row) && !isOnLoopback(row)),
  'loopback-device': among((row) => isOnDevice(row) && isOnLoopback(row)),
  // macOS has fe80::1 on its loopback device: nobody else is on that link.
  'link-local': addresses((address, device) => isLinkLocal(address) && (device === null || !isLoopbackDevice(device))),
  multicast: addresses((address) => isMulticast(address)),
  'dual-stack': among((row) => isSixWildcard(row) && row.takesIPv4 === true),
  'ipv6-only': among((row) => isSixWildcard(row) && row.takesIPv4 === false),
  'several-processes': among((row) => row.peer === null && hasSeveral(row)),
  'several-sockets': sockets((socket) => socket.sockets > 1),
  'tcp-and-udp': services(({ protocols, port }) => protocols.length > 1 && port > 0),
  'specific-beside-wildcard': services(hasSpecificToo),
  connection: clients(({ kind }) => kind === 'served' || kind === 'calling'),
  closing: (facts) =>
    examples(
      facts.clients,
      ({ kind }) => kind === 'closing',
      ({ row }) => row.state ?? '',
    ),
  'perhaps-client': clients(({ kind }) => kind === 'perhaps-client'),
  'client-of-a-server': clients(({ kind, alsoServes }) => kind === 'perhaps-client' && alsoServes !== null),
  'not-listening': clients(({ kind }) => kind === 'not-listening'),
  'no-port': among(({ local, peer }) => local.port === 0 && peer === null),
  'names-for-addresses': addresses((address) => isHostName(address)),
} as const satisfies Partial<Record<Topic, Finder>>
