/** What the netstat of net-tools prints on Linux, and that of Windows. */

import type { SocketRow, TcpState } from '../../../harness/domain/socket-row.ts'
import type { Fact } from './facts.ts'
import { aligned, bare, isIPv6, plain, UNDERSCORED } from './printer.ts'
import type { Printer } from './printer.ts'

/** `PID/Program name` has 19 characters; blanks at the end are those of the column. */
const PROGRAM = 19

function programOf({ holders: [first] }: Fact): string {
  return first === undefined ? '-' : `${first.pid}/${first.command}`.slice(0, PROGRAM).trimEnd()
}

const linuxEnd = (address: string, port: number | string) => `${plain(address)}:${port}`

/** Without a longer address in the listing, one of 23 characters may have been cut. */
const CUT = 23

/** A tab in a name stands where another column may; what looks like a timer is one. */
const isTold = ({ holders: [first], local, peer }: Fact) =>
  !/\t|\)$/.test(first?.command ?? '') &&
  [local, peer].every((one) => one === null || linuxEnd(one.address, one.port).length !== CUT)

function linuxRow(fact: Fact, isExtended: boolean): SocketRow {
  const [first] = fact.holders
  const state = fact.state ?? (fact.peer === null ? null : ('ESTABLISHED' as const))
  const command = programOf(fact).replace(/^\d+\//, '')
  return {
    ...bare(fact),
    state: fact.state,
    stateAsPrinted: state === null ? '' : UNDERSCORED[state],
    holders: first === undefined ? [] : [{ pid: first.pid, command: command === '' ? null : command, fd: null }],
    receiveQueue: fact.receiveQueue,
    sendQueue: fact.state === 'LISTEN' ? null : fact.sendQueue,
    ...(isExtended && { uid: fact.uid, inode: fact.inode }),
  }
}

const linux = (isExtended: boolean): Printer => ({
  name: `netstat -${isExtended ? 'tunaope' : 'tunap'}W`,
  format: 'netstat-linux',
  print(facts) {
    const lines = facts.filter(isTold).map((fact) => {
      const row = linuxRow(fact, isExtended)
      const none = isIPv6(fact) ? ':::*' : '0.0.0.0:*'
      return [
        `${fact.protocol}${isIPv6(fact) ? '6' : ''}`,
        `${fact.receiveQueue}`.padStart(6),
        `${fact.state === 'LISTEN' ? 0 : fact.sendQueue}`.padStart(6),
        linuxEnd(fact.local.address, fact.local.port),
        fact.peer === null ? none : linuxEnd(fact.peer.address, fact.peer.port),
        row.stateAsPrinted.padEnd(11),
        ...(isExtended ? [`${fact.uid}`.padEnd(10), `${fact.inode}`] : []),
        programOf(fact),
        ...(isExtended ? [fact.state === 'TIME-WAIT' ? 'timewait (47.10/0/0)' : 'off (0.00/0/0)'] : []),
      ]
    })
    const columns = ['Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name']
    return {
      text: ['Active Internet connections (servers and established)', ...columns, aligned(lines)].join('\n'),
      rows: facts.filter(isTold).map((fact) => linuxRow(fact, isExtended)),
    }
  },
})

const WINDOWS_STATES: Readonly<Partial<Record<TcpState, string>>> = {
  LISTEN: 'LISTENING',
  'SYN-RECEIVED': 'SYN_RECEIVED',
  'FIN-WAIT-1': 'FIN_WAIT_1',
  'FIN-WAIT-2': 'FIN_WAIT_2',
}

const windowsState = (state: TcpState) => WINDOWS_STATES[state] ?? UNDERSCORED[state]

const windowsEnd = (address: string, port: number) => `${address.includes(':') ? `[${address}]` : address}:${port}`

/** A line of a program between brackets ends with the last of them. */
const isFile = (name: string | null | undefined) =>
  name !== null && name !== undefined && /^[^\]\t]+$/.test(name.trim()) && name.trim() === name

function windowsRow(fact: Fact, namesPrograms: boolean): SocketRow {
  const [first] = fact.holders
  const command = namesPrograms && isFile(first?.command) ? (first?.command ?? null) : null
  return {
    ...bare(fact),
    state: fact.state,
    stateAsPrinted: fact.state === null ? '' : windowsState(fact.state),
    holders: first === undefined ? [] : [{ pid: first.pid, command, fd: null }],
  }
}

const windows = (namesPrograms: boolean): Printer => ({
  name: `netstat -ano${namesPrograms ? 'b' : ''}`,
  format: 'netstat-windows',
  print(facts) {
    const table = aligned(
      facts.map((fact) => {
        const none = fact.protocol === 'udp' ? '*:*' : isIPv6(fact) ? '[::]:0' : '0.0.0.0:0'
        return [
          ' ',
          fact.protocol.toUpperCase(),
          windowsEnd(fact.local.address, fact.local.port),
          fact.peer === null ? none : windowsEnd(fact.peer.address, fact.peer.port),
          fact.state === null ? '' : windowsState(fact.state),
          `${fact.holders[0]?.pid ?? 0}`,
        ]
      }),
    ).split('\n')
    const rows = facts.map((fact) => windowsRow(fact, namesPrograms))
    const lines = rows.flatMap(({ holders: [first] }, index) => {
      if (!namesPrograms) return [table[index] ?? '']
      const name = first?.command ?? null
      return [table[index] ?? '', name === null ? ' Can not obtain ownership information' : ` [${name}]`]
    })
    const heading = '  Proto  Local Address          Foreign Address        State           PID'
    return { text: ['', 'Active Connections', '', heading, ...lines].join('\r\n'), rows }
  },
})

export const NETSTAT: readonly Printer[] = [linux(false), linux(true), windows(false), windows(true)]
