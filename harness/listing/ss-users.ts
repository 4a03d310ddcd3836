/**
 * The process column of ss: `users:(("node",pid=1,fd=3),("a b",pid=2,fd=4))`.
 * ss prints command names as they are, with quotes, brackets, commas and line ends in them, so no simple split is right.
 */

import type { Holder } from '../domain/socket-row.ts'
import { holder } from './reading.ts'

/** The kernel keeps 15 bytes of a command name (proc_pid_comm(5)): what is longer between quotes is not one name. */
const LONGEST_COMMAND = 15

const USERS = /(?:^|\s)users:\(\((.*,fd=\d+)\)\)(?=\s|$)/s

/** Puts back together the lines that a line end inside a command name has torn apart. */
export function foldedLines(lines: readonly string[]): string[] {
  const folded: string[] = []
  let torn = 0
  for (const line of lines) {
    const last = folded.at(-1)
    const isTorn = last?.includes('users:((') === true && !USERS.test(last) && torn < LONGEST_COMMAND
    if (isTorn) folded[folded.length - 1] = `${last}\n${line}`
    else folded.push(line)
    torn = isTorn ? torn + 1 : 0
  }
  return folded
}

/** The holders that the column names, and the text around it. `null` where there is a column that cannot be read. */
export function readUsers(text: string): { holders: Holder[]; rest: string } | null {
  const users = USERS.exec(text)
  if (users === null) return text.includes('users:(') ? null : { holders: [], rest: text }
  const holders = readHolders(users[1] ?? '')
  if (holders === null) return null
  return { holders, rest: text.slice(0, users.index) + text.slice(users.index + users[0].length) }
}

/** Tries each place where the first entry may end until the whole text is used up, since a name may look like an end. */
function readHolders(text: string): Holder[] | null {
  for (const entry of text.matchAll(/",pid=(\d+)(?:,[a-z_]+=[^,"]*)*?,fd=(\d+)(?=\),\("|$)/g)) {
    if (entry.index === 0) continue // this quote begins the name
    const command = text.slice(1, entry.index)
    if (!text.startsWith('"') || [...command].length > LONGEST_COMMAND) return null
    const first = holder(entry[1] ?? '', command, entry[2] ?? '')
    const end = entry.index + entry[0].length
    if (end === text.length) return [first]
    const others = readHolders(text.slice(end + '),('.length))
    if (others !== null) return [first, ...others]
  }
  return null
}
