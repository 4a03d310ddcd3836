/**
 * Finds what a run has left behind: processes, by a mark of its own in the environment that every descendant inherits;
 * and what needs no process, network namespaces that are mounted and names of Unix-domain sockets.
 */

import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

export type Mark = { env: { SOCKET_LABS_TEST: string } }

export function newMark(): Mark {
  return { env: { SOCKET_LABS_TEST: randomUUID() } }
}

/** The command lines of processes that still carry the mark. */
export function leftovers({ env: { SOCKET_LABS_TEST: id } }: Mark): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).includes(id))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)
}

/** Waits until nothing is left, and returns what was there at the end: an empty list, or the culprits. */
export async function leftoversAfter(mark: Mark, limitMs = 3_000): Promise<string[]> {
  return await settled(() => leftovers(mark), limitMs)
}

/** The labs' names of Unix-domain sockets (unix(7)), and the mounts that keep a network namespace without a process. */
export function namesInKernel(): string[] {
  const sockets = read('/proc/net/unix').matchAll(/ (\S*socket-labs\S*)$/gm)
  const mounts = read('/proc/self/mounts').matchAll(/^nsfs (\S+)/gm)
  return [...sockets, ...mounts].map(([, name = '']) => name)
}

/** Names that were not there before. Other runs on this machine have theirs for a moment, so they are waited for. */
export async function namesAfter(before: readonly string[]): Promise<string[]> {
  return await settled(() => namesInKernel().filter((name) => !before.includes(name)), 3_000)
}

async function settled(look: () => string[], limitMs: number): Promise<string[]> {
  const until = performance.now() + limitMs
  for (;;) {
    const left = look()
    if (left.length === 0 || performance.now() > until) return left
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
