/** The listings that somebody hands in: files, or what comes over standard input. */

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'

import { UsageError } from './usage.ts'

/** V8 has no longer strings than half a gigabyte; a listing of a million sockets has a fifth of it. */
const MOST_BYTES = 400_000_000

/** What the name `-` stands for. */
export const STANDARD_INPUT = '-'

/** @throws UsageError where it cannot be read, or is no text. */
export async function readInput(name: string): Promise<string> {
  if (name !== STANDARD_INPUT) return readFile(name)
  const text = await readStandardInput()
  if (text === null)
    throw new UsageError('standard input is no file and no pipe; name a file, or pipe a listing into it')
  return text
}

function readFile(file: string): string {
  try {
    const found = statSync(file)
    if (found.isDirectory()) throw new UsageError(`cannot read ${file}: it is a folder`)
    if (found.size > MOST_BYTES) throw tooLong(file)
    // A program of 100 MB is known by its beginning.
    if (found.isFile()) requireText(textOf(beginningOf(file)), file)
    return decoded(readFileSync(file), file)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UsageError(`there is no file ${file}`)
    throw new UsageError(`cannot read ${file}: ${code ?? String(error)}`)
  }
}

/**
 * Standard input to its end, or `null` where nothing is given there: a terminal, /dev/null, or none at all.
 * `onWaiting` is called once where a pipe has said nothing for a while: an empty pipe may be held open by mistake.
 */
export async function readStandardInput(onWaiting: () => void = () => {}): Promise<string | null> {
  const kind = kindOfStandardInput()
  if (kind === 'none') return null
  const bytes = kind === 'file' ? readWhole() : await readPipe(onWaiting)
  return decoded(bytes, 'standard input')
}

function kindOfStandardInput(): 'none' | 'file' | 'pipe' {
  try {
    const found = fstatSync(0)
    if (found.isFile()) return 'file'
    return found.isFIFO() || found.isSocket() ? 'pipe' : 'none'
  } catch {
    return 'none' // Closed by whoever started us.
  }
}

const PIECE = 1 << 20

function readWhole(): Buffer {
  const pieces: Buffer[] = []
  let size = 0
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE)
    const length = readSync(0, piece)
    if (length === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, length))
    size += length
    if (size > MOST_BYTES) throw tooLong('standard input')
  }
}

const PATIENCE_MS = 2000

async function readPipe(onWaiting: () => void): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  const patience = setTimeout(onWaiting, PATIENCE_MS)
  try {
    for await (const piece of process.stdin as AsyncIterable<Buffer>) {
      clearTimeout(patience)
      pieces.push(piece)
      size += piece.length
      if (size > MOST_BYTES) throw tooLong('standard input')
    }
  } finally {
    clearTimeout(patience)
  }
  return Buffer.concat(pieces)
}

function tooLong(name: string): UsageError {
  return new UsageError(`${name} is longer than ${MOST_BYTES / 1_000_000} MB, too long for a listing`)
}

const LOOKED_AT = 65_536

function beginningOf(file: string): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(LOOKED_AT)
    return bytes.subarray(0, readSync(descriptor, bytes))
  } finally {
    closeSync(descriptor)
  }
}

function decoded(bytes: Buffer, name: string): string {
  const text = textOf(bytes)
  requireText(text, name)
  return text
}

/** PowerShell writes UTF-16 into files. */
function textOf(bytes: Buffer): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return isUtf16 ? bytes.toString('utf16le', 2) : bytes.toString('utf8')
}

const LEAST_SHARE = 0.98

/** Control characters and bytes that are no UTF-8. lsof -F0 has a NUL after each field, and colours have their escapes. */
// oxlint-disable-next-line no-control-regex -- these are the characters to be found
const STRANGE = /[\u0001-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g

function requireText(text: string, name: string): void {
  const part = text.slice(0, LOOKED_AT)
  const strange = part.match(STRANGE)?.length ?? 0
  if (strange > part.length * (1 - LEAST_SHARE)) throw new UsageError(`${name} is no text`)
}
