/**
 * The kernel's own answer to "which sockets are there?" (sock_diag(7)): what ss asks, without starting it. It tells what
 * /proc/net has no column for: whether an IPv6 socket takes IPv4, its device, and sockets of TCP that are only bound.
 * For Linux on x64 and arm64, and a Node that has node:ffi.
 */

import { constants } from 'node:os'
import type { AddressFamily, Protocol } from '../domain/endpoint.ts'
import { eachOnce } from './reading.ts'
import type { DiagSocket, DiagTable } from './sock-diag-message.ts'
import { QUESTION_BYTES, readAnswer, writeQuestion } from './sock-diag-message.ts'

/** Numbers of the kernel's interface (asm-generic, linux/netlink.h), the same on x64 and arm64. */
const AF_NETLINK = 16
const SOCK_RAW = 3
const SOCK_CLOEXEC = 0o2000000
const NETLINK_SOCK_DIAG = 4
const MSG_DONTWAIT = 0x40

/** More than the kernel puts into one datagram (32 KiB, netlink_dump in net/netlink/af_netlink.c). */
const MEMORY = 65_536

const CALLS = {
  socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
  send: { arguments: ['i32', 'pointer', 'u64', 'i32'], return: 'i64' },
  recv: { arguments: ['i32', 'pointer', 'u64', 'i32'], return: 'i64' },
  close: { arguments: ['i32'], return: 'i32' },
  if_indextoname: { arguments: ['u32', 'pointer'], return: 'pointer' },
} as const

const TABLES: readonly DiagTable[] = [
  { protocol: 'tcp', family: 'IPv4' },
  { protocol: 'tcp', family: 'IPv6' },
  { protocol: 'udp', family: 'IPv4' },
  { protocol: 'udp', family: 'IPv6' },
]

/** `onlyWaiting`: listeners and UDP sockets without a peer, at a small part of the cost. */
export type DiagQuestion = { protocol?: Protocol; family?: AddressFamily; onlyWaiting?: boolean }

/** All sockets of our network namespace, or `null` where the kernel cannot be asked like this. No holders. */
export async function askSockDiag(question: DiagQuestion = {}): Promise<DiagSocket[] | null> {
  const { protocol, family, onlyWaiting = false } = question
  const calls = await loadCalls()
  if (calls === null) return null
  const memory = new ArrayBuffer(MEMORY)
  const at = calls.getRawPointer(memory)
  const fd = calls.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)
  if (fd < 0) return null
  try {
    const found: DiagSocket[] = []
    const tables = TABLES.filter(
      (table) => (protocol ?? table.protocol) === table.protocol && (family ?? table.family) === table.family,
    )
    for (const [index, table] of tables.entries()) {
      if (!dump(calls, { fd, memory, at, onlyWaiting }, table, index + 1, found)) return null
    }
    return withoutDoubles(found)
  } catch (error) {
    // Not what these lines were written against: the tables of /proc are there as well.
    if (error instanceof RangeError) return null
    throw error
  } finally {
    calls.close(fd)
  }
}

type Calls = NonNullable<Awaited<ReturnType<typeof loadCalls>>>
type Socket = { fd: number; memory: ArrayBuffer; at: bigint; onlyWaiting: boolean }

/** `false` where the kernel does not answer: another process's filter forbids it, or the module tcp_diag is not there. */
function dump(
  calls: Calls,
  { fd, memory, at, onlyWaiting }: Socket,
  table: DiagTable,
  sequence: number,
  found: DiagSocket[],
): boolean {
  writeQuestion(Buffer.from(memory), table, sequence, onlyWaiting)
  if (calls.send(fd, at, BigInt(QUESTION_BYTES), MSG_DONTWAIT) < 0n) return false
  const names = deviceNames(calls)
  for (;;) {
    // The kernel has put the answer there before send(2) returned: nothing is waited for.
    const length = Number(calls.recv(fd, at, BigInt(MEMORY), MSG_DONTWAIT))
    if (length <= 0) return false
    const rest = readAnswer(Buffer.from(memory, 0, length), table, names, (socket) => void found.push(socket))
    if (rest === 'done') return true
    // Without IPv6 in the kernel there is no such table.
    if (rest !== 'more') return table.family === 'IPv6' && NO_FAMILY.has(rest.errno)
  }
}

const { EAFNOSUPPORT, ENOENT } = constants.errno
const NO_FAMILY: ReadonlySet<number> = new Set([EAFNOSUPPORT, ENOENT])

/** The most characters of a device's name, with the NUL at its end: IF_NAMESIZE. */
const NAME = 16

function deviceNames(calls: Calls): (index: number) => string | null {
  const known = new Map<number, string | null>()
  const memory = new ArrayBuffer(NAME)
  return (index) => {
    const before = known.get(index)
    if (before !== undefined) return before
    const bytes = Buffer.from(memory)
    const isThere = calls.if_indextoname(index, calls.getRawPointer(memory)) !== 0n
    const name = isThere ? bytes.toString('latin1', 0, bytes.indexOf(0)) : null
    known.set(index, name)
    return name
  }
}

/** The kernel tells a long table in pieces, and may tell a socket twice. */
function withoutDoubles(found: DiagSocket[]): DiagSocket[] {
  const once = new Set(eachOnce(found.map(({ row }) => row)))
  return once.size === found.length ? found : found.filter(({ row }) => once.has(row))
}

let loaded: ReturnType<typeof load> | undefined

function loadCalls() {
  loaded ??= load()
  return loaded
}

async function load() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return null
  try {
    const { dlopen, getRawPointer } = await import('node:ffi')
    return { ...dlopen(null, CALLS).functions, getRawPointer }
  } catch {
    return null
  }
}
