/** One thing that is wrong with the labs: where it stands, what it is, and what to do about it. */
export type Problem = {
  /** The labs that it concerns; none for a program or a folder that belongs to no lab. */
  labs: string[]
  file: string
  line: number
  what: string
  todo: string
  /** Whether the lab cannot run as it is: its checks are then inconclusive. */
  stops: boolean
}

/** A file that is longer than a student reads. */
export function tooLong(
  labs: string[],
  file: string,
  text: string | null,
  most: number,
  kind: string,
  todo: string,
): Problem[] {
  const lines = text?.replace(/\n$/, '').split('\n').length ?? 0
  if (lines <= most) return []
  const what = `${lines} lines are too many to read in one go: ${kind} has at most ${most}`
  return [{ labs, file, line: most + 1, what, todo, stops: false }]
}

/**
 * Follows a path of keys through the text of a file, and gives the line of the last one that is there. What is below a
 * key stands further in, as Prettier has it.
 */
export function lineOf(text: string | null, ...keys: string[]): number {
  const lines = codeLines(text ?? '')
  let first = 0
  let end = lines.length
  for (const key of keys) {
    const isKey = patternOf(key)
    const found = lines.slice(first, end).findIndex((line) => isKey.test(line))
    if (found < 0) continue
    first += found
    const indent = indentOf(lines[first])
    const next = lines.slice(first + 1, end).findIndex((line) => line.trim() !== '' && indentOf(line) <= indent)
    if (next >= 0) end = first + 1 + next
  }
  return first + 1
}

/** Every check of a lab asks for its line in the same text, one after the other. */
let last = { text: '', lines: [''] }

function codeLines(text: string): string[] {
  if (last.text !== text) last = { text, lines: withoutComments(text).split('\n') }
  return last.lines
}

/** `key:`, `'key':`, `key(`, `key,`, `key }`, or the quoted word itself as a member of a list. */
function patternOf(key: string): RegExp {
  const word = key.replace(/[^\w]/g, '\\$&')
  return new RegExp(`(?:^|[\\s{,])(?:async )?(?:${word}|'${word}'|"${word}")\\s*[:(,}]|['"\`]${word}['"\`]`)
}

function indentOf(line = ''): number {
  return line.length - line.trimStart().length
}

/** The same lines without their comments. A `//` after a colon is an address, not a comment. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(?<=^|[^:])\/\/.*/gm, '')
}

export type Plain = Readonly<Record<string, unknown>>

export function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The entries of an object; none for anything else, such as what a half-written lab exports. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isPlain(value) ? Object.entries(value) : []
}

/** The checks of a lab with their acts, as far as it can be read. */
export function checksOf(lab: unknown): { act: string; id: string; check: unknown }[] {
  const acts = entriesOf(isPlain(lab) ? lab['acts'] : undefined)
  return acts.flatMap(([act, value]) =>
    entriesOf(isPlain(value) ? value['checks'] : undefined).map(([id, check]) => ({ act, id, check })),
  )
}

export function stringsOf(value: unknown): string[] {
  return [value].flat().filter((one) => typeof one === 'string')
}

/** `'a'`, `'a' and 'b'`, `'a', 'b' and 'c'`. */
export function quoted(names: readonly string[]): string {
  const all = names.map((name) => `'${name}'`)
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}
