/** Finds what a run has left behind, by a mark of its own in the environment that every descendant inherits. */

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
  const until = performance.now() + limitMs
  for (;;) {
    const left = leftovers(mark)
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
