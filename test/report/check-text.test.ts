import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'

import { VERDICTS } from '../../harness/domain/verdict.ts'
import { checkText } from '../../harness/report/check-text.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { check, plainLayout } from './stream.ts'

const text = (change: Parameters<typeof check>[0], columns = 80) => checkText(plainLayout(columns), check(change))

describe('a check', () => {
  it('that passed says what was expected, observed, and why', () => {
    const claims = [{ claim: 'C1', document: 'cafe', says: 'the client gets in', holds: true }]
    expect(text({ claims })).toBe(`  pass  Does the client reach the listener?
        Expected: Yes. (ip(7))
        Observed: The client was connected. (step 2)
        Why: Somebody listens.
        cafe C1: the client gets in. This holds here.

`)
  })

  it('that failed says what should have been and what was', () => {
    expect(text({ verdict: 'fail', restsOn: [2, 3] })).toBe(`  FAIL  Does the client reach the listener?
        Should have been: Yes. (ip(7))
        But was: The client was refused. (steps 2, 3)
        Why: Nobody listens.

`)
  })

  it('whose outcome nobody listed shows it as it was seen', () => {
    expect(text({ verdict: 'fail', observed: 'EPERM', seen: '', why: '', restsOn: [] })).toContain(
      'But was: EPERM, which is none of the answers that this lab knows.\n\n',
    )
  })

  it('that was noted says that no source speaks of this system', () => {
    expect(text({ verdict: 'noted' })).toContain('  noted  Does the client reach the listener?\n')
    expect(text({ verdict: 'noted' })).toContain('Expected: no source speaks of this system;')
  })

  it('that was skipped gives the reason and nothing else', () => {
    expect(text({ verdict: 'skip' })).toBe(`  skip  Does the client reach the listener?
        Skipped: ipv6-loopback: no address ::1.

`)
  })

  it('that is inconclusive gives the reason, with one full stop', () => {
    expect(text({ verdict: 'inconclusive', seen: 'It took too long.' })).toBe(
      `  inconclusive  Does the client reach the listener?
        Nothing was observed: It took too long.

`,
    )
  })

  it.each([
    [true, 'That is right.'],
    [false, 'That is not what happened. Many hope so.'],
    [null, 'That is not decided.'],
  ])('shows what was predicted beside what was observed: %s', (right, words) => {
    const prediction = { outcome: 'ECONNREFUSED', right, becauseMany: right === false ? 'Many hope so.' : null }
    expect(text({ prediction })).toContain(`        You said: No, it is refused. ${words}\n        Expected:`)
  })

  it.each(VERDICTS)('says the same in colour: %s', (verdict) => {
    const painted = checkText(createLayout({ columns: 80, color: true }), check({ verdict }))
    expect(painted).toContain('\u001b[')
    expect(stripVTControlCharacters(painted)).toBe(text({ verdict }))
  })

  it('paints its verdict, not a question that begins with the same word', () => {
    const painted = checkText(createLayout({ columns: 80, color: true }), check({ question: 'pass $& it?' }))
    expect(stripVTControlCharacters(painted)).toMatch(/^ {2}pass {2}pass \$& it\?\n/)
    expect(painted.indexOf('\u001b[')).toBe(2)
  })
})
