/** The report of `npm run verify`: a row for each lab as it is done, then what is surprising, and what it comes to. */

import type { Comparison } from '../domain/comparison.ts'
import { countCompared } from '../domain/comparison.ts'
import type { LabHeader, Reporter } from '../domain/event.ts'
import type { Step } from '../domain/evidence.ts'
import type { RandomResult, Verification } from '../domain/verification.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { comparedInWords } from '../words/compare.en.ts'
import {
  againFromSeedInWords,
  claimsInWords,
  randomProblemInWords,
  shardInWords,
  skippedInWords,
  unsteadyInWords,
  verifiedInWords,
  verifyHeadings,
} from '../words/verify.en.ts'
import { compareText } from './compare-text.ts'
import type { RunEnd } from './end-text.ts'
import { countsLine, hostLine, labsInWords } from './end-text.ts'
import { Extent } from './extent.ts'
import type { Layout } from './layout.ts'
import { randomStory } from '../words/random.en.ts'
import { theoryTable } from './theory-text.ts'
import { Surprises } from './verify-surprises.ts'
import { LabTable } from './verify-table.ts'

/** What is gathered until the end. */
type Heard = {
  labs: LabHeader[]
  surprises: Surprises
  skipped: CheckResult[]
  extent: Extent
  verification: Verification | null
  hasMachine: boolean
}

export function createVerifyText(layout: Layout): Reporter {
  return async function* (events) {
    const surprises = new Surprises()
    const heard: Heard = {
      labs: [],
      surprises,
      skipped: [],
      extent: new Extent(),
      verification: null,
      hasMachine: false,
    }
    const { extent } = heard
    let table = new LabTable(layout, [])
    let steps: Step[] = []
    let lab: LabHeader | undefined
    let isHeaded = false
    let ended = false
    for await (const event of events) {
      extent.hear(event)
      if (event.type === 'run-start') {
        heard.labs = event.labs
        table = new LabTable(layout, event.labs)
        if (event.replayed) yield layout.paragraph(`From evidence saved at ${event.startedAt}.`, '')
      } else if (event.type === 'lab-start') lab = event.lab
      else if (event.type === 'act-start') steps = []
      else if (event.type === 'step') steps.push(event.step)
      else if (event.type === 'check') {
        surprises.hear(event.result, steps, lab?.rounds ?? 1)
        if (event.result.verdict === 'skip') heard.skipped.push(event.result)
      } else if (event.type === 'lab-end') {
        if (extent.isInterrupted) continue
        const row = table.row(event.lab, event)
        // Without a row there is nothing to head: a run may be told to end before its first lab is done.
        if (row !== '' && !isHeaded) yield table.heading()
        isHeaded ||= row !== ''
        yield row
      } else if (event.type === 'machine') heard.hasMachine = true
      else if (event.type === 'verified') heard.verification = event.verification
      else if (event.type === 'run-end') {
        ended = true
        if (heard.labs.length > 1 && !extent.isInterrupted) yield table.total(event.durationMs)
        yield* endText(layout, event, heard)
      }
    }
    if (!ended) yield layout.paragraph('The run did not come to its end: this report is not whole.', '')
  }
}

function* endText(layout: Layout, end: RunEnd, heard: Heard): Generator<string> {
  const { extent, surprises, verification, skipped, hasMachine, labs } = heard
  const { isInterrupted } = extent
  const diagnoses = verification?.diagnoses ?? []
  const baseline = verification?.baseline ?? null
  const isCompared = baseline !== null
  if (baseline) yield* section(layout, verifyHeadings.baseline, baselineText(layout, baseline))
  const told = surprises.text(layout, diagnoses, { isInterrupted, hasMachine, isCompared })
  yield* section(layout, verifyHeadings.surprises, [told.join('\n')])
  yield* section(layout, verifyHeadings.skipped, skippedLines(layout, skipped))
  if (verification) yield* verificationText(layout, verification, isInterrupted)
  yield '\n'
  yield isInterrupted ? extent.text(layout, end) : theoryTable(layout, end.theories)
  yield hostLine(layout, end)
  yield countsLine(layout, labsInWords(labs), end)
  if (verification && !isInterrupted) {
    yield layout.paint('bold', layout.paragraph(verifiedInWords(end.counts, verification), ''))
  }
}

function* verificationText(
  layout: Layout,
  { unsteady, random, randomProblem, claims, shard }: Verification,
  isInterrupted: boolean,
): Generator<string> {
  const { paragraph } = layout
  const line = (text: string) => paragraph(text, '  ', '    ')
  yield* section(layout, verifyHeadings.unsteady, unsteady.map(unsteadyInWords).map(line))
  if (random) yield* section(layout, verifyHeadings.random, randomLines(layout, random))
  if (randomProblem !== undefined)
    yield* section(layout, verifyHeadings.random, [line(randomProblemInWords(randomProblem))])
  const about = [claims && !isInterrupted ? claimsInWords(claims) : '', shard === null ? '' : shardInWords(shard)]
  yield* section(
    layout,
    '',
    about.filter((text) => text !== '').map((text) => paragraph(text, '')),
  )
}

/** Where nothing differs, what differs between the machines is of no interest. */
function baselineText(layout: Layout, baseline: Comparison): Iterable<string> {
  const { compared, differing } = countCompared(baseline.checks)
  const isAlike = compared > 0 && differing === 0
  return isAlike ? [layout.paragraph(comparedInWords(baseline), '')] : compareText(layout, baseline, false)
}

/** Nothing at all where there is nothing to tell. */
function* section({ paint, paragraph }: Layout, title: string, lines: Iterable<string>): Generator<string> {
  const text = [...lines].join('')
  const heading = title === '' ? '' : paint('bold', paragraph(title, ''))
  if (text !== '') yield `\n${heading}${text}`
}

/** Checks that were skipped for one reason stand together, those of most checks first. */
function skippedLines({ paragraph }: Layout, skipped: readonly CheckResult[]): string[] {
  const byReason = [...Map.groupBy(skipped, ({ seen }) => seen)].toSorted(([, a], [, b]) => b.length - a.length)
  return byReason.map(([why, results]) => {
    const labs = [...new Set(results.map(({ lab }) => lab))]
    const checks = new Set(results.map(({ lab, id }) => `${lab} ${id}`)).size
    return paragraph(skippedInWords(checks, labs, why), '  ', '    ')
  })
}

function* randomLines({ paragraph }: Layout, random: RandomResult): Generator<string> {
  // A step of the story begins with its number.
  for (const line of randomStory(random)) yield paragraph(line, /^\d/.test(line) ? '    ' : '  ', '    ')
  if (random.disagreement !== null) yield paragraph(againFromSeedInWords(random), '  ', '    ')
}
