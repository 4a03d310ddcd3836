/** One check as text: the question, what was expected and observed, why, and what the documents say. */

import type { CheckResult, Verdict } from '../domain/verdict.ts'
import { choiceOf, claimInWords, expectedInWords, observedInWords, stepsInWords, verdictWords } from '../words/en.ts'
import type { Format, Layout } from './layout.ts'

const COLORS: Record<Verdict, Format> = {
  pass: 'green',
  fail: 'red',
  noted: 'blue',
  skip: 'yellow',
  inconclusive: 'magenta',
}

const INDENT = ' '.repeat(8)

export function checkText(layout: Layout, result: CheckResult): string {
  const { paint, paragraph } = layout
  const word = verdictWords[result.verdict]
  const heading = paragraph(result.question, `  ${word.padEnd(4)}  `, INDENT).replace(word, paint(['bold', COLORS[result.verdict]].flat() as Format, word))
  const said = (label: string, text: string) => paragraph(`${label} ${text}`, INDENT)
  if (result.verdict === 'skip') return `${heading}${said('Skipped:', `${result.seen}.`)}\n`
  if (result.verdict === 'inconclusive') return `${heading}${said('Nothing was observed:', `${result.seen}.`)}\n`
  const rests = stepsInWords(result.restsOn)
  return [
    heading,
    predictionText(said, result),
    said(result.verdict === 'fail' ? 'Should have been:' : 'Expected:', expectedInWords(result)),
    said(result.verdict === 'fail' ? 'But was:' : 'Observed:', `${observedInWords(result)}${rests && ` (${rests})`}`),
    result.why === '' ? '' : said('Why:', result.why),
    ...result.claims.map((claim) => paint('dim', paragraph(claimInWords(claim), INDENT))),
    '\n',
  ].join('')
}

function predictionText(said: (label: string, text: string) => string, { prediction, choices }: CheckResult): string {
  if (!prediction) return ''
  const { outcome, right, becauseMany } = prediction
  const mark = right === null ? 'not decided' : right ? 'right' : 'not what happened'
  const because = becauseMany === null ? '' : ` ${becauseMany}`
  return said('You said:', `${choiceOf(choices, outcome)} That is ${mark}.${because}`)
}
