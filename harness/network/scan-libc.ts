/**
 * The system calls of a scan, called in the C library itself. Node makes a dozen objects for a connection; for 65,536
 * that end at once this is three times the work of the kernel. Linux on x64 and arm64, and a Node that has node:ffi;
 * elsewhere a scan uses Node's own sockets.
 */

import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'

import { addressFamily } from '../domain/endpoint.ts'
import { questionTo } from './scan-question.ts'

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
  connect: { arguments: ['i32', 'buffer', 'u32'], return: 'i32' },
  getsockopt: { arguments: ['i32', 'i32', 'i32', 'buffer', 'buffer'], return: 'i32' },
  setsockopt: { arguments: ['i32', 'i32', 'i32', 'buffer', 'u32'], return: 'i32' },
  getsockname: { arguments: ['i32', 'buffer', 'buffer'], return: 'i32' },
  send: { arguments: ['i32', 'buffer', 'u64', 'i32'], return: 'i64' },
  recv: { arguments: ['i32', 'buffer', 'u64', 'i32'], return: 'i64' },
  close: { arguments: ['i32'], return: 'i32' },
  inet_pton: { arguments: ['i32', 'string', 'buffer'], return: 'i32' },
  __errno_location: { arguments: [], return: 'pointer' },
} as const

async function load() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return null
  try {
    const ffi = await import('node:ffi')
    const calls = ffi.dlopen(null, CALLS).functions
    // The interface is experimental: where it has changed, a call says so here and not in the middle of a scan.
    if (calls.inet_pton(AF_INET, '127.0.0.1', Buffer.alloc(4)) !== 1) return null
    return { calls, errnoAt: calls.__errno_location(), getInt32: ffi.getInt32 }
  } catch {
    return null
  }
}

export type Libc = NonNullable<Awaited<ReturnType<typeof load>>>

let loaded: Promise<Libc | null> | undefined

export function loadLibc(): Promise<Libc | null> {
  loaded ??= load()
  return loaded
}

export const ECONNREFUSED = constants.errno.ECONNREFUSED
const QUESTION_LENGTH = BigInt(questionTo(0).length)

export function errorName(number: number): string {
  return getSystemErrorName(-number)
}

/** The calls for one address. Descriptors are plain numbers; who makes one closes it. */
export function socketsTo(address: string, protocol: 'tcp' | 'udp', { calls, errnoAt, getInt32 }: Libc) {
  const family = addressFamily(address) === 'IPv6' ? AF_INET6 : AF_INET
  const kind = (protocol === 'tcp' ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC
  // sockaddr_in: family, port, address (ip(7)); sockaddr_in6: family, port, flow, address, scope (ipv6(7)).
  const to = Buffer.alloc(family === AF_INET6 ? 28 : 16)
  const own = Buffer.alloc(to.length)
  const addressAt = family === AF_INET6 ? 8 : 4
  to.writeUInt16LE(family, 0)
  const valid = calls.inet_pton(family, address, to.subarray(addressAt)) === 1
  if (!valid) throw new Error(`${address} is no address`)
  const value = Buffer.alloc(8)
  const length = Buffer.alloc(4)
  const info = Buffer.alloc(8)
  const option = (fd: number, level: number, name: number, into: Buffer) => {
    length.writeUInt32LE(into.length)
    if (calls.getsockopt(fd, level, name, into, length) !== 0) throw new Error(`getsockopt: ${lastError()}`)
  }
  /** The name of the last call's error. Calls that succeed leave errno as it was (errno(3)). */
  const lastError = () => errorName(getInt32(errnoAt, 0))

  return {
    lastError,
    /** A descriptor, or -1. */
    open: () => calls.socket(family, kind, 0),
    close(fd: number) {
      calls.close(fd)
    },
    /** 0, or -1. A TCP socket answers -1 when it has only begun to connect. */
    connect(fd: number, port: number) {
      to.writeUInt16BE(port, 2)
      return calls.connect(fd, to, to.length)
    },
    /** The number of the error that came for this socket since the last look, or 0: SO_ERROR in socket(7). */
    error(fd: number): number {
      option(fd, SOL_SOCKET, SO_ERROR, value)
      return value.readInt32LE(0)
    },
    /** The first bytes of struct tcp_info (tcp(7)): the state, and how often the kernel has sent the same again. */
    tcpInfo(fd: number) {
      option(fd, IPPROTO_TCP, TCP_INFO, info)
      return { state: info.readUInt8(0), retransmits: info.readUInt8(2) }
    },
    /** Whether the socket has the very endpoint that it last asked. */
    isItself(fd: number) {
      length.writeUInt32LE(own.length)
      calls.getsockname(fd, own, length)
      const bytes = addressAt === 8 ? 16 : 4
      return (
        own.compare(to, 2, 4, 2, 4) === 0 &&
        own.compare(to, addressAt, addressAt + bytes, addressAt, addressAt + bytes) === 0
      )
    },
    /** A RST instead of a FIN leaves nobody in TIME-WAIT: SO_LINGER in socket(7), on and of no time. */
    reset(fd: number) {
      value.writeInt32LE(1, 0)
      value.writeInt32LE(0, 4)
      calls.setsockopt(fd, SOL_SOCKET, SO_LINGER, value, value.length)
      calls.close(fd)
    },
    send: (fd: number, question: Buffer) => calls.send(fd, question, QUESTION_LENGTH, 0) === QUESTION_LENGTH,
    /** How many bytes came into `message`, or -1 where nothing did. */
    receive: (fd: number, message: Buffer) => Number(calls.recv(fd, message, BigInt(message.length), 0)),
  }
}
