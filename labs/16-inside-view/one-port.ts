/** What the checks read off the listings of this machine: the words of each tool, and whether two show the same. */

import { openRows } from '../../harness/lab.ts'
import type { Listed, Ran, SocketRow, Started } from '../../harness/lab.ts'

type Source = Listed['source']

const by = (listed: Listed, source: Source) => [listed, ...listed.others].find((one) => one.source === source)

export const rowsBy = (listed: Listed, source: Source) => openRows({ ...listed, rows: by(listed, source)?.rows ?? [] })

/** How a listing spells the states of the TCP listener and the UDP socket of the port: `LISTEN and UNCONN`. */
export function states<Expected extends string>(listed: Listed, source: Source): Expected | 'other' {
  const spelt = (['tcp', 'udp'] as const).map(
    (protocol) => rowsBy(listed, source).find((row) => row.protocol === protocol)?.stateAsPrinted,
  )
  return spelt.includes(undefined)
    ? 'other'
    : (spelt.map((state) => (state === '' ? 'nothing' : state)).join(' and ') as Expected)
}

/** A socket without its processes: enough to find it in another listing. */
const place = ({ protocol, family, local }: SocketRow) => `${protocol} ${family} ${local.address} ${local.port}`

export const places = (rows: readonly SocketRow[]) => rows.map(place)

const pidsOf = (rows: readonly SocketRow[]) => rows.flatMap(({ holders }) => holders.map(({ pid }) => pid))

const sorted = (all: readonly (string | number)[]) => all.map(String).sort((a, b) => a.localeCompare(b))

export const isSame = (some: readonly (string | number)[], others: readonly (string | number)[]) =>
  sorted(some).join() === sorted(others).join()

/** The TCP socket that two processes have, in the rows of ss. */
export function shared(listed: Listed, parent: Started, child: { pid: number } | null) {
  const rows = rowsBy(listed, 'ss').filter(({ protocol }) => protocol === 'tcp')
  const pids = pidsOf(rows)
  if (!pids.includes(parent.pid)) return 'other'
  return !child || !pids.includes(child.pid) ? 'one-process' : rows.length === 1 ? 'one-row' : 'two-rows'
}

/** lsof and ss, and the kernel's tables and netstat as well where they could be asked. */
export function compared(listed: Listed, programs: readonly Started[]) {
  const [lsof, ss] = [rowsBy(listed, 'lsof'), rowsBy(listed, 'ss')]
  if (!programs.every(({ pid }) => pidsOf([...lsof, ...ss]).includes(pid))) return 'other'
  const rest = [listed, ...listed.others].map(({ source }) => places(rowsBy(listed, source)))
  if (!rest.every((one) => isSame(one, places(ss)))) return 'different-sockets'
  return isSame(pidsOf(lsof), pidsOf(ss)) ? 'the-same' : 'different-processes'
}

/** The number of lines of `lsof -n`, and of those about sockets with ports: each line of this is a number and a type. */
export function countedByType(files: Ran | null) {
  const found = (files?.printed ?? []).map((line) => /^\s*(\d+) (\S+)$/.exec(line) ?? [])
  const sum = (types: RegExp) =>
    found.reduce((all, [, number, type = '']) => all + (types.test(type) ? Number(number) : 0), 0)
  return { lines: sum(/^(?!TYPE$)./), sockets: sum(/^IPv[46]$/) }
}

export function mostly(files: Ran | null) {
  const { lines, sockets } = countedByType(files)
  return sockets === 0 ? 'other' : sockets * 2 < lines ? 'mostly-no-sockets' : 'mostly-sockets'
}

/** The type and the name that lsof prints for a listener: `IPv6 TCP *:8080 (LISTEN)`. */
export function lsofSays(listed: Listed): string {
  const line = by(listed, 'lsof')?.printed.find((one) => one.endsWith('(LISTEN)'))
  const [, type, name] = /\s(IPv[46])\s.*\s(TCP\s.*)$/.exec(line ?? '') ?? []
  return type === undefined ? 'nothing' : `${type} ${name}`
}

/** What one tool says of a dual-stack listener and of one for IPv6 only; both have to be there, and to be IPv6. */
export function areAlike(dual: string, only: string) {
  if ([dual, only].some((one) => one === 'nothing' || one.startsWith('IPv4'))) return 'other'
  return dual === only ? 'alike' : 'apart'
}

/** The address of a listener as ss prints it. */
export function ssSays(listed: Listed): string {
  return /LISTEN\s+\d+\s+\d+\s+(\S+)/.exec(by(listed, 'ss')?.printed.join('\n') ?? '')?.[1] ?? 'nothing'
}
