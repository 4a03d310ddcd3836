/**
 * The time to read a listing grows with its length and no faster: from 1 MB to 100 MB, and where one line, or every line,
 * is meant to keep a reader busy. MEGABYTES sets the longest text. Run by `npm run test:listings`.
 */

import { describe, expect, it } from 'vitest'

import { readListings } from '../../harness/listing/recognise.ts'
import { hostileLines, hostileTexts, longText, SOURCES } from './long-texts.ts'
import type { Hostile } from './long-texts.ts'

const { MEGABYTES = '100' } = process.env
const MEGABYTE = 1_000_000

/** Twice as long may take this much longer: more than twice, since a larger heap costs more to look after. */
const MOST_PER_DOUBLING = 2.6
/** What takes less is not compared: the compiler's own work is a large part of it. */
const LEAST_MS = 100
const ROUNDS = 4

/** The time of the processor, in milliseconds: others may use it meanwhile. */
function timeOf(text: string): number {
  const before = process.threadCpuUsage()
  readListings(text)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

const sizes: number[] = []
for (let size = 1; size < Number(MEGABYTES); size *= 2) sizes.push(size)
sizes.push(Number(MEGABYTES))

/** Of two lengths, how much longer the second one takes: the least of several rounds, since only noise makes it more. */
function growth(short: string, long: string, leastMs = LEAST_MS): { ms: number; ratio: number } {
  const rounds: { ms: number; ratio: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const [before, ms] = [timeOf(short), timeOf(long)]
    rounds.push({ ms, ratio: before < leastMs ? 0 : ms / before })
    if (ms <= before * mostFor(short, long)) break
  }
  return rounds.reduce((best, one) => (one.ratio < best.ratio ? one : best))
}

const mostFor = (short: string, long: string) => MOST_PER_DOUBLING ** Math.log2(long.length / short.length)

describe(`1 MB to ${MEGABYTES} MB`, () => {
  it.each(SOURCES)('$name', { timeout: 1_200_000 }, (source) => {
    const text = longText(source, Number(MEGABYTES) * MEGABYTE)
    const told: string[] = []
    let short = text.slice(0, MEGABYTE / 2)
    // The first look compiles the reader.
    timeOf(short)
    for (const size of sizes) {
      const long = text.slice(0, size * MEGABYTE)
      const { ms, ratio } = growth(short, long)
      told.push(`${size} MB: ${Math.round(ms)} ms`)
      expect(ratio, told.join(', ')).toBeLessThan(mostFor(short, long))
      short = long
    }
    process.stdout.write(`${source.name}: ${told.join(', ')}\n`)
  })
})

/** A line that is read in linear time is far below it, and what is below it is not looked at twice. */
const HOSTILE_CHARACTERS = 250_000
const SUSPECT_MS = 40
const HOSTILE_MS = 3000

/** Those that take more than twice as long where they are twice as long, and those that take long. */
function slowOnes(texts: (characters: number) => Iterable<Hostile>): string[] {
  const slow: string[] = []
  const halves = texts(HOSTILE_CHARACTERS / 2)[Symbol.iterator]()
  for (const { name, text } of texts(HOSTILE_CHARACTERS)) {
    const half = halves.next().value as Hostile
    if (timeOf(text) < SUSPECT_MS) continue
    const { ms, ratio } = growth(half.text, text, SUSPECT_MS / 8)
    const isSteep = ratio > mostFor(half.text, text)
    if (isSteep || ms > HOSTILE_MS) slow.push(`${name}: ${Math.round(ms)} ms, ${ratio.toFixed(1)} times as long`)
  }
  return slow
}

describe(`${HOSTILE_CHARACTERS / 1000} KB that are meant to keep a reader busy`, () => {
  it('one line', { timeout: 1_200_000 }, () => {
    expect(slowOnes(hostileTexts)).toEqual([])
  })

  it('every line', { timeout: 1_200_000 }, () => {
    expect(slowOnes(hostileLines)).toEqual([])
  })
})
