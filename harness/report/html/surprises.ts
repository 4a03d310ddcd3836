/** What a reader looks for first: answers that were not expected, each with what probably explains it. */

import type { Comparison } from '../../domain/comparison.ts'
import type { Cause, Diagnosis, RandomResult, Unsteady } from '../../domain/verification.ts'
import type { CheckResult } from '../../domain/verdict.ts'
import { comparedInWords } from '../../words/compare.en.ts'
import {
  checks as checksInWords,
  noSurpriseInWords,
  surpriseWords,
  tableWords,
  timesInWords,
} from '../../words/html.en.ts'
import { HOW_TO_REPORT, NOTHING_KNOWN } from '../../words/diagnosis.en.ts'
import { randomStory } from '../../words/random.en.ts'
import { sentence } from '../plain.ts'
import type { LabRecord, RunRecord } from '../record.ts'
import { labInWords } from '../end-text.ts'
import type { Anchors } from './anchors.ts'
import { list, table } from './boxes.ts'
import { answerHtml } from './check.ts'
import { badge } from './marks.ts'
import type { Markup } from './markup.ts'
import { isNothing, markup, NOTHING } from './markup.ts'
import { answersTable, factsTables, runsTable } from './matrix.ts'

type Place = { lab: LabRecord; check: CheckResult; anchors: Anchors }

export function surprisesHtml({ verification, labs, complete }: RunRecord, anchors: Anchors): Markup {
  const places = labs.flatMap((lab) => lab.checks.map((check) => ({ lab, check, anchors })))
  const of = (verdict: CheckResult['verdict']) => places.filter(({ check }) => check.verdict === verdict)
  const { diagnoses = [], unsteady = [], baseline = null, random = null, randomProblem = null } = verification ?? {}
  const surprises = markup`${of('fail').map((place) => failure(place, diagnoses))}${unobserved(
    of('inconclusive'),
    diagnoses,
  )}${unsteadyHtml(unsteady)}`
  const isCalm = isNothing(surprises) && complete && of('pass').length > 0
  const calm = isCalm ? markup`<p class="calm">${noSurpriseInWords}</p>\n` : NOTHING
  return markup`${calm}${surprises}${baselineHtml(baseline)}${randomHtml(random, randomProblem)}`
}

function failure({ lab, check, anchors }: Place, diagnoses: readonly Diagnosis[]): Markup {
  const found = diagnoses.find((one) => one.lab === check.lab && one.check === check.id)
  return markup`<article class="surprise fail">
${badge('fail')}
<h3><a href="#${anchors.check(lab, check)}">${check.question}</a></h3>
<p class="fine">${labInWords(lab.header)}, <code>${check.id}</code></p>
${answerHtml(check, null)}${found === undefined ? NOTHING : causesHtml(found.causes)}</article>
`
}

/** What was not observed for one reason is told once: an interruption may have kept a hundred checks from an answer. */
function unobserved(places: readonly Place[], diagnoses: readonly Diagnosis[]): Markup {
  const groups = [...Map.groupBy(places, ({ check }) => check.seen)]
  const articles = groups.map(([why, some]) => {
    const found = diagnoses.find(({ lab, check }) =>
      some.some((one) => one.check.lab === lab && one.check.id === check),
    )
    const links = some.map(
      ({ lab, check, anchors }) =>
        markup`<a href="#${anchors.check(lab, check)}">${check.question}</a> <span class="fine">${labInWords(lab.header)}</span>`,
    )
    return markup`<article class="surprise inconclusive">
${badge('inconclusive')}
<h3>${checksInWords(some.length)}: ${sentence(why)}</h3>
${list(links)}${found === undefined ? NOTHING : causesHtml(found.causes)}</article>
`
  })
  return markup`${articles}`
}

function causesHtml(causes: readonly Cause[]): Markup {
  if (causes.length === 0) return markup`<p class="causes">${NOTHING_KNOWN} ${HOW_TO_REPORT}</p>\n`
  const told = causes.map(
    ({ found, explains, remedy, source, isGuess = false }) =>
      markup`<div class="cause"><p>${isGuess ? surpriseWords.perhaps : surpriseWords.probably}: <strong>${sentence(found)}</strong> ${sentence(explains)}${
        source === null ? NOTHING : markup` <cite>(${source})</cite>`
      }</p>${remedy === null ? NOTHING : markup`<p>${surpriseWords.remedy}: ${remedy}</p>`}</div>\n`,
  )
  return markup`<div class="causes">${told}</div>\n`
}

function unsteadyHtml(all: readonly Unsteady[]): Markup {
  if (all.length === 0) return NOTHING
  const rows = all.map(({ lab, check, question, answers }) => ({
    cells: [
      markup`${question} <span class="fine">${lab}, <code>${check}</code></span>`,
      list(answers.map(({ answer, count }) => markup`<code>${answer}</code>, ${timesInWords(count)}`)),
    ],
  }))
  const columns = [
    { heading: tableWords.check, kind: 'wide' as const },
    { heading: tableWords.answers, kind: 'wide' as const },
  ]
  return markup`<h3>${surpriseWords.unsteady}</h3>
<p>${surpriseWords.unsteadyIntro}</p>
${table(surpriseWords.unsteady, columns, rows)}`
}

/** Only what differs from the other run; the facts about the two machines stand beside it. */
function baselineHtml(baseline: Comparison | null): Markup {
  if (baseline === null) return NOTHING
  const differing = baseline.checks.filter(({ likeness }) => likeness === 'differs')
  const rows = answersTable(surpriseWords.baseline, baseline.runs, differing, () => null)
  return markup`<h3>${surpriseWords.baseline}</h3>
<p>${comparedInWords(baseline)}</p>
${runsTable(baseline)}${rows}${differing.length === 0 ? NOTHING : factsTables(baseline)}`
}

/** `problem`: why they came to no result. */
function randomHtml(random: RandomResult | null, problem: string | null): Markup {
  const lines = random === null ? (problem === null ? [] : [sentence(problem)]) : randomStory(random)
  return lines.length === 0 ? NOTHING : markup`<h3>${surpriseWords.random}</h3>\n${list(lines)}`
}
