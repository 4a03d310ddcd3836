/** Texts for the fuzzer: the corpus and what the printers print, spoilt in the ways in which pastes are spoilt, and in worse ones. */

import { CORPUS } from './corpus/corpus.ts'
import { PRINTERS } from './printers/all.ts'
import { manyFacts } from './printers/facts.ts'

export type Random = (below: number) => number

/** mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const TEXTS = [...CORPUS.map(({ text }) => text), ...PRINTERS.map(({ print }) => print(manyFacts(12)).text)]

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)] as T

/** Pieces that readers look for, and what is in no listing. */
const PIECES = [
  ' ', '\t', '\n', '\r\n', '\0', '\u0007', '\u001b[31m', '\u001b]0;', '\uD800', '\uFEFF', '\u00a0', '\u2028', 'é', '漢',
  '(', ')', '[', ']', '"', ',', ':', '::', '%', '*', '.', '/', '->', '<->', '-->', '|', '#', '$ ', '> ', '<', '>', '&', '=', '\\', '^', '-',
  '0', '1', '65535', '65536', '99999999999999999999', '-1', '0x', 'NaN', '1e9', 'tcp', 'udp6', 'TCP', 'LISTEN', '(LISTEN)', 'ESTAB', 'users:((', '"))',
  '",pid=1,fd=2', 'internet stream tcp', '*.*', '*:*', '0.0.0.0:*', '[::]:*', ':::*', '<host>', '</host>', '<!--', ']]>', 'Ports: ', 'Host: ', 'p1', 'n*:80',
  '__proto__', 'constructor',
] // prettier-ignore

type Mutation = (text: string, random: Random) => string

const withLines =
  (change: (lines: string[], random: Random) => void): Mutation =>
  (text, random) => {
    const lines = text.split('\n')
    change(lines, random)
    return lines.join('\n')
  }

const MUTATIONS: readonly Mutation[] = [
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random) => text.slice(random(text.length + 1)),
  (text, random) => {
    const at = random(text.length + 1)
    return text.slice(0, at) + text.slice(at + random(40))
  },
  (text, random) => {
    const at = random(text.length + 1)
    return text.slice(0, at) + pick(random, PIECES) + text.slice(at)
  },
  (text, random) => {
    const at = random(text.length + 1)
    return text.slice(0, at) + String.fromCharCode(random(0x10000)) + text.slice(at + 1)
  },
  // Very long: one piece many times, inside a line.
  (text, random) => {
    const at = random(text.length + 1)
    return (
      text.slice(0, at) +
      pick(
        random,
        PIECES.filter((piece) => !piece.includes('\n')),
      ).repeat(random(3000)) +
      text.slice(at)
    )
  },
  withLines((lines, random) => void lines.splice(random(lines.length), 1)),
  withLines((lines, random) => void lines.splice(random(lines.length), 0, pick(random, lines))),
  withLines(
    (lines, random) =>
      void lines.splice(random(lines.length), 0, ...Array<string>(random(60)).fill(pick(random, lines))),
  ),
  withLines((lines, random) => {
    const [one, other] = [random(lines.length), random(lines.length)]
    const kept = lines[one] ?? ''
    lines[one] = lines[other] ?? ''
    lines[other] = kept
  }),
  withLines((lines, random) => void (lines[random(lines.length)] = pick(random, TEXTS).split('\n')[0] ?? '')),
  withLines((lines, random) => {
    const at = random(lines.length)
    lines[at] = (lines[at] ?? '').replaceAll(/ {2,}/g, '\t')
  }),
  withLines((lines, random) => {
    const at = random(lines.length)
    lines.splice(at, 2, `${lines[at] ?? ''}${lines[at + 1] ?? ''}`)
  }),
  // A column less.
  withLines((lines, random) => {
    const at = random(lines.length)
    const words = (lines[at] ?? '').split(/( +)/)
    words.splice(random(words.length), 2)
    lines[at] = words.join('')
  }),
  // A terminal that is so wide and no wider.
  withLines((lines, random) => {
    const width = 30 + random(60)
    const folded = lines.flatMap((line) => line.slice(0, 4000).match(new RegExp(`.{1,${width}}`, 'gs')) ?? [''])
    lines.splice(0, lines.length, ...folded)
  }),
  (text, random) => `${text}\n${pick(random, TEXTS)}`,
  (text, random) => `${pick(random, TEXTS)}\n$ \n${text}`,
]

/** The text of a number: the same for the same one. */
export function fuzzed(seed: number): string {
  const random = randomOf(seed)
  let text = pick(random, TEXTS)
  for (let count = 1 + random(5); count > 0; count -= 1) text = pick(random, MUTATIONS)(text, random)
  return text
}
