/** One check as text: the question, what was expected and observed, why, and what the documents say. */

import type { GradedVerdict } from '../domain/graded.ts'
import type { CheckResult, Verdict } from '../domain/verdict.ts'
import { choiceOf, claimInWords, expectedInWords, observedInWords, stepsInWords, verdictWords } from '../words/en.ts'
import type { Format, Layout } from './layout.ts'
import { sentence } from './plain.ts'

const COLORS: Record<Verdict | GradedVerdict, Format> = {
  pass: 'green',
  partial: 'yellow',
  fail: 'red',
  noted: 'blue',
  skip: 'yellow',
  inconclusive: 'magenta',
}

const INDENT = ' '.repeat(8)

export function checkText(layout: Layout, result: CheckResult): string {
  return `${verdictLine(layout, result.verdict, result.question, '  ')}${answerText(layout, result, INDENT)}\n`
}

/** The verdict, as a word, and what it is about. */
export function verdictLine(
  { paint, paragraph }: Layout,
  verdict: Verdict | GradedVerdict,
  text: string,
  indent: string,
): string {
  const word = verdictWords[verdict]
  const line = paragraph(text, `${indent}${word.padEnd(4)}  `, `${indent}      `)
  return line.replace(word, () => paint(['bold', COLORS[verdict]].flat() as Format, word))
}

/** What should have been and what was; or why nothing was observed. */
export function answerText({ paint, paragraph }: Layout, result: CheckResult, indent: string): string {
  const { verdict, seen, restsOn, why, claims } = result
  const said = (label: string, text: string) => paragraph(`${label} ${text}`, indent)
  if (verdict === 'skip') return said('Skipped:', sentence(seen))
  if (verdict === 'inconclusive') return said('Nothing was observed:', sentence(seen))
  const rests = stepsInWords(restsOn)
  return [
    predictionText(said, result),
    said(verdict === 'fail' ? 'Should have been:' : 'Expected:', expectedInWords(result)),
    said(verdict === 'fail' ? 'But was:' : 'Observed:', `${observedInWords(result)}${rests && ` (${rests})`}`),
    why === '' ? '' : said('Why:', why),
    ...claims.map((claim) => paint('dim', paragraph(claimInWords(claim), indent))),
  ].join('')
}

function predictionText(said: (label: string, text: string) => string, { prediction, choices }: CheckResult): string {
  if (!prediction) return ''
  const { outcome, right, becauseMany } = prediction
  const mark = right === null ? 'not decided' : right ? 'right' : 'not what happened'
  const because = becauseMany === null ? '' : ` ${becauseMany}`
  return said('You said:', `${choiceOf(choices, outcome)} That is ${mark}.${because}`)
}
