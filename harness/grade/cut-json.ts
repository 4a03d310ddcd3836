/**
 * Reads a JSON document in a file whose bulk is one list of objects, without ever having the whole in memory: each
 * object of the list is cut out, and its place stands there instead. So what is left is the document without its bulk.
 */

import type { Place } from './lines.ts'
import { piecesOf } from './lines.ts'

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = Array.from('"\\{}[]', (one) => one.charCodeAt(0))

/** How deep the list is: the outermost object has depth 1. */
const IN_LIST = 2

/** The text of the document, with places for the objects of the list `name`. It may be no JSON: then nor was it. */
export function cutJson(descriptor: number, name: string): string {
  const begins = new RegExp(`"${name}"\\s*:\\s*$`)
  let [left, depth, begun] = ['', 0, -1]
  let [isText, isEscaped, isList] = [false, false, false]
  for (const { at, piece } of piecesOf(descriptor)) {
    /** What was not taken over yet begins here. */
    let from = 0
    const takeOver = (to: number) => {
      if (begun < 0) left += piece.toString('latin1', from, to)
      from = to
    }
    for (let index = 0; index < piece.length; index += 1) {
      const byte = piece[index]
      if (isText) {
        if (isEscaped) isEscaped = false
        else if (byte === BACKSLASH) isEscaped = true
        else if (byte === QUOTE) isText = false
      } else if (byte === QUOTE) isText = true
      else if (byte === OPEN || byte === OPEN_LIST) {
        if (depth < IN_LIST || (depth === IN_LIST && isList)) takeOver(index)
        if (depth === IN_LIST - 1) isList = byte === OPEN_LIST && begins.test(left)
        else if (depth === IN_LIST && isList && byte === OPEN) begun = at + index
        depth += 1
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        depth -= 1
        if (depth === IN_LIST && begun >= 0) {
          left += JSON.stringify({ at: begun, length: at + index + 1 - begun } satisfies Place)
          begun = -1
          from = index + 1
        }
      }
    }
    takeOver(piece.length)
  }
  // Until here each byte was a character: a piece may end within a character of UTF-8.
  return Buffer.from(left, 'latin1').toString('utf8')
}
