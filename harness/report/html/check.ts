/** One check on a page: the question, what should have been and what was, why, and what the documents say. */

import type { CheckResult } from '../../domain/verdict.ts'
import { choiceOf, claimInWords, expectedInWords, observedInWords, stepsInWords } from '../../words/en.ts'
import { checkWords } from '../../words/html.en.ts'
import { sentence } from '../plain.ts'
import { badge } from './marks.ts'
import type { Markup, Part } from './markup.ts'
import { markup, NOTHING } from './markup.ts'

/** Where a step is told; null where the steps do not stand on the page. */
export type PlaceOf = ((step: number) => string) | null

export function checkHtml(result: CheckResult, anchor: string, placeOf: PlaceOf): Markup {
  const { id, question, verdict, claims, file, line } = result
  const said = claims.map((claim) => markup`<li>${claimInWords(claim)}</li>\n`)
  return markup`<article class="check ${verdict}" id="${anchor}">
${badge(verdict)}
<h5>${question}</h5>
${answerHtml(result, placeOf)}${said.length === 0 ? NOTHING : markup`<ul class="claims-of">${said}</ul>\n`}<p class="fine"><code>${id}</code>, <code>${file}:${line}</code></p>
</article>
`
}

/** What should have been and what was; or why nothing was observed. */
export function answerHtml(result: CheckResult, placeOf: PlaceOf): Markup {
  const { verdict, seen, why, prediction, choices } = result
  if (verdict === 'skip') return facts([[checkWords.skipped, sentence(seen)]])
  if (verdict === 'inconclusive') return facts([[checkWords.unobserved, sentence(seen)]])
  const hasFailed = verdict === 'fail'
  return facts([
    ...(prediction === null ? [] : [[checkWords.predicted, predictionInWords(prediction, choices)] as const]),
    [hasFailed ? checkWords.wanted : checkWords.expected, expectedInWords(result)],
    [hasFailed ? checkWords.found : checkWords.observed, [observedInWords(result), restsOn(result, placeOf)]],
    ...(why === '' ? [] : [[checkWords.why, why] as const]),
  ])
}

/** Names and what belongs to them. */
export function facts(all: readonly (readonly [name: string, value: Part])[]): Markup {
  if (all.length === 0) return NOTHING
  return markup`<dl class="facts">${all.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>\n`
}

function restsOn({ restsOn: steps }: CheckResult, placeOf: PlaceOf): Part {
  const words = stepsInWords(steps)
  if (words === '') return null
  const [first] = steps
  if (placeOf === null || first === undefined) return ` (${words})`
  return [' (', markup`<a href="#${placeOf(first)}">${words}</a>`, ')']
}

function predictionInWords(
  { outcome, right, becauseMany }: NonNullable<CheckResult['prediction']>,
  choices: CheckResult['choices'],
): string {
  const mark = right === null ? checkWords.undecided : right ? checkWords.right : checkWords.wrong
  return [choiceOf(choices, outcome), mark, ...(becauseMany === null ? [] : [becauseMany])].join(' ')
}
