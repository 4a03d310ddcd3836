/** What listings tell of sockets, as the picture of ports has it. */

import { addressFamily, isWildcard } from '../../domain/endpoint.ts'
import type { AddressFamily } from '../../domain/endpoint.ts'
import type { Who } from '../../domain/ports-who.ts'
import type { Service } from '../../domain/service.ts'
import { drawingWords } from '../../words/drawings.en.ts'
import { mapWords } from '../../words/html-ports.en.ts'
import type { MapSocket } from './ports-map.ts'

export function socketsOfServices(services: readonly Service[]): MapSocket[] {
  return services.flatMap(({ port, processes, sockets }) =>
    sockets.map((socket): MapSocket => ({
      ...placeOf(socket),
      protocol: socket.protocol,
      port,
      who: whoHas(socket.pids, processes, socket.owner ?? socket.uid?.toString() ?? null),
      notes: [...notesOf(socket), ...(socket.sockets > 1 ? [mapWords.sockets(socket.sockets)] : [])],
    })),
  )
}

/** Of one port: what has it for itself, and no ends of connections. */
export function socketsOfWho({ port, sockets, processes }: Who): MapSocket[] {
  return sockets
    .filter(({ protocol, peer }) => peer === null || protocol === 'udp')
    .map((socket): MapSocket => ({
      ...placeOf(socket),
      protocol: socket.protocol,
      port,
      who: whoHas(socket.pids, processes, socket.owner),
      notes: [
        ...notesOf(socket),
        ...(socket.protocol === 'tcp' && socket.state !== 'LISTEN' ? [drawingWords.boundOnly] : []),
        ...(socket.peer === null ? [] : [drawingWords.onlyFrom(socket.peer)]),
      ],
    }))
}

type Placed = { address: string; family: AddressFamily; takesIPv4: boolean | null; device: string | null }

/** A name in an address's place does not say of which version of IP it is. */
function placeOf({ address, family, takesIPv4 }: Placed): Pick<MapSocket, 'address' | 'takesIPv4'> {
  const isName = family === 'IPv6' && addressFamily(address) === 'IPv4'
  return { address: isName ? `${address} (IPv6)` : address, takesIPv4 }
}

function notesOf({ address, takesIPv4, device }: Placed): string[] {
  return [
    ...(isWildcard(address) ? [address] : []),
    ...(address === '::'
      ? [takesIPv4 === null ? mapWords.perhapsBoth : takesIPv4 ? drawingWords.takesBoth : drawingWords.takesIPv6Only]
      : []),
    ...(device === null ? [] : [drawingWords.onDevice(device)]),
  ]
}

/** `sshd (512)`, `nginx (7, 8)`; the owner, where no program is seen. */
function whoHas(
  pids: readonly number[],
  processes: readonly { pid: number; command: string | null }[],
  owner: string | null,
): string {
  if (pids.length === 0) return owner === null ? mapWords.unseen : mapWords.ofUser(owner)
  const names = Map.groupBy(pids, (pid) => processes.find((one) => one.pid === pid)?.command ?? mapWords.process)
  return [...names].map(([name, own]) => `${name} (${own.join(', ')})`).join(', ')
}
