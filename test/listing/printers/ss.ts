/** What `ss -tunap` and `ss -tunape` of today print (misc/ss.c of iproute2). */

import type { SocketRow, TcpState } from '../../../harness/domain/socket-row.ts'
import type { Fact } from './facts.ts'
import { aligned, bare } from './printer.ts'
import type { Printer } from './printer.ts'

const STATES: Readonly<Partial<Record<TcpState, string>>> = { ESTABLISHED: 'ESTAB', 'SYN-RECEIVED': 'SYN-RECV' }

function stateOf({ protocol, peer, state }: Fact): string {
  if (protocol === 'udp') return peer === null ? 'UNCONN' : 'ESTAB'
  return state === null ? '' : (STATES[state] ?? state)
}

function addressOf(address: string, takesIPv4: boolean | null, device: string | null): string {
  const host = takesIPv4 === true ? '*' : address.includes(':') ? `[${address}]` : address
  return device === null ? host : `${host}%${device}`
}

function peerOf({ family, peer, takesIPv4 }: Fact): string {
  if (peer !== null) return `${addressOf(peer.address, null, null)}:${peer.port}`
  return family === 'IPv4' ? '0.0.0.0:*' : takesIPv4 === true ? '*:*' : '[::]:*'
}

/** The name as it is, whatever is in it. */
function usersOf({ holders }: Fact): string {
  if (holders.length === 0) return ''
  return `users:((${holders.map(({ command, pid, fd }) => `"${command}",pid=${pid},fd=${fd}`).join('),(')}))`
}

function rowOf(fact: Fact, isExtended: boolean): SocketRow {
  return {
    ...bare(fact),
    state: fact.state,
    stateAsPrinted: stateOf(fact),
    holders: fact.holders.map(({ pid, command, fd }) => ({ pid, command, fd })),
    takesIPv4: fact.takesIPv4,
    receiveQueue: fact.receiveQueue,
    sendQueue: fact.sendQueue,
    device: fact.device,
    ...(isExtended && { uid: fact.uid, inode: fact.inode }),
  }
}

const HEADING = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address:Port', 'Peer Address:Port', 'Process']

/** Root's number is not printed. */
const extra = ({ uid, inode, family, local, takesIPv4 }: Fact) =>
  `${uid === 0 ? '' : `uid:${uid} `}ino:${inode} sk:${inode.toString(16)} cgroup:/system.slice${family === 'IPv6' && local.address === '::' ? ` v6only:${takesIPv4 === true ? 0 : 1}` : ''} <->`

const printer = (isExtended: boolean, hasHeading: boolean): Printer => ({
  name: `ss ${isExtended ? '-tunape' : '-tunap'}${hasHeading ? '' : 'H'}`,
  format: 'ss',
  print(facts) {
    const lines = facts.map((fact) => [
      fact.protocol,
      stateOf(fact),
      `${fact.receiveQueue}`,
      `${fact.sendQueue}`,
      `${addressOf(fact.local.address, fact.takesIPv4, fact.device)}:${fact.local.port}`,
      peerOf(fact),
      isExtended ? `${usersOf(fact)} ${extra(fact)}` : usersOf(fact),
    ])
    return {
      text: aligned(hasHeading ? [HEADING, ...lines] : lines),
      rows: facts.map((fact) => rowOf(fact, isExtended)),
    }
  },
})

export const SS: readonly Printer[] = [printer(false, true), printer(true, true), printer(false, false)]
