/** Reads a small file out of a folder that somebody handed in: a plain file, no link, of bounded size, in UTF-8. */

import { constants } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { lstat, open } from 'node:fs/promises'

/** 1 MB: a class's worth of answers in one file would still be smaller. */
export const MOST_BYTES = 1_000_000

export type Text = { text: string } | { problem: string }

/**
 * The text of a file. Nothing that was handed in is waited for or followed: a FIFO has no reader's end to wait for with
 * O_NONBLOCK (fifo(7)), and O_NOFOLLOW refuses a symbolic link that took the file's place after it was looked at (open(2)).
 * @returns what is wrong, as it reads on after the file's name.
 */
export async function readSmallText(file: string): Promise<Text> {
  try {
    const kind = kindOf(await lstat(file))
    if (kind !== null) return { problem: `is ${kind}; it has to be a plain file` }
    // Windows has neither of the last two; `undefined` then adds no bit.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    try {
      return await readOpened(handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'is not there' }
    return { problem: `cannot be read: ${code}` }
  }
}

async function readOpened(handle: FileHandle): Promise<Text> {
  const stats = await handle.stat()
  const kind = kindOf(stats)
  if (kind !== null) return { problem: `is ${kind}; it has to be a plain file` }
  const tooLarge = { problem: `is larger than ${MOST_BYTES / 1_000_000} MB, which is the most that is read` }
  if (stats.size > MOST_BYTES) return tooLarge
  // The size is what somebody says of the file. What is read is counted.
  const bytes = new Uint8Array(MOST_BYTES + 1)
  let length = 0
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null)
    if (bytesRead === 0) return decode(bytes.subarray(0, length))
    length += bytesRead
  }
  return tooLarge
}

/** The text of bytes in UTF-8. A byte order mark before it is left out. */
export function decode(bytes: Uint8Array): Text {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { problem: 'is not in UTF-8' }
  }
}

type Stats = Awaited<ReturnType<typeof lstat>>

/** What it is instead of a plain file; null for a plain file. */
function kindOf(stats: Stats): string | null {
  if (stats.isFile()) return null
  if (stats.isSymbolicLink()) return 'a symbolic link'
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a FIFO'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}
