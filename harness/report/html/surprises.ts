/** What a reader looks for first: answers that were not expected, each with what probably explains it. */

import type { Comparison } from '../../domain/comparison.ts'
import type { Diagnosis, RandomResult, Unsteady } from '../../domain/verification.ts'
import type { CheckResult } from '../../domain/verdict.ts'
import { comparedInWords } from '../../words/compare.en.ts'
import {
  checks as checksInWords,
  noSurpriseInWords,
  surpriseWords,
  tableWords,
  timesInWords,
} from '../../words/html.en.ts'
import { HOW_TO_REPORT } from '../../words/diagnosis.en.ts'
import { randomStory } from '../../words/random.en.ts'
import { sentence } from '../plain.ts'
import type { LabRecord, RunRecord } from '../record.ts'
import { labInWords } from '../end-text.ts'
import type { Anchors } from './anchors.ts'
import { list, table } from './boxes.ts'
import { Causes } from './causes.ts'
import { answerHtml } from './check.ts'
import { badge } from './marks.ts'
import type { Markup } from './markup.ts'
import { isNothing, markup, NOTHING } from './markup.ts'
import { answersTable, factsTables, runsTable } from './matrix.ts'
import { randomProblemInWords } from '../../words/verify.en.ts'

type Place = { lab: LabRecord; check: CheckResult; anchors: Anchors }

export function surprisesHtml({ verification, labs, complete }: RunRecord, anchors: Anchors): Markup {
  const places = labs.flatMap((lab) => lab.checks.map((check) => ({ lab, check, anchors })))
  const of = (verdict: CheckResult['verdict']) => places.filter(({ check }) => check.verdict === verdict)
  const { diagnoses = [], unsteady = [], baseline = null, random = null, randomProblem = null } = verification ?? {}
  const failures = of('fail').map((place) => ({ place, found: diagnosisOf([place], diagnoses) }))
  const groups = groupsOf(of('inconclusive'), diagnoses)
  const found = [...failures, ...groups].map((one) => one.found)
  const causes = new Causes(found)
  const surprises = markup`${causes.shared()}${failures.map((one) => failure(one, causes))}${groups.map((one) =>
    unobserved(one, causes),
  )}${unsteadyHtml(unsteady)}`
  const isUnexplained = found.some((one) => one?.causes.length === 0)
  const report = isUnexplained ? markup`<p class="prose">${HOW_TO_REPORT}</p>\n` : NOTHING
  const isCalm = isNothing(surprises) && complete && of('pass').length > 0
  const calm = isCalm ? markup`<p class="calm">${noSurpriseInWords}</p>\n` : NOTHING
  return markup`${calm}${surprises}${report}${baselineHtml(baseline)}${randomHtml(random, randomProblem)}`
}

function diagnosisOf(places: readonly Place[], diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
  return diagnoses.find(({ lab, check }) => places.some((one) => one.check.lab === lab && one.check.id === check))
}

function failure({ place, found }: { place: Place; found: Diagnosis | undefined }, causes: Causes): Markup {
  const { lab, check, anchors } = place
  return markup`<article class="surprise fail">
${badge('fail')}
<h3><a href="#${anchors.check(lab, check)}">${check.question}</a></h3>
<p class="fine">${labInWords(lab.header)}, <code>${check.id}</code></p>
${answerHtml(check, null)}${found === undefined ? NOTHING : causes.of(found)}</article>
`
}

type Group = { why: string; places: Place[]; found: Diagnosis | undefined }

/** What was not observed for one reason is told once: an interruption may have kept a hundred checks from an answer. */
function groupsOf(all: readonly Place[], diagnoses: readonly Diagnosis[]): Group[] {
  return [...Map.groupBy(all, ({ check }) => check.seen)].map(([why, places]) => ({
    why,
    places,
    found: diagnosisOf(places, diagnoses),
  }))
}

function unobserved({ why, places, found }: Group, causes: Causes): Markup {
  const links = places.map(
    ({ lab, check, anchors }) =>
      markup`<a href="#${anchors.check(lab, check)}">${check.question}</a> <span class="fine">${labInWords(lab.header)}</span>`,
  )
  return markup`<article class="surprise inconclusive">
${badge('inconclusive')}
<h3>${checksInWords(places.length)}: ${sentence(why)}</h3>
${list(links)}${found === undefined ? NOTHING : causes.of(found)}</article>
`
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
${table(surpriseWords.unsteady, columns, rows, { narrow: 'stacks' })}`
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
  const lines = random === null ? (problem === null ? [] : [randomProblemInWords(problem)]) : randomStory(random)
  return lines.length === 0 ? NOTHING : markup`<h3>${surpriseWords.random}</h3>\n${list(lines)}`
}
