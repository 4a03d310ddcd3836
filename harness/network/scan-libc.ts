/**
 * The system calls of a scan, called in the C library itself. Through Node's sockets the same takes four times the
 * processor's time: a dozen objects for each port, and most are gone at once. For Linux on x64 and arm64, and a Node
 * that has node:ffi; elsewhere a scan uses Node's own sockets.
 */

import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'

import type { Protocol } from '../domain/endpoint.ts'
import { addressFamily } from '../domain/endpoint.ts'

/** Numbers of the kernel's interface (asm-generic), the same on x64 and arm64. */
const AF_INET = 2
const AF_INET6 = 10
const SOCK_STREAM = 1
const SOCK_DGRAM = 2
const SOCK_NONBLOCK = 0o4000
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_ERROR = 4
const SO_LINGER = 13
const IPPROTO_TCP = 6
const TCP_INFO = 11

const CALLS = {
  socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
  connect: { arguments: ['i32', 'pointer', 'u32'], return: 'i32' },
  getsockopt: { arguments: ['i32', 'i32', 'i32', 'pointer', 'pointer'], return: 'i32' },
  setsockopt: { arguments: ['i32', 'i32', 'i32', 'pointer', 'u32'], return: 'i32' },
  getsockname: { arguments: ['i32', 'pointer', 'pointer'], return: 'i32' },
  write: { arguments: ['i32', 'pointer', 'u64'], return: 'i64' },
  read: { arguments: ['i32', 'pointer', 'u64'], return: 'i64' },
  close: { arguments: ['i32'], return: 'i32' },
  inet_pton: { arguments: ['i32', 'string', 'pointer'], return: 'i32' },
  __errno_location: { arguments: [], return: 'pointer' },
} as const

export const { EAGAIN, ECONNREFUSED } = constants.errno

const MEMORY = 160

async function load() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return null
  try {
    const { dlopen, getRawPointer, getInt32 } = await import('node:ffi')
    const calls = dlopen(null, CALLS).functions
    // The interface is experimental: where it has changed, a call says so here and not in the middle of a scan.
    const four = new Uint8Array(new ArrayBuffer(4))
    const understood = calls.inet_pton(AF_INET, '127.0.0.1', getRawPointer(four.buffer)) === 1
    if (!understood || four.join('.') !== '127.0.0.1') return null
    return { calls, getRawPointer, errnoAt: calls.__errno_location(), getInt32 }
  } catch {
    return null
  }
}

type Loaded = NonNullable<Awaited<ReturnType<typeof load>>>

let loaded: Promise<Loaded | null> | undefined

/** The calls for one scan of one address, or null where they cannot be made. */
export async function loadLibc(protocol: Protocol, address: string): Promise<Libc | null> {
  loaded ??= load()
  const calls = await loaded
  return calls && callsTo(protocol, address, calls)
}

export type Libc = ReturnType<typeof callsTo>

function callsTo(protocol: Protocol, address: string, { calls, getRawPointer, errnoAt, getInt32 }: Loaded) {
  // Memory of an ArrayBuffer stays where it is as long as somebody refers to it; that of a small Buffer may move.
  const memory = new ArrayBuffer(MEMORY)
  const start = getRawPointer(memory)
  const part = (from: number, size: number) => ({
    bytes: Buffer.from(memory, from, size),
    at: start + BigInt(from),
  })
  const to = part(0, 28)
  const own = part(32, 28)
  const value = part(64, 8)
  const length = part(72, 4)
  const info = part(80, 8)
  const message = part(96, 64)
  const isIPv6 = addressFamily(address) === 'IPv6'
  const family = isIPv6 ? AF_INET6 : AF_INET
  const kind = (protocol === 'tcp' ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC
  // sockaddr_in: family, port, address (ip(7)); sockaddr_in6: family, port, flow, address, scope (ipv6(7)).
  const size = isIPv6 ? 28 : 16
  const [from, until] = isIPv6 ? [8, 24] : [4, 8]
  to.bytes.fill(0)
  to.bytes.writeUInt16LE(family, 0)
  if (calls.inet_pton(family, address, to.at + BigInt(from)) !== 1) throw new Error(`${address} is no address`)

  const option = (fd: number, level: number, name: number, into: typeof value) => {
    length.bytes.writeUInt32LE(into.bytes.length)
    if (calls.getsockopt(fd, level, name, into.at, length.at) !== 0)
      throw new Error(`getsockopt: ${errorName(lastErrno())}`)
  }
  /** The number of the last failed call's error. Calls that succeed leave errno as it was (errno(3)). */
  const lastErrno = () => getInt32(errnoAt, 0)

  return {
    lastErrno,
    /** A descriptor, or -1. Who opens one closes it. */
    open: () => calls.socket(family, kind, 0),
    close(fd: number) {
      calls.close(fd)
    },
    /** 0, or -1: also where a TCP socket has only begun to connect. */
    connect(fd: number, port: number) {
      to.bytes.writeUInt16BE(port, 2)
      return calls.connect(fd, to.at, size)
    },
    /** The number of the error that came for this socket since the last look, or 0: SO_ERROR in socket(7). */
    errno(fd: number): number {
      option(fd, SOL_SOCKET, SO_ERROR, value)
      return value.bytes.readInt32LE(0)
    },
    /** The first bytes of struct tcp_info (tcp(7)): the state, and how often the kernel has sent the same again. */
    tcpInfo(fd: number) {
      option(fd, IPPROTO_TCP, TCP_INFO, info)
      return { state: info.bytes.readUInt8(0), retransmits: info.bytes.readUInt8(2) }
    },
    /** Whether the socket's own endpoint is the very one that it asks. */
    isItself(fd: number, port: number) {
      length.bytes.writeUInt32LE(size)
      if (calls.getsockname(fd, own.at, length.at) !== 0) throw new Error(`getsockname: ${errorName(lastErrno())}`)
      return own.bytes.readUInt16BE(2) === port && own.bytes.compare(to.bytes, from, until, from, until) === 0
    },
    /** A RST instead of a FIN leaves nobody in TIME-WAIT: SO_LINGER in socket(7), on and of no time. */
    reset(fd: number) {
      value.bytes.writeInt32LE(1, 0)
      value.bytes.writeInt32LE(0, 4)
      calls.setsockopt(fd, SOL_SOCKET, SO_LINGER, value.at, value.bytes.length)
      calls.close(fd)
    },
    /** Sends one datagram, whole or not at all. */
    send(fd: number, question: string) {
      const written = message.bytes.write(question, 'latin1')
      return calls.write(fd, message.at, BigInt(written)) >= 0n
    },
    /** The datagram that came, cut to 64 bytes; null where there is none. */
    receive(fd: number): string | null {
      const received = Number(calls.read(fd, message.at, BigInt(message.bytes.length)))
      return received < 0 ? null : message.bytes.toString('latin1', 0, received)
    },
  }
}

export function errorName(number: number): string {
  return getSystemErrorName(-number)
}
