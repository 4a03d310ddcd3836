/** Gathers the descriptors that lsof tells of: one row for each socket, with every process that holds it. */

import type { LeftOut } from '../domain/look.ts'
import type { Holder, SocketRow } from '../domain/socket-row.ts'
import { countLeftOut } from './left-out.ts'
import { holder } from './reading.ts'

/** What lsof says of one descriptor. `device` is the inode on Linux, elsewhere the address of a structure in the kernel. */
export type LsofDescriptor = { row: SocketRow; device: string; pid: string; fd: string; command: string; user: string }

export class LsofSockets {
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
    const { local, peer } = row
    const isKnownDevice = /[1-9a-f]/i.test(device.replace(/^0x/, ''))
    const ends = peer === null ? '' : `${peer.address} ${peer.port}`
    const key = isKnownDevice ? `${device} ${row.protocol} ${local.address} ${local.port} ${ends}` : `${this.#count}`
    const entry = holder(pid, command, /^\d+$/.test(fd) ? fd : null)
    if (this.#users && user !== '') entry.user = user
    const known = this.#sockets.get(key)
    if (known === undefined) {
      row.holders.push(entry)
      this.#sockets.set(key, row)
    } else if (this.#isNewHolding(key, known.holders, entry)) known.holders.push(entry)
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
