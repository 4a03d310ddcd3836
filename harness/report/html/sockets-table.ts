/** The sockets of an act, each with its life: they come by being told of or seen, and go with the last process that holds them. */

import { isWildcard } from '../../domain/endpoint.ts'
import type { Endpoint, Protocol } from '../../domain/endpoint.ts'
import type { SocketRow } from '../../domain/socket-row.ts'
import type { Held, Who } from './sockets-rows.ts'
import { covers, isSame } from './sockets-rows.ts'

const UNKNOWN = {
  onNeighbour: false,
  takesIPv4: null,
  reusePort: null,
  peer: null,
  device: null,
  inode: null,
  until: null,
  listensFrom: null,
}

/** What is known of a socket when it comes. */
export type Coming = Omit<Held, keyof typeof UNKNOWN> & Partial<Held>

/** Who saw it, and when. `namesAllHolders`: netstat names one process of several, and a second listing says nothing new. */
type Sight = {
  from: number
  isFirst: Held['isFirst']
  onNeighbour: boolean
  holders: Who[]
  namesAllHolders: boolean
}

export class SocketTable {
  readonly held: Held[] = []

  add(coming: Coming): void {
    this.held.push({ ...UNKNOWN, ...coming })
  }

  /** Its own word: it was bound or listens now. A descriptor of a socket that is there already makes one more holder. */
  tell(coming: Coming, who: Who): void {
    const before = this.held.find((one) => one.until === null && isOne(one, coming, who))
    if (!before) {
      this.#replace(coming)
      return this.add(coming)
    }
    if (before.state === 'bound' && coming.state === 'listening') before.listensFrom = coming.from
    before.state = coming.state
    if (!holds(before, who.pid)) before.holders.push(who)
  }

  /** Two sockets listen at one place only where both have SO_REUSEPORT: whoever was there before is gone. */
  #replace({ protocol, local, state, reusePort, from, onNeighbour = false }: Coming): void {
    if (protocol !== 'tcp' || state !== 'listening' || reusePort !== false) return
    for (const one of this.held) {
      const isThere = one.local.port === local.port && one.local.address === local.address
      const isListener = one.protocol === 'tcp' && one.state === 'listening' && one.onNeighbour === onNeighbour
      if (isThere && isListener && one.until === null) one.until = from - 0.5
    }
  }

  /** A row of a listing. A socket that was thought to be gone and is listed was not gone. */
  see(row: SocketRow, coming: Sight): void {
    const { protocol, local, peer, inode, takesIPv4, device } = row
    const { from, isFirst, onNeighbour, holders } = coming
    const known = this.held.find(
      (one) =>
        one.onNeighbour === onNeighbour &&
        isSame(one, row) &&
        (one.until === null || (inode !== null && one.inode === inode)),
    )
    if (!known) {
      const state = protocol === 'tcp' ? 'listening' : 'bound'
      this.add({ protocol, local, peer, device, inode, takesIPv4, state, from, isFirst, onNeighbour, holders })
      return
    }
    known.until = null
    known.inode ??= inode
    known.takesIPv4 = takesIPv4 ?? known.takesIPv4
    known.peer = peer ?? known.peer
    known.device = device ?? known.device
    if (!coming.namesAllHolders || row.holders.length === 0) return
    for (const who of holders) if (!holds(known, who.pid)) known.holders.push(who)
    for (const who of known.holders)
      if (who.left === null && !holders.some(({ pid }) => pid === who.pid)) who.left = from
  }

  /** A listing that would show them does not show these sockets. */
  missing(isGone: (one: Held) => boolean, at: number): void {
    for (const one of this.held) {
      // A TCP socket that does not listen is in no listing on most systems.
      const isListed = one.protocol === 'udp' || one.state === 'listening'
      if (one.until === null && isListed && isGone(one)) one.until = at
    }
  }

  /** Who got something has a socket there, even where nobody told of it. */
  infer(protocol: Protocol, to: Endpoint, who: Who, from: number): void {
    const isThere = (one: Held) =>
      one.protocol === protocol && one.until === null && one.local.port === to.port && holds(one, who.pid)
    const known = this.held.find((one) => isThere(one) && (isWildcard(one.local.address) || covers(one, to)))
    if (known) {
      if (known.local.address === '::' && !to.address.includes(':')) known.takesIPv4 = true
      return
    }
    const kin = this.held.find(
      (one) => one.protocol === protocol && covers(one, to) && one.holders.some(({ name }) => name === who.name),
    )
    if (kin) {
      kin.until = null
      kin.holders.push(who)
    } else {
      const state = protocol === 'tcp' ? 'listening' : 'bound'
      this.add({ protocol, local: to, state, holders: [who], from, isFirst: 'seen' })
    }
  }

  /** Who is refused where a listener should be learns that it takes no IPv4, or that it has been closed. */
  contradict(to: Endpoint, at: number): void {
    for (const one of this.held) {
      if (one.protocol !== 'tcp' || one.until !== null || one.onNeighbour || one.state !== 'listening') continue
      if (!covers(one, to)) continue
      if (one.local.address === '::' && !to.address.includes(':')) one.takesIPv4 = false
      else one.until = at - 0.5
    }
  }

  /** A socket is gone when the last process that has it open is. */
  leave(pid: number, at: number): void {
    for (const one of this.held) {
      if (one.until !== null || !holds(one, pid)) continue
      for (const who of one.holders) if (who.pid === pid) who.left = at
      if (one.holders.every(({ left }) => left !== null)) one.until = at
    }
  }
}

function holds({ holders }: Held, pid: number): boolean {
  return holders.some((one) => one.pid === pid && one.left === null)
}

function isOne(one: Held, { protocol, local, inode = null }: Coming, { pid }: Who): boolean {
  if (inode !== null && one.inode === inode) return true
  const isThere = one.protocol === protocol && one.local.port === local.port && one.local.address === local.address
  return isThere && holds(one, pid)
}
