/**
 * The corpus: listings in every form, each beside the rows that it means. `NAME.txt` is what a tool prints or somebody
 * pastes, `NAME.rows` what is to be read of it, in the spelling of `corpus/told.ts`.
 */

import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { LISTING_FORMATS } from '../../harness/domain/look.ts'
import type { ReadText, UnreadLine } from '../../harness/domain/look.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { problemsOf, silentProblems } from './accounted.ts'
import { CORPUS } from './corpus/corpus.ts'
import { told } from './corpus/told.ts'

/** Names of ports are those of the machine that reads: /etc/services. */
const hasNames = existsSync('/etc/services')

describe('the corpus', () => {
  it.for(CORPUS)('$name', ({ text, rows, needsNames }, { skip }) => {
    if (needsNames && !hasNames) skip('there is no /etc/services here')
    const read = readListings(text)
    expect(told(read)).toEqual(rows)
    for (const { line, why } of [read, ...read.listings].flatMap(({ unread }) => unread)) {
      expect(why, `line ${line}`).toMatch(/^["\p{L}].*[^.\s]$/u)
    }
  })

  it('has every form that is read, but for the one that is no text', () => {
    const formats = new Set(CORPUS.flatMap(({ rows }) => rows.map((row) => row.split(' ', 1)[0])))
    const missing = Object.keys(LISTING_FORMATS).filter((format) => !formats.has(format))
    expect(missing).toEqual(['sock-diag'])
  })

  it.for(CORPUS)('$name: no line is lost', ({ text }) => {
    expect([...problemsOf(text, readListings(text)), ...silentProblems(text, readListings)]).toEqual([])
  })
})

/** A heading that goes on in the next line; and tables of other things, of which every line is left out. */
const NOT_POINTED_OUT: Readonly<Record<string, readonly number[]>> = {
  'netstat-bsd/macos-anv': [12, 13, 14, 18, 19, 20, 21, 22, 23],
  'ss/narrow': [2],
}

describe('a line that is in no tool', () => {
  const FOREIGN = 'What is this line doing here, and what does it mean?'

  it.for(CORPUS)('is pointed out in $name', ({ name, text }) => {
    const lines = text.split('\n')
    const lost = lines.flatMap((_, index) => {
      const { listings, unread } = readListings(lines.toSpliced(index, 0, FOREIGN).join('\n'))
      const all = [...unread, ...listings.flatMap((listing) => listing.unread)]
      return all.some(({ line }) => line === index + 1) ? [] : [index + 1]
    })
    expect(lost).toEqual(NOT_POINTED_OUT[name] ?? [])
  })
})

const moved = (by: number) => (line: UnreadLine) => ({ ...line, line: line.line + by })

/** What is read of a text that stands so many lines further down. */
function shifted({ listings, unread }: ReadText, by: number): ReadText {
  return {
    listings: listings.map((listing) => ({
      ...listing,
      lines: listing.lines === null ? null : { from: listing.lines.from + by, to: listing.lines.to + by },
      unread: listing.unread.map(moved(by)),
    })),
    unread: unread.map(moved(by)),
  }
}

const eachLine = (change: (line: string) => string) => (text: string) => text.split('\n').map(change).join('\n')

/** What pastes go through on their way. `by`: how many lines further down they stand then. */
const WAYS: readonly { name: string; by: number; go: (text: string) => string }[] = [
  { name: 'the line ends of Windows', by: 0, go: (text) => text.replaceAll(/\r?\n/g, '\r\n') },
  { name: 'a byte order mark', by: 0, go: (text) => `\uFEFF${text}` },
  { name: 'the quotes of a mail', by: 0, go: eachLine((line) => `> ${line}`) },
  { name: 'the quotes of two mails', by: 0, go: eachLine((line) => `> > ${line}`) },
  { name: 'blanks behind each line', by: 0, go: eachLine((line) => `${line.trimEnd()}    `) },
  {
    name: 'colours',
    by: 0,
    go: (text) => text.replaceAll(/LISTEN|tcp|open/g, '\u001b[01;31m\u001b[K$&\u001b[m\u001b[K'),
  },
  { name: 'the title of a window', by: 0, go: (text) => `\u001b]0;me@box: ~\u0007${text}` },
  { name: 'empty lines above', by: 3, go: (text) => `\n\n \n${text}` },
  { name: 'a fence of Markdown', by: 1, go: (text) => `\`\`\`console\n${text.trimEnd()}\n\`\`\`\n` },
]

describe('the corpus, pasted', () => {
  it.for(WAYS)('with $name', ({ by, go }) => {
    for (const { name, text } of CORPUS) {
      expect(told(readListings(go(text))), name).toEqual(told(shifted(readListings(text), by)))
    }
  })

  /** Of all pairs those that stand so far apart: tools meet every other one. */
  const DISTANCES = [1, 2, 7, 13, 19, 23, 29, 31]

  it('one behind the other', () => {
    for (const [index, above] of CORPUS.entries()) {
      for (const distance of DISTANCES) {
        const below = CORPUS[(index + distance) % CORPUS.length] ?? above
        const first = `${above.text.trimEnd()}\n$ \n`
        const [one, other] = [readListings(above.text), shifted(readListings(below.text), first.split('\n').length - 1)]
        const both = { listings: [...one.listings, ...other.listings], unread: [...one.unread, ...other.unread] }
        expect(told(readListings(first + below.text)), `${above.name} and ${below.name}`).toEqual(told(both))
      }
    }
  })
})
