/** What has changed on the ports of a machine, and what should be open beside what is, as pages. */

import type { PortsDiff } from '../../domain/ports-change.ts'
import type { ExpectOutcome } from '../../domain/ports-expected.ts'
import { portsWords } from '../../words/html-ports.en.ts'
import {
  expectedInWords,
  expectHeadings,
  metInWords,
  notSeenInWords,
  tooMuchInWords,
  unclearLineInWords,
  verdictInWords,
} from '../../words/ports-changes-expected.en.ts'
import {
  beforeAndAfter,
  changesHeadings,
  changesInWords,
  detailsInWords,
  lookInWords,
  otherMachine,
  raisedOfUnit,
  sameInWords,
  unchangedInWords,
  unclearInWords,
  unitInWords,
  untoldInWords,
} from '../../words/ports-changes.en.ts'
import { serviceInWords } from '../../words/ports.en.ts'
import { facts } from './check.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING } from './markup.ts'
import type { Seen } from './ports-page.ts'
import { items, portsPage } from './ports-page.ts'

export function diffHtml(diff: PortsDiff, seen: Seen): string {
  const { opened, closed, changed, same } = diff
  const count = opened.length + closed.length + changed.length
  const other = diff.isOtherMachine === true ? markup`<p class="warning">${otherMachine}</p>\n` : NOTHING
  return portsPage({
    seen,
    about: portsWords.diff,
    headline: portsWords.changes(count),
    kind: count === 0 ? 'pass' : 'inconclusive',
    lead: count === 0 ? unchangedInWords(same) : sameInWords(same),
    main: markup`${other}${facts([
      [beforeAndAfter.before, lookInWords(diff.before)],
      [beforeAndAfter.after, lookInWords(diff.after)],
    ])}${changesHtml(diff)}`,
  })
}

function changesHtml(diff: PortsDiff): Markup {
  const { opened, closed, changed, unclear } = diff
  return markup`${items('opened', changesHeadings.opened, opened, (unit) => [unitInWords(unit), ...raisedOfUnit(unit)])}${items(
    'closed',
    changesHeadings.closed,
    closed,
    (unit) => [unitInWords(unit)],
  )}${items('changed', changesHeadings.changed, changed, (one) => [
    `${serviceInWords(one.after)}: ${changesInWords(one)}`,
    ...detailsInWords(one).flatMap(({ before, after }) => [
      `${beforeAndAfter.before}: ${before}.`,
      `${beforeAndAfter.after}: ${after}.`,
    ]),
  ])}${items('unclear', changesHeadings.unclear, unclear, (one) => [unclearInWords(one)])}${items(
    'untold',
    changesHeadings.untold,
    untoldInWords(diff),
    (line) => [line],
  )}`
}

const KINDS = { matches: 'pass', differs: 'fail', 'cannot-tell': 'inconclusive' } as const

export function expectHtml(outcome: ExpectOutcome, seen: Seen): string {
  const { verdict } = outcome
  const head = { seen, about: portsWords.expect, headline: portsWords.expectVerdicts[verdict], kind: KINDS[verdict] }
  if (outcome.kind === 'snapshot')
    return portsPage({ ...head, lead: verdictInWords(verdict), main: changesHtml(outcome.diff) })
  const { met, missing, tooMuch, unclear } = outcome.result
  const untold = [...unclear.map(unclearLineInWords), ...notSeenInWords(outcome.result)]
  return portsPage({
    ...head,
    lead: `${verdictInWords(verdict)} ${metInWords(met)}`,
    main: markup`${items('too-much', expectHeadings.tooMuch, tooMuch, (one) => [tooMuchInWords(one)])}${items(
      'missing',
      expectHeadings.missing,
      missing,
      (one) => [expectedInWords(one)],
    )}${items('unclear', expectHeadings.unclear, untold, (line) => [line])}`,
  })
}
