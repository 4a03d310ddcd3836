/** Writes commands that are typed many times once: side by side in several terminals, or again and again. */

export type TypedLine = { terminal: number; command: string }

/** A command, and all terminals in which it is typed; none for a line that is about those above it. */
export type FoldedLine = { terminals: number[]; command: string }

/** So often at least. */
const OFTEN = 4
/** A terminal enters its network, and starts its program. */
const MOST_IN_ONE_TERMINAL = 2
const LONGEST_ROUND = 8

export function foldedCommands(lines: readonly TypedLine[]): FoldedLine[] {
  return withoutRounds(sideBySide(lines))
}

function sideBySide(lines: readonly TypedLine[]): FoldedLine[] {
  const found: FoldedLine[] = []
  for (let at = 0; at < lines.length;) {
    const block = blockFrom(lines.slice(at)) ?? { taken: 1, lines: [alone(lines[at] as TypedLine)] }
    found.push(...block.lines)
    at += block.taken
  }
  return found
}

const alone = ({ terminal, command }: TypedLine): FoldedLine => ({ terminals: [terminal], command })

/** The same one or two commands in each of many terminals, one terminal after the other. */
function blockFrom(lines: readonly TypedLine[]): { taken: number; lines: FoldedLine[] } | null {
  for (let each = 1; each <= MOST_IN_ONE_TERMINAL; each++) {
    const terminals: number[] = []
    const commands: string[][] = []
    for (let at = 0; at + each <= lines.length; at += each) {
      const part = lines.slice(at, at + each)
      const terminal = part[0]?.terminal ?? 0
      const isOne = part.every((line) => line.terminal === terminal) && !terminals.includes(terminal)
      const now = part.map(({ command }) => command)
      if (!isOne || now.some((command, index) => together([...(commands[index] ?? []), command]) === null)) break
      terminals.push(terminal)
      for (const [index, command] of now.entries()) commands[index] = [...(commands[index] ?? []), command]
    }
    if (terminals.length < OFTEN) continue
    const isSame = commands.every((all) => new Set(all).size === 1)
    // The same is typed in any order.
    const shown = isSame ? terminals.toSorted((a, b) => a - b) : terminals
    const told = commands.map((all) => ({ terminals: shown, command: together(all) ?? '' }))
    return { taken: terminals.length * each, lines: told }
  }
  return null
}

/** One command for all: they are the same, or differ in one number that goes up by one. Else null. */
function together(commands: readonly string[]): string | null {
  const [first = '', ...others] = commands
  if (others.every((command) => command === first)) return first
  const words = commands.map((command) => command.split(' '))
  const [own = []] = words
  if (words.some(({ length }) => length !== own.length)) return null
  const differing = own.flatMap((word, at) => (words.every((one) => one[at] === word) ? [] : [at]))
  const [at] = differing
  if (at === undefined || differing.length > 1) return null
  const numbers = words.map((one) => (/^\d+$/.test(one[at] ?? '') ? Number(one[at]) : Number.NaN))
  const [lowest = Number.NaN] = numbers
  if (numbers.some((number, index) => number !== lowest + index)) return null
  return `${own.with(at, 'N').join(' ')} # N: ${lowest} to ${lowest + numbers.length - 1}`
}

function withoutRounds(lines: readonly FoldedLine[]): FoldedLine[] {
  const found: FoldedLine[] = []
  const names = lines.map(({ terminals, command }) => `${terminals.join()} ${command}`)
  for (let at = 0; at < lines.length;) {
    const [length, times] = roundsFrom(names.slice(at))
    found.push(...lines.slice(at, at + length))
    const what = length === 1 ? 'this line' : `the last ${length} lines`
    if (times > 1) found.push({ terminals: [], command: `(${what} ${times - 1} times more)` })
    at += length * times
  }
  return found
}

/** How many lines make a round, and how often it is gone through; one line once where nothing is repeated often. */
function roundsFrom(names: readonly string[]): [length: number, times: number] {
  for (let length = 1; length <= LONGEST_ROUND; length++) {
    let times = 1
    while (names.slice(0, length).every((name, index) => name === names[times * length + index])) times += 1
    if (times >= OFTEN) return [length, times]
  }
  return [1, 1]
}
