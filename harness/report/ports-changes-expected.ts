/** What should be open beside what is, for a reader, and as JSON for programs. */

import type { ExpectOutcome } from '../domain/ports-expected.ts'
import {
  expectedInWords,
  expectHeadings,
  metInWords,
  notSeenInWords,
  tooMuchInWords,
  unclearLineInWords,
  verdictInWords,
} from '../words/ports-changes-expected.en.ts'
import type { Layout } from './layout.ts'
import { toJson } from './plain.ts'
import { changesText, section } from './ports-changes.ts'

export function* expectText(layout: Layout, outcome: ExpectOutcome): Generator<string> {
  const { paragraph, paint } = layout
  const color = outcome.verdict === 'matches' ? 'green' : outcome.verdict === 'differs' ? 'red' : 'yellow'
  yield `${paint([color, 'bold'], paragraph(verdictInWords(outcome.verdict), '').trimEnd())}\n`
  if (outcome.kind === 'snapshot') return yield* changesText(layout, outcome.diff)
  const { met, missing, tooMuch, unclear } = outcome.result
  yield* section(layout, expectHeadings.tooMuch, 'yellow', tooMuch, (one) => [tooMuchInWords(one)])
  yield* section(layout, expectHeadings.missing, 'yellow', missing, (one) => [expectedInWords(one)])
  const untold = [...unclear.map(unclearLineInWords), ...notSeenInWords(outcome.result)]
  yield* section(layout, expectHeadings.unclear, 'dim', untold, (line) => [line])
  yield `\n${paragraph(metInWords(met), '')}`
}

const EXPECT_FORMAT = 'socket-labs-ports-expect'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const EXPECT_VERSION = 1

export function expectJson(outcome: ExpectOutcome): string {
  return `${toJson({ format: EXPECT_FORMAT, version: EXPECT_VERSION, ...outcome }, 1)}\n`
}
