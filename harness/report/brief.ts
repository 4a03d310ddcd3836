/** The brief report: one line for each check; of what failed or was not observed, everything that is known. */

import type { ActHeader, LabHeader, Reporter } from '../domain/event.ts'
import type { Step } from '../domain/evidence.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { verdictWords } from '../words/en.ts'
import { actHeading } from './act-text.ts'
import { answerText, verdictLine } from './check-text.ts'
import { countsLine, hostLine, labInWords, labsInWords } from './end-text.ts'
import { Extent } from './extent.ts'
import { foldedSteps } from './fold.ts'
import type { Layout } from './layout.ts'
import { pieceText } from './step-text.ts'
import { theoryTable } from './theory-text.ts'

const INDENT = ' '.repeat(6)

type Position = {
  lab: LabHeader | undefined
  act: ActHeader | undefined
  steps: Step[]
  /** What has been told of this act, and need not be told again. */
  alreadyTold: Set<string>
  /** Why acts did not even begin, such as an interruption: one reason for all that would have come. */
  reasons: Set<string>
  /** Why the check before was skipped, or what was noted of it. */
  lastWhy: string
}

export function createBrief(layout: Layout): Reporter {
  return async function* (events) {
    const at: Position = {
      lab: undefined,
      act: undefined,
      steps: [],
      alreadyTold: new Set(),
      reasons: new Set(),
      lastWhy: '',
    }
    let labs: LabHeader[] = []
    let planned = 0
    let ended = false
    const extent = new Extent()
    for await (const event of events) {
      extent.hear(event)
      if (event.type === 'run-start') {
        labs = event.labs
        planned = event.checks
        if (event.replayed) yield layout.paragraph(`From evidence saved at ${event.startedAt}.`, '')
      } else if (event.type === 'lab-start') at.lab = event.lab
      else if (event.type === 'act-start')
        Object.assign(at, { act: event.act, steps: [], alreadyTold: new Set(), lastWhy: '' })
      else if (event.type === 'step') at.steps.push(event.step)
      else if (event.type === 'check') {
        planned -= 1
        // Of what an interruption left open one line at the end tells.
        if (!extent.isInterrupted || event.result.verdict !== 'inconclusive') {
          yield checkText(layout, event.result, at)
        }
      } else if (event.type === 'run-end') {
        ended = true
        if (planned > 0) yield missingText(layout, planned)
        yield extent.isInterrupted ? extent.text(layout, event) : theoryTable(layout, event.theories)
        yield hostLine(layout, event)
        yield countsLine(layout, labsInWords(labs), event)
      }
    }
    if (!ended) yield layout.paragraph('The run did not come to its end: this report is not whole.', '')
  }
}

function checkText(layout: Layout, result: CheckResult, at: Position): string {
  const { verdict, id, lab, observed } = result
  // The id names the question; only with the answer does a line say what this system does.
  const answer = observed === null ? '' : `: ${observed}`
  const text = `${at.lab ? labInWords(at.lab) : lab}: ${id}${answer}`
  // One line to be found by grep, where no terminal would break it anyhow.
  const line = layout.isScreen
    ? verdictLine(layout, verdict, text, '')
    : `${verdictWords[verdict].padEnd(4)}  ${text}\n`
  if (verdict === 'pass') return line
  if (verdict === 'fail' || verdict === 'inconclusive') {
    if (!isToldAbove(result, at)) return line + everything(layout, result, at)
    return line + answerText(layout, result, INDENT)
  }
  // Checks that follow one another are mostly skipped for one reason.
  const why = answerText(layout, result, INDENT)
  const isNew = at.lastWhy !== why
  at.lastWhy = why
  return isNew ? line + why : line
}

/** What a report of a defect needs: the question, every step so far, what should have been, what was, and where. */
function everything(layout: Layout, result: CheckResult, at: Position): string {
  const { question, file, line } = result
  const { paragraph } = layout
  const act = at.act ? actHeading(layout, at.act, INDENT) : ''
  const steps =
    at.steps.length === 0
      ? paragraph('No step was taken.', INDENT)
      : foldedSteps(at.steps)
          .map((piece) => pieceText(layout, piece))
          .join('')
  return [
    paragraph(question, INDENT),
    once(at, act + steps, paragraph('Its act and steps are those above.', INDENT)),
    answerText(layout, result, INDENT),
    paragraph(`Asked in ${file}:${line}`, INDENT),
  ].join('')
}

function isToldAbove({ verdict, seen }: CheckResult, { steps, reasons }: Position): boolean {
  if (verdict !== 'inconclusive' || steps.length > 0) return false
  const isTold = reasons.has(seen)
  reasons.add(seen)
  return isTold
}

/** The text, or where it has been told of this act already, what stands for it. */
function once(at: Position, text: string, instead: string): string {
  if (at.alreadyTold.has(text)) return instead
  at.alreadyTold.add(text)
  return text
}

function missingText({ paint, paragraph }: Layout, missing: number): string {
  const text = missing === 1 ? '1 check has no answer' : `${missing} checks have no answer`
  return paint(['bold', 'magenta'], paragraph(`${text}: the run ended before.`, ''))
}
