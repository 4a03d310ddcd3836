/** What netstat, fstat and sockstat print on the BSDs. */

import type { SocketRow } from '../../../harness/domain/socket-row.ts'
import type { Fact } from './facts.ts'
import { aligned, bare, isIPv6, UNDERSCORED } from './printer.ts'
import type { Printer } from './printer.ts'

const BSD_STATES: Readonly<Record<string, string>> = {
  'SYN-RECEIVED': 'SYN_RCVD',
  'FIN-WAIT-1': 'FIN_WAIT_1',
  'FIN-WAIT-2': 'FIN_WAIT_2',
}

const stateOf = ({ state }: Fact) => (state === null ? '' : (BSD_STATES[state] ?? UNDERSCORED[state]))

const isWildcard = (address: string) => address === '::' || address === '0.0.0.0'

/** The zone stands within the address: `fe80::1%lo0.123`. */
const hostOf = (address: string, device: string | null = null) =>
  `${isWildcard(address) ? '*' : address}${device === null ? '' : `%${device}`}`

/** A device can only be told as the zone of an IPv6 address that is no wildcard. */
const zoneOf = ({ local, device }: Fact) => (local.address.startsWith('fe80:') ? device : null)

function netstatRow(fact: Fact): SocketRow {
  return {
    ...bare(fact),
    state: fact.state,
    stateAsPrinted: stateOf(fact),
    takesIPv4: fact.takesIPv4 === true ? true : null,
    receiveQueue: fact.receiveQueue,
    sendQueue: fact.state === 'LISTEN' ? null : fact.sendQueue,
    device: zoneOf(fact),
  }
}

/** The host of an address that fills its column may have been cut. */
const CUT = 16
const isWhole = (fact: Fact) =>
  [hostOf(fact.local.address, zoneOf(fact)), hostOf(fact.peer?.address ?? '')].every((host) => host.length !== CUT)

/** FreeBSD and macOS: `tcp4`, `tcp6`, and `tcp46` for a dual-stack socket. */
const FREEBSD: Printer = {
  name: 'netstat -an of FreeBSD',
  format: 'netstat-bsd',
  print(given) {
    const facts = given.filter(isWhole)
    const lines = facts.map((fact) => [
      `${fact.protocol}${isIPv6(fact) ? (fact.takesIPv4 === true ? '46' : '6') : '4'}`,
      `${fact.receiveQueue}`.padStart(6),
      `${fact.state === 'LISTEN' ? 0 : fact.sendQueue}`.padStart(6),
      `${hostOf(fact.local.address, zoneOf(fact))}.${fact.local.port}`,
      fact.peer === null ? '*.*' : `${hostOf(fact.peer.address)}.${fact.peer.port}`,
      stateOf(fact),
    ])
    const headings = [
      'Active Internet connections (including servers)',
      'Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)',
    ]
    return { text: [...headings, aligned(lines)].join('\n'), rows: facts.map(netstatRow) }
  },
}

/** The process table has a name without its user's blanks: only inner ones can be told. */
const isNamed = ({ holders }: Fact) =>
  holders.length > 0 && holders.every(({ command }) => command !== null && /^\S+(?: \S+)*$/.test(command))

const fstatEnd = ({ address, port }: Fact['local'], device: string | null = null) => {
  const host = hostOf(address, device)
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function fstatEnds(fact: Fact, isOpenBsd: boolean): string {
  const own = fstatEnd(fact.local, zoneOf(fact))
  if (fact.peer === null) return own
  const peer = fstatEnd(fact.peer)
  if (!isOpenBsd) return `${peer} <-> ${own}`
  return `${own} ${fact.protocol === 'udp' ? '<->' : fact.inode % 2 === 0 ? '<--' : '-->'} ${peer}`
}

const fstat = (isOpenBsd: boolean): Printer => ({
  name: `fstat of ${isOpenBsd ? 'OpenBSD' : 'NetBSD'}`,
  format: 'fstat',
  print(given) {
    const facts = given.filter(isNamed)
    const lines = facts.flatMap((fact) =>
      fact.holders.map(({ command, pid, user, fd }) => {
        const columns = `${user} ${command} ${pid} ${`${fd}`.padStart(4)}`
        const type = `internet${isIPv6(fact) ? '6' : ''} ${fact.protocol === 'tcp' ? 'stream' : 'dgram'} ${fact.protocol}`
        const structure = `${isOpenBsd ? '0xffff8000' : 'c2'}${fact.inode.toString(16).padStart(8, '0')}`
        return `${columns}* ${type} ${structure} ${fstatEnds(fact, isOpenBsd)}`
      }),
    )
    const heading = `USER     CMD          PID   FD MOUNT       INUM MODE         ${isOpenBsd ? 'R/W    SZ|DV' : 'SZ|DV R/W'}`
    const rows = facts.map((fact) => ({ ...bare(fact), holders: fact.holders, device: zoneOf(fact) }))
    return { text: [heading, ...lines].join('\n'), rows }
  },
})

/** It has a line for each process and nothing that says whether two of them hold one socket. */
const SOCKSTAT: Printer = {
  name: 'sockstat of FreeBSD',
  format: 'sockstat',
  print(given) {
    const facts = given.filter((fact) => isNamed(fact) || fact.holders.length === 0)
    const told = facts.flatMap((fact) =>
      (fact.holders.length === 0 ? [null] : fact.holders).map((holder) => ({ fact, holder })),
    )
    const lines = told.map(({ fact, holder }) => {
      const { local, peer, takesIPv4 } = fact
      const version = isIPv6(fact) ? (takesIPv4 === true ? '46' : '6') : '4'
      const process =
        holder === null
          ? ['?', '?', '?', '?']
          : [holder.user ?? '?', holder.command ?? '?', `${holder.pid}`, `${holder.fd}`]
      return [
        ...process,
        `${fact.protocol}${version}`,
        `${hostOf(local.address, zoneOf(fact))}:${local.port}`,
        peer === null ? '*:*' : `${hostOf(peer.address)}:${peer.port}`,
      ]
    })
    const heading = 'USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS      '
    const rows = told.map(({ fact, holder }) => ({
      ...bare(fact),
      takesIPv4: fact.takesIPv4 === true ? true : null,
      holders: holder === null ? [] : [holder],
      device: zoneOf(fact),
    }))
    return { text: [heading, aligned(lines)].join('\n'), rows }
  },
}

export const BSD: readonly Printer[] = [FREEBSD, fstat(false), fstat(true), SOCKSTAT]
