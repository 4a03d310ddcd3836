/**
 * The process column of ss: `users:(("node",pid=1,fd=3),("a b",pid=2,fd=4))`, and before 2015 `users:(("node",1,3))`.
 * ss prints command names as they are, with quotes, brackets, commas and line ends in them, so no simple split is right.
 */

import type { Holder } from '../domain/socket-row.ts'
import { holder } from './reading.ts'

/** The kernel keeps 15 bytes of a command name (proc_pid_comm(5)): what is longer between quotes is not one name. */
export const LONGEST_COMMAND = 15

const BEGIN = 'users:(('

/** `-z` adds the context of the socket. */
const ENTRY_TAIL = /,(?:fd=)?\d{1,10}(?:,sock_ctx=[^"()]{0,256})?$/
const LONGEST_TAIL = 280

/** Where the column stands in a text. `to` is -1 where its end is missing. */
function placeOfUsers(text: string): { from: number; to: number } | null {
  let from = text.indexOf(BEGIN)
  while (from > 0 && !/\s/.test(text.charAt(from - 1))) from = text.indexOf(BEGIN, from + 1)
  if (from === -1) return null
  // A name may hold what looks like the end: the last one counts.
  for (let end = text.lastIndexOf('))'); end > from; end = text.lastIndexOf('))', end - 1)) {
    const isEnd =
      /^(?:\s|$)/.test(text.slice(end + 2, end + 3)) &&
      ENTRY_TAIL.test(text.slice(Math.max(0, end - LONGEST_TAIL), end))
    if (isEnd) return { from, to: end + 2 }
  }
  return { from, to: -1 }
}

/** Whether the column begins here and does not end: a line end inside a name, or of a narrow terminal, has torn it. */
export function hasTornUsers(text: string): boolean {
  return placeOfUsers(text)?.to === -1
}

/** The holders that the column names, and the text around it. `null` where there is a column that cannot be read. */
export function readUsers(text: string): { holders: Holder[]; rest: string } | null {
  const place = placeOfUsers(text)
  if (place === null) return text.includes('users:(') ? null : { holders: [], rest: text }
  if (place.to === -1) return null
  const holders = readHolders(text.slice(place.from + BEGIN.length, place.to - 2))
  return holders === null ? null : { holders, rest: text.slice(0, place.from).trimEnd() + text.slice(place.to) }
}

// Bounded, so that a text made to look like the beginning of many entries is not read again and again.
const ENTRY_END =
  /",(?:pid=(\d{1,10})(?:,[a-z_]{1,16}=[^,"]{0,256}){0,4}?,fd=(\d{1,10})(?:,sock_ctx=[^"()]{0,256})?|(\d{1,10}),(\d{1,10}))(?=\),\("|$)/y

/** Tries each place where an entry may end until the whole text is used up, since a name may look like an end. */
function readHolders(text: string): Holder[] | null {
  const holders: Holder[] = []
  const tried: number[] = [] // for each entry, the quote at which it was taken to end
  const starts = [0]
  const hopeless = new Set<number>()
  for (;;) {
    const start = starts.at(-1) ?? 0
    const found = hopeless.has(start) ? null : nextEnd(text, start, tried[starts.length - 1] ?? start)
    if (found === null) {
      hopeless.add(start)
      starts.pop()
      tried.length = starts.length
      holders.pop()
      if (starts.length === 0) return null
      continue
    }
    tried[starts.length - 1] = found.quote
    holders.push(found.holder)
    if (found.next > text.length) return holders
    starts.push(found.next)
  }
}

/** The next quote after `after` that may end the name of the entry at `start`. */
function nextEnd(text: string, start: number, after: number) {
  if (text[start] !== '"') return null
  const farthest = start + 1 + 2 * LONGEST_COMMAND // a character outside the basic plane has two units
  for (
    let quote = text.indexOf('"', after + 1);
    quote !== -1 && quote <= farthest;
    quote = text.indexOf('"', quote + 1)
  ) {
    ENTRY_END.lastIndex = quote
    const [all, pid, fd, oldPid, oldFd] = ENTRY_END.exec(text) ?? []
    if (all === undefined) continue
    const command = text.slice(start + 1, quote)
    if ([...command].length > LONGEST_COMMAND) return null
    const next = quote + all.length === text.length ? text.length + 1 : quote + all.length + '),('.length
    return { quote, next, holder: holder(pid ?? oldPid ?? '', command, fd ?? oldFd ?? '') }
  }
  return null
}
