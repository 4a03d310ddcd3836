/**
 * Reads an open file piece by piece and line by line, with the place of each: no more than one of them is in memory. It
 * stays the same file where another one takes its name.
 */

import { readSync } from 'node:fs'

/** In bytes. */
export type Place = { at: number; length: number }

const PIECE = 1 << 16
const NEWLINE = 0x0a

/** The pieces of an open file in their order. Each is read into the same memory as the one before. */
export function* piecesOf(descriptor: number): Generator<{ at: number; piece: Buffer }> {
  const own = Buffer.allocUnsafe(PIECE)
  let at = 0
  for (let read = readSync(descriptor, own, 0, PIECE, at); read > 0;) {
    yield { at, piece: own.subarray(0, read) }
    at += read
    read = readSync(descriptor, own, 0, PIECE, at)
  }
}

/** Without the ends of the lines; what stands behind the last one is a line as well. */
export function* linesOf(descriptor: number): Generator<{ place: Place; text: string }> {
  let parts: Buffer[] = []
  let begun = 0
  const line = () => {
    const whole = Buffer.concat(parts)
    parts = []
    return { place: { at: begun, length: whole.length }, text: whole.toString('utf8') }
  }
  for (const { at, piece } of piecesOf(descriptor)) {
    let from = 0
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
      parts.push(piece.subarray(from, end))
      yield line()
      from = end + 1
      begun = at + from
    }
    if (from < piece.length) parts.push(Buffer.from(piece.subarray(from)))
  }
  if (parts.length > 0) yield line()
}

/** Grows to the longest text that was read. */
let memory = Buffer.alloc(0)

export function textAt(descriptor: number, { at, length }: Place): string {
  if (memory.length < length) memory = Buffer.allocUnsafe(length)
  let read = 0
  for (let more = 1; more > 0 && read < length; read += more) {
    more = readSync(descriptor, memory, read, length - read, at + read)
  }
  return memory.toString('utf8', 0, read)
}
