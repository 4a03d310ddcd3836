/**
 * Brings this process from its network into a fresh one: unshare(2), for which it has the right in the user namespace
 * that it was started in. For Linux, and a Node that has node:ffi.
 *
 * Only the thread that calls it goes there: Node's main thread, which opens all sockets, reads all files that are read
 * synchronously, and forks all children. /proc/net shows the network of the main thread as well (proc_tgid_net_lookup).
 * Node's other threads stay where they were, and keep that one network in being, empty.
 */

import { readdirSync, readlinkSync } from 'node:fs'

/** Numbers of the kernel's interface (linux/sched.h, linux/sockios.h, linux/if.h), the same on x64 and arm64. */
const CLONE_NEWNET = 0x40_00_00_00
const SIOCSIFFLAGS = 0x8914n
const IFF_UP = 1
const AF_INET = 2
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000

const CALLS = {
  unshare: { arguments: ['i32'], return: 'i32' },
  socket: { arguments: ['i32', 'i32', 'i32'], return: 'i32' },
  ioctl: { arguments: ['i32', 'u64', 'pointer'], return: 'i32' },
  close: { arguments: ['i32'], return: 'i32' },
} as const

/**
 * False where it stays, or where what it has is not sure to be as good as new. `ours` are the sockets that this process
 * had before it did anything in its network: its channel and its output.
 */
export async function enterFreshNetwork(ours: ReadonlySet<string>): Promise<boolean> {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return false
  // A socket stays in the network in which it was opened, and would do its work there.
  if ([...openSockets()].some((socket) => !ours.has(socket))) return false
  try {
    const { dlopen, getRawPointer } = await import('node:ffi')
    const { unshare, socket, ioctl, close } = dlopen(null, CALLS).functions
    if (unshare(CLONE_NEWNET) !== 0) return false
    // The loopback interface of a new namespace is down: netdevice(7). struct ifreq is 16 bytes for the name, then flags.
    const request = new ArrayBuffer(40)
    Buffer.from(request).write('lo', 'latin1')
    new Int16Array(request)[8] = IFF_UP
    const fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)
    const isUp = ioctl(fd, SIOCSIFFLAGS, getRawPointer(request)) === 0
    close(fd)
    return isUp
  } catch {
    return false
  }
}

/** The sockets that this process has open, each as the kernel names it: `socket:[INODE]`. */
export function openSockets(): Set<string> {
  const open = new Set<string>()
  try {
    for (const fd of readdirSync('/proc/self/fd')) {
      const target = linkOf(`/proc/self/fd/${fd}`)
      if (target.startsWith('socket:')) open.add(target)
    }
  } catch {
    // Without /proc nothing is known of them, and nobody asks who cannot make a network.
  }
  return open
}

/** Empty for the descriptor of the folder itself, which is closed by now. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
