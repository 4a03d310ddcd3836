/** The ledger as text fits its terminal: wrapped with a hanging indent, from 20 columns to a line that is good to read. */

import { stripVTControlCharacters } from 'node:util'

import { describe, expect, test } from 'vitest'

import type { Claim } from '../../harness/domain/ledger.ts'
import { ledgerOf } from '../../harness/domain/ledger.ts'
import type { Document, Frame } from '../../harness/report/claims-text.ts'
import { claimsText } from '../../harness/report/claims-text.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { displayWidth } from '../../harness/report/width.ts'
import { check, loadedLab } from '../run/lab.ts'
import { check as result, HOSTILE, host, plainLayout } from '../report/stream.ts'

const claims: Record<string, Claim> = {
  X1: { document: 'cafe', says: 'a client is connected to each listener that it dials, whatever it is', kind: 'test' },
  X2: { document: 'cafe', says: 'a client is refused', kind: 'test', unless: { 'b-check': 'somebody listens' } },
  X3: { document: 'cafe', says: 'a client is a program', kind: 'define', explainedIn: '77-test' },
  X4: { document: 'cafe', says: HOSTILE, kind: 'test' },
}

const SEEN = 'The client that dialled 127.0.0.1:8080 was accepted by listener (process 4001), which listens there.'

const asking = {
  'a-check': check({ claims: { X1: 'connected', X2: 'ECONNREFUSED' } }),
  'b-check': check({ claims: { X2: 'ECONNREFUSED', X4: 'connected' } }),
  'c-check': check({ claims: { X2: 'connected' } }),
}

const answers = (holds: Record<string, boolean | null>) =>
  Object.entries(holds).map(([claim, one]) => ({ claim, document: 'cafe', says: '', holds: one }))

const rows = ledgerOf(
  claims,
  [loadedLab(asking)],
  [
    result({ id: 'a-check', lab: '77-test', seen: SEEN, claims: answers({ X1: true, X2: true }) }),
    result({ id: 'b-check', lab: '77-test', seen: HOSTILE, claims: answers({ X2: false, X4: false }) }),
    result({
      id: 'c-check',
      lab: '77-test',
      verdict: 'skip',
      observed: null,
      seen: 'no ss',
      claims: answers({ X2: null }),
    }),
  ],
)

const documents: Document[] = [{ name: 'cafe', title: 'Two students find out', language: 'ru', rows }]
const frame: Frame = {
  start: { type: 'run-start', host, startedAt: '2026-11-22T08:00:00.000Z', labs: [], checks: 3, replayed: true },
  end: null,
}
const told = (columns: number) => claimsText(plainLayout(columns), documents, frame)

describe('the text', () => {
  test('has the claim in a column of its own, and what was seen below it, wrapped with hanging indents', () => {
    expect(told(80)).toContain(
      [
        '  X1   holds here              a client is connected to each listener that it',
        '                               dials, whatever it is',
        '       77-test: The client that dialled 127.0.0.1:8080 was accepted by listener',
        '         (process 4001), which listens there.',
        '  X2   holds with a condition  a client is refused',
        '       It holds unless somebody listens.',
        '       holds:    77-test: The client that dialled 127.0.0.1:8080 was accepted by',
        '                 listener (process 4001), which listens there.',
        '       does not: 77-test: ',
      ].join('\n'),
    )
    expect(told(80)).toContain('       This may change: 1 check is open (skipped for want of no ss).\n')
    expect(told(80)).toContain('1 answer is open because of skips: 1 may change.\n')
  })

  test('is still readable on 20 columns: no column, and small indents', () => {
    expect(told(20)).toContain(
      [
        'X1 holds here',
        '  a client is',
        '  connected to each',
        '  listener that it',
        '  dials, whatever it',
        '  is',
        '  77-test: The',
        '    client that',
        '    dialled',
        '    127.0.0.1:8080',
        '    was accepted by',
      ].join('\n'),
    )
    expect(told(20)).toContain('X2 holds with a\n  condition\n  a client is\n  refused\n')
    expect(told(20)).toContain('  holds: 77-test:\n    The client that\n')
  })

  test.each([20, 33, 59, 60, 70, 71, 80])('is never wider than %i columns', (columns) => {
    expect(Math.max(...told(columns).split('\n').map(displayWidth))).toBeLessThanOrEqual(columns)
  })

  test.each([undefined, 80, 100, 200])('with %s columns of a terminal it takes 80, and up to 100', (columns) => {
    const text = claimsText(createLayout({ columns, color: false, widest: 100 }), documents, frame)
    const widest = Math.max(...text.split('\n').map(displayWidth))
    const most = Math.min(columns ?? 80, 100)
    expect(widest).toBeLessThanOrEqual(most)
    expect(widest).toBeGreaterThan(most - 10)
  })

  test('in colour it says the same', () => {
    for (const columns of [20, 60, 80]) {
      const painted = claimsText(createLayout({ columns, color: true }), documents, frame)
      expect(painted).not.toBe(told(columns))
      expect(stripVTControlCharacters(painted)).toBe(told(columns))
    }
  })
})
