/**
 * Reads the options of a socket that another process has open: no table shows them. pidfd_getfd(2) gives this process
 * a descriptor of the same socket, for which it needs the rights of ptrace(2) over the other one. For Linux on x64 and
 * arm64, and a Node that has node:ffi.
 */

/** Numbers of the kernel's interface (asm-generic), the same on x64 and arm64. */
const PIDFD_OPEN = 434n
const PIDFD_GETFD = 438n
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const SO_REUSEPORT = 15
const IPPROTO_IPV6 = 41
const IPV6_V6ONLY = 26

const CALLS = {
  // syscall(2) takes numbers of the width of a register, whatever the call.
  syscall: { arguments: ['i64', 'i64', 'i64', 'i64'], return: 'i64' },
  getsockopt: { arguments: ['i32', 'i32', 'i32', 'pointer', 'pointer'], return: 'i32' },
  close: { arguments: ['i32'], return: 'i32' },
} as const

/** `ipv6Only` is null for an IPv4 socket. */
export type SocketOptions = { reuseAddr: boolean; reusePort: boolean; ipv6Only: boolean | null }

async function load() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return null
  try {
    const { dlopen, getRawPointer } = await import('node:ffi')
    return { calls: dlopen(null, CALLS).functions, getRawPointer }
  } catch {
    return null
  }
}

let loaded: ReturnType<typeof load> | undefined

/** Null where they cannot be read: another system, no right, or the process has ended. */
export async function readSocketOptions(pid: number, fd: number): Promise<SocketOptions | null> {
  loaded ??= load()
  const library = await loaded
  if (!library) return null
  const { calls, getRawPointer } = library
  const process = Number(calls.syscall(PIDFD_OPEN, BigInt(pid), 0n, 0n))
  if (process < 0) return null
  const copy = Number(calls.syscall(PIDFD_GETFD, BigInt(process), BigInt(fd), 0n))
  calls.close(process)
  if (copy < 0) return null
  // Four bytes for the value, four for its length. Memory of an ArrayBuffer stays where it is while it is referred to.
  const memory = new ArrayBuffer(8)
  const at = getRawPointer(memory)
  const words = new Int32Array(memory)
  const read = (level: number, option: number) => {
    words.set([0, 4])
    return calls.getsockopt(copy, level, option, at, at + 4n) === 0 ? words[0] !== 0 : null
  }
  const options = {
    reuseAddr: read(SOL_SOCKET, SO_REUSEADDR) ?? false,
    reusePort: read(SOL_SOCKET, SO_REUSEPORT) ?? false,
    ipv6Only: read(IPPROTO_IPV6, IPV6_V6ONLY),
  }
  calls.close(copy)
  return options
}
