/** Writes to standard output without waiting for Node's streams to be set up: that takes as long as the look itself. */

import { fstatSync, statSync, writeSync } from 'node:fs'

import { UsageError } from './usage.ts'

/** What a shell reports for a program that a closed pipe ended: 128 + SIGPIPE. */
export const EXIT_BROKEN_PIPE = 141

export type Screen = { columns: number | undefined; isTTY: boolean }

/** Only for a terminal is the stream needed: it knows the width. To set it up takes as long as all the tables. */
export function screenOf(): Screen {
  const isTerminal = mayBeTerminal()
  return isTerminal
    ? { columns: process.stdout.columns, isTTY: process.stdout.isTTY }
    : { columns: undefined, isTTY: false }
}

function mayBeTerminal(): boolean {
  try {
    const found = fstatSync(1)
    return found.isCharacterDevice() && found.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev
  } catch {
    return false // Closed by whoever started us.
  }
}

/** Pieces are gathered: a system call for each line would take longer than the lines. */
const GATHERED = 32_768

/**
 * Writes the pieces as they come.
 * @returns `false` where the reader has gone, as `| head` does: nobody is left to write for.
 */
export async function writeOut(pieces: Iterable<string>): Promise<boolean> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < GATHERED) continue
    if (!(await writeAll(text))) return false
    text = ''
  }
  return writeAll(text)
}

/** write(2) may take a part only, and a full pipe that is not to block takes nothing for a while. */
async function writeAll(text: string): Promise<boolean> {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // EIO: a terminal that was closed. EBADF: there was none.
      if (code === 'EPIPE' || code === 'EIO' || code === 'EBADF') return false
      if (code !== 'EAGAIN') throw new UsageError(`cannot write to standard output: ${code ?? String(error)}`)
      await new Promise((resolve) => {
        setTimeout(resolve, 5)
      })
    }
  }
  return true
}
