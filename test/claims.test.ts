/** The ledger of claims is complete, and each text reads on after "cafe says: ". */

import { describe, expect, test } from 'vitest'
import { type Claim, type ClaimId, claims, documents } from '../labs/claims.ts'

const ledger = Object.entries<Claim>(claims)

const rowsPerDocument = [
  ['dialogue', 'Q', 18],
  ['harbour', 'H', 18],
  ['cafe', 'C', 23],
  ['tuple', 'T', 30],
  ['checklist', 'N', 14],
] as const

const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`)

describe('the ledger', () => {
  test('has 103 rows', () => {
    expect(ledger).toHaveLength(103)
  })

  test('names the five documents and no other', () => {
    expect(Object.keys(documents)).toEqual(rowsPerDocument.map(([document]) => document))
    for (const [id, { document }] of ledger) expect(documents, id).toHaveProperty(document)
  })

  test.each(rowsPerDocument)('has every row of %s, letter %s, %i rows in order', (document, letter, count) => {
    const ids = ledger.filter(([, claim]) => claim.document === document).map(([id]) => id)
    expect(ids).toEqual(numbered(letter, count))
  })

  test('keeps the order of the documents', () => {
    expect(Object.keys(claims)).toEqual(rowsPerDocument.flatMap(([, letter, count]) => numbered(letter, count)))
  })

  test('leaves five definitions untested, and 98 claims to be answered by an experiment or a tool', () => {
    const definitions: ClaimId[] = ['Q16', 'C22', 'T27', 'N13', 'N14']
    expect(ledger.filter(([, { kind }]) => kind === 'define').map(([id]) => id)).toEqual(definitions)
    expect(ledger.filter(([, { kind }]) => kind === 'test' || kind === 'tool')).toHaveLength(98)
  })

  test('says nothing twice', () => {
    const letters = ledger.map(([, { says }]) => says.toLowerCase().replace(/[^a-z0-9]/g, ''))
    expect(letters.filter((text, i) => letters.indexOf(text) !== i)).toEqual([])
  })

  test('keeps the errno that cafe prints', () => {
    expect(claims.C10.says).toContain('errno 99 EADDRNOTAVAIL')
  })
})

describe('every text', () => {
  const texts: string[] = ledger.map(([, { says }]) => says)
  const offending = (isWrong: (says: string) => boolean) => texts.filter(isWrong)

  test('is one sentence without a full stop, of at most 110 characters', () => {
    expect(offending((says) => !/^\S.*[^\s.!?:;,]$/.test(says))).toEqual([])
    expect(offending((says) => /[.!?]\s/.test(says))).toEqual([])
    expect(offending((says) => says.length > 110)).toEqual([])
  })

  test('reads on after a colon: no capital but in a name', () => {
    expect(offending((says) => /^(?:[A-Z][a-z]|An? |:)/.test(says))).toEqual([])
  })

  test('is plain text in a calm voice: no markup, no exclamation mark', () => {
    expect(offending((says) => /[!`|<>]/.test(says))).toEqual([])
  })

  test('does not give the answer away', () => {
    const verdict = /\b(?:refuted|wrong(?:ly)?|actually|in fact|contradicts?|in truth|turns out)\b/
    expect(offending((says) => verdict.test(says))).toEqual([])
  })
})
