/**
 * Tells whether the reader of standard output has gone, without writing: poll(2) reports POLLERR for a pipe that nobody
 * has open to read. Node looks at a pipe only when it writes to it, which may be in hours.
 */

const CALLS = {
  poll: { arguments: ['pointer', 'u64', 'i32'], return: 'i32' },
} as const

/** The same on Linux, macOS and the BSDs. */
const POLLERR = 0x8
const POLLHUP = 0x10

/** Asks as often as it is called; `null` where this Node cannot call poll(2). */
export async function readerGone(): Promise<(() => boolean) | null> {
  try {
    const { dlopen, getRawPointer } = await import('node:ffi')
    const { poll } = dlopen(null, CALLS).functions
    // struct pollfd: the descriptor (int), what is asked for and what came (short each). POLLERR comes unasked.
    const memory = new ArrayBuffer(8)
    const at = getRawPointer(memory)
    const [fields, found] = [new Int32Array(memory), new Int16Array(memory)]
    return () => {
      fields.set([1, 0])
      poll(at, 1n, 0)
      return ((found[3] ?? 0) & (POLLERR | POLLHUP)) !== 0
    }
  } catch {
    return null
  }
}
