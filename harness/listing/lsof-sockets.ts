/** Gathers the descriptors that lsof tells of: one row for each socket, with every process that holds it. */

import type { Endpoint } from '../domain/endpoint.ts'
import type { LeftOut } from '../domain/look.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import { countLeftOut } from './left-out.ts'
import { holder } from './reading.ts'

/** What lsof says of one descriptor. `device` is the inode on Linux, elsewhere the address of a structure in the kernel. */
export type LsofDescriptor = { row: SocketRow; device: string; pid: string; fd: string; command: string; user: string }

/** Zeros alone are what lsof prints where it was told none. */
const KNOWN_DEVICE = /[1-9a-f]/i

export class LsofSockets {
  /** By device; where one device is told of several sockets, the others by their ends too. Without a device each is its own. */
  readonly #sockets = new Map<string, SocketRow>()
  /** Of the sockets that were met more than once. */
  readonly #holdings = new Map<string, Set<string>>()
  readonly #leftOut = countLeftOut()
  readonly #users: boolean
  #count = 0

  constructor({ users }: { users: boolean }) {
    this.#users = users
  }

  add({ row, device, pid, fd, command, user }: LsofDescriptor): void {
    this.#count += 1
    const key = this.#keyOf(device, row)
    const known = this.#sockets.get(key)
    const entry = holder(pid, command, /^\d+$/.test(fd) ? fd : null)
    if (this.#users && user !== '') entry.user = user
    if (known === undefined) {
      row.holders.push(entry)
      this.#sockets.set(key, row)
    } else if (this.#isNewHolding(key, known.holders, entry)) known.holders.push(entry)
  }

  #keyOf(device: string, row: SocketRow): string {
    if (!KNOWN_DEVICE.test(device)) return `no device ${this.#count}`
    const first = this.#sockets.get(device)
    if (first === undefined || isSameSocket(first, row)) return device
    const { protocol, local, peer } = row
    return `${device} ${protocol} ${local.address} ${local.port} ${peer === null ? '' : `${peer.address} ${peer.port}`}`
  }

  /** With `-K` each thread of a process has the same descriptors again: they are one holding. */
  #isNewHolding(key: string, holders: readonly Holder[], { pid, fd }: Holder): boolean {
    let holdings = this.#holdings.get(key)
    if (holdings === undefined) {
      holdings = new Set(holders.map((one) => `${one.pid} ${one.fd}`))
      this.#holdings.set(key, holdings)
    }
    const size = holdings.size
    return holdings.add(`${pid} ${fd}`).size > size
  }

  leaveOut(kind: LeftOut['kind']): void {
    this.#leftOut.add(kind)
  }

  rows(): SocketRow[] {
    return [...this.#sockets.values()]
  }

  leftOut(): LeftOut[] {
    return this.#leftOut.all()
  }
}

function isSameSocket(one: SocketRow, other: SocketRow): boolean {
  if (one.protocol !== other.protocol || !isSameEnd(one.local, other.local)) return false
  if (one.peer === null || other.peer === null) return one.peer === other.peer
  return isSameEnd(one.peer, other.peer)
}

function isSameEnd(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address
}
