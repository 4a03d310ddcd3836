/**
 * The corpus: listings in every form, each beside the rows that it means. `NAME.txt` is what a tool prints or somebody
 * pastes, `NAME.rows` what is to be read of it, by the spelling of `corpus/told.ts`.
 */

import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { LISTING_FORMATS } from '../../harness/domain/look.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { CORPUS } from './corpus/corpus.ts'
import { told } from './corpus/told.ts'

/** Names of ports are those of the machine that reads: /etc/services. */
const hasNames = existsSync('/etc/services')

describe('the corpus', () => {
  it.for(CORPUS)('$name', ({ text, rows, needsNames }, { skip }) => {
    if (needsNames && !hasNames) skip('there is no /etc/services here')
    const read = readListings(text)
    expect(told(read)).toEqual(rows)
    for (const { line, text: kept, why } of [read, ...read.listings].flatMap(({ unread }) => unread)) {
      expect(why, `line ${line}`).toMatch(/^["\p{L}].*[^.\s]$/u)
      expect(kept.trim(), `line ${line}`).not.toBe('')
    }
  })

  it('has every form that is read, but for the one that is no text', () => {
    const formats = new Set(CORPUS.flatMap(({ rows }) => rows.map((row) => row.split(' ', 1)[0])))
    const missing = Object.keys(LISTING_FORMATS).filter((format) => !formats.has(format))
    expect(missing).toEqual(['sock-diag'])
  })
})
