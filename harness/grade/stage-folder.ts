/**
 * Copies what was handed in, before anything of it is started: the copy is bounded, holds only folders, plain files and
 * symbolic links as they are, and every user may read it.
 */

import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readdirSync, readlinkSync } from 'node:fs'
import { readSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MOST_FILES = 2000
const MOST_BYTES = 32 * 1024 * 1024
const MOST_DEPTH = 20

/** @returns why the folder cannot be copied, in a sentence, or null. */
export function stageFolder(from: string, to: string): string | null {
  const room = { files: MOST_FILES, bytes: MOST_BYTES }
  try {
    return copyFolder(from, to, room, 0)
  } catch (error) {
    return `The folder could not be copied: ${(error as Error).message}.`
  }
}

type Room = { files: number; bytes: number }

function copyFolder(from: string, to: string, room: Room, depth: number): string | null {
  if (depth > MOST_DEPTH) return `Its folders are nested more than ${MOST_DEPTH} deep.`
  // A program may be run as another user, who owns nothing here; a build writes beside its sources.
  chmodSync(to, 0o777)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    room.files -= 1
    if (room.files < 0) return `It holds more than ${MOST_FILES} files.`
    const [source, copy] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      mkdirSync(copy)
      const why = copyFolder(source, copy, room, depth + 1)
      if (why !== null) return why
    } else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), copy)
    else if (entry.isFile() && !copyFile(source, copy, room)) return `It holds more than ${MOST_BYTES / 2 ** 20} MiB.`
    // Pipes, sockets and devices are nothing that is handed in.
  }
  return null
}

/** The file may have become something else since it was listed: it is opened without following, and looked at again. */
function copyFile(source: string, copy: string, room: Room): boolean {
  const file = openSync(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const { size, mode } = fstatSync(file)
    room.bytes -= size
    if (!fstatSync(file).isFile()) return true
    if (room.bytes < 0) return false
    writeFileSync(copy, readWhole(file, size))
    chmodSync(copy, (mode & 0o111) === 0 ? 0o666 : 0o777)
    return true
  } finally {
    closeSync(file)
  }
}

/** read(2) may give a part only. A file that has shrunk ends sooner; one that has grown counts as it was. */
function readWhole(file: number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let length = 0
  for (let got = -1; got !== 0 && length < size; length += got)
    got = readSync(file, bytes, length, size - length, length)
  return bytes.subarray(0, length)
}
