/** Each surprise so that the report alone tells of it: what was asked, expected and seen, and what may explain it. */

import type { Step } from '../domain/evidence.ts'
import type { Cause, Diagnosis } from '../domain/verification.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { HOW_TO_REPORT, NOTHING_KNOWN } from '../words/diagnosis.en.ts'
import {
  againInWords,
  askedInWords,
  causeInWords,
  NOT_LOOKED_FOR,
  remedyInWords,
  roundsInWords,
  sourceInWords,
} from '../words/verify.en.ts'
import { answerText, verdictLine } from './check-text.ts'
import { foldedSteps } from './fold.ts'
import type { Layout } from './layout.ts'
import { pieceText } from './step-text.ts'

const INDENT = ' '.repeat(6)

/** Checks of one lab that came to the same for one reason; `times` of `rounds`. */
type Surprise = { results: CheckResult[]; steps: Step[]; times: number; rounds: number }

export type Around = {
  /** What was left open then is told elsewhere. */
  isInterrupted: boolean
  hasMachine: boolean
  /** What was expected and what was seen is told elsewhere, beside the other run. */
  isCompared: boolean
}

export class Surprises {
  readonly #all = new Map<string, Surprise>()

  hear(result: CheckResult, steps: readonly Step[], rounds: number): void {
    const { lab, act, id, verdict, observed, seen, restsOn } = result
    if (verdict !== 'fail' && verdict !== 'inconclusive') return
    // What one reason left open is told once for the act.
    const key = JSON.stringify(verdict === 'fail' ? [lab, id, observed] : [lab, act, seen])
    const found = this.#all.get(key)
    if (!found) {
      const basis = steps.filter(({ number }) => restsOn.includes(number))
      this.#all.set(key, { results: [result], steps: basis, times: 1, rounds })
    } else if (found.results.some((other) => other.id === id)) found.times += id === found.results[0]?.id ? 1 : 0
    else found.results.push(result)
  }

  text(layout: Layout, diagnoses: readonly Diagnosis[], around: Around): string[] {
    const told = new Set<string>()
    const found = [...this.#all.values()]
      .filter(({ results }) => !around.isInterrupted || results[0]?.verdict === 'fail')
      .map((surprise) => ({ surprise, diagnosis: diagnosisOf(surprise, diagnoses) }))
    const texts = found.map(({ surprise, diagnosis }) => {
      const causes = around.isInterrupted ? '' : causesText(layout, diagnosis, around, told)
      return surpriseText(layout, surprise, causes, around)
    })
    const isUnexplained = found.some(({ diagnosis }) => diagnosis?.causes.length === 0)
    return isUnexplained ? [...texts, layout.paragraph(HOW_TO_REPORT, '')] : texts
  }
}

function surpriseText(
  layout: Layout,
  { results, steps, times, rounds }: Surprise,
  causes: string,
  { isCompared }: Around,
): string {
  const [first] = results
  if (!first) return ''
  const { lab, file, line } = first
  const isToldElsewhere = isCompared && first.verdict === 'fail'
  return [
    ...results.map(({ id, verdict, question }) => {
      return verdictLine(layout, verdict, `${lab}: ${id}`, '') + layout.paragraph(question, INDENT)
    }),
    rounds > 1 ? layout.paragraph(roundsInWords(times, rounds), INDENT) : '',
    ...foldedSteps(isToldElsewhere ? [] : steps).map((piece) => pieceText(layout, piece)),
    isToldElsewhere ? '' : answerText(layout, { ...first, claims: [], prediction: null }, INDENT),
    causes,
    layout.paint('dim', layout.paragraph(askedInWords(file, line, lab), INDENT)),
  ].join('')
}

function diagnosisOf({ results: [first] }: Surprise, diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
  return diagnoses.find(({ lab, check, verdict, observed }) => {
    return lab === first?.lab && check === first.id && verdict === first.verdict && observed === first.observed
  })
}

/** A cause of several surprises is told in full once. */
function causesText(
  layout: Layout,
  diagnosis: Diagnosis | undefined,
  { hasMachine }: Around,
  told: Set<string>,
): string {
  if (!diagnosis) return hasMachine ? '' : layout.paragraph(NOT_LOOKED_FOR, INDENT)
  if (diagnosis.causes.length === 0) return layout.paint('bold', layout.paragraph(NOTHING_KNOWN, INDENT))
  return diagnosis.causes.map((cause) => causeText(layout, cause, told)).join('')
}

function causeText({ paint, paragraph }: Layout, cause: Cause, told: Set<string>): string {
  const key = JSON.stringify(cause)
  if (told.has(key)) return paint('bold', paragraph(againInWords(cause), INDENT))
  told.add(key)
  return [
    paint('bold', paragraph(causeInWords(cause), INDENT)),
    cause.remedy === null ? '' : paragraph(remedyInWords(cause.remedy), INDENT),
    cause.source === null ? '' : paint('dim', paragraph(sourceInWords(cause.source), INDENT)),
  ].join('')
}
