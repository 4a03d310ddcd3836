/** What `lsof -nP -i` and `lsof -nP -i -F` print. lsof has a line, or a set of fields, for each descriptor. */

import type { SocketRow } from '../../../harness/domain/socket-row.ts'
import type { Fact } from './facts.ts'
import { aligned, bare, plain, UNDERSCORED } from './printer.ts'
import type { Printer } from './printer.ts'

/** safestrprt() of lsof: what would spoil a line is escaped. */
function escaped(name: string): string {
  return name
    .replaceAll('\\', '\\\\')
    .replaceAll(' ', String.raw`\x20`)
    .replaceAll('\t', String.raw`\t`)
}

/** `^A` stands for a control character and for itself: names with one say nothing sure. */
const isSure = ({ holders }: Fact) => holders.length > 0 && !holders.some(({ command }) => command?.includes('^'))

const end = (address: string, port: number) => {
  const host = plain(address)
  return `${host === '0.0.0.0' || host === '::' ? '*' : host.includes(':') ? `[${host}]` : host}:${port}`
}

function nameOf({ local, peer }: Fact): string {
  const own = end(local.address, local.port)
  return peer === null ? own : `${own}->${end(peer.address, peer.port)}`
}

function rowOf(fact: Fact): SocketRow {
  const stateAsPrinted = fact.state === null ? '' : UNDERSCORED[fact.state]
  return { ...bare(fact), state: fact.state, stateAsPrinted, holders: fact.holders, inode: fact.inode }
}

export const LSOF: Printer = {
  name: 'lsof -nP -i',
  format: 'lsof',
  print(facts) {
    const sure = facts.filter(isSure)
    const lines = sure.flatMap((fact) =>
      fact.holders.map(({ command, pid, user, fd }) => [
        escaped(command ?? ''),
        `${pid}`,
        user ?? '',
        `${fd}u`,
        fact.family,
        `${fact.inode}`,
        '0t0',
        fact.protocol.toUpperCase(),
        `${nameOf(fact)}${fact.state === null ? ' ' : ` (${UNDERSCORED[fact.state]})`}`,
      ]),
    )
    const heading = ['COMMAND', 'PID', 'USER', 'FD', 'TYPE', 'DEVICE', 'SIZE/OFF', 'NODE', 'NAME']
    return { text: aligned([heading, ...lines]), rows: sure.map(rowOf) }
  },
}

export const LSOF_WITHOUT_HEADING: Printer = {
  ...LSOF,
  name: 'lsof -nP -i | grep :',
  print(facts) {
    const { text, rows } = LSOF.print(facts)
    return { text: text.split('\n').slice(1).join('\n'), rows }
  },
}

/** A process, then all its descriptors: here each descriptor has its process in front. */
const fieldsOf = (isNul: boolean): Printer => ({
  name: `lsof -nP -i -F${isNul ? '0' : ''}`,
  format: 'lsof-fields',
  print(facts) {
    const sure = facts.filter(isSure)
    const sets = sure.flatMap((fact) =>
      fact.holders.flatMap(({ command, pid, user, fd }) => [
        [`p${pid}`, `c${escaped(command ?? '')}`, `L${user}`],
        [
          `f${fd}`,
          `t${fact.family}`,
          `d${fact.inode}`,
          `P${fact.protocol.toUpperCase()}`,
          `n${nameOf(fact)}`,
          ...(fact.state === null ? [] : [`TST=${UNDERSCORED[fact.state]}`, 'TQR=0', 'TQS=0']),
        ],
      ]),
    )
    const text = sets.map((set) => (isNul ? set.map((field) => `${field}\0`).join('') : set.join('\n'))).join('\n')
    return { text, rows: sure.map(rowOf) }
  },
})

export const LSOF_FIELDS: readonly Printer[] = [fieldsOf(false), fieldsOf(true)]
