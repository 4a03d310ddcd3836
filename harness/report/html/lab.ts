/** One lab on a page: folded away where nothing in it is a surprise. */

import type { CheckResult } from '../../domain/verdict.ts'
import { countsInWords } from '../../words/en.ts'
import { foundInSeconds, runHeadings, sameAsFirstRound } from '../../words/html.en.ts'
import { systemIsASurprise, theoryHeading } from '../../words/theories.en.ts'
import { alignedLines, byHandOf } from '../by-hand.ts'
import { labInWords } from '../end-text.ts'
import type { LabRecord } from '../record.ts'
import { theoriesTold } from '../theory-text.ts'
import { actHtml } from './act.ts'
import type { Anchors } from './anchors.ts'
import { folded, list, printed } from './boxes.ts'
import { checkHtml } from './check.ts'
import { legendLink } from './legend.ts'
import { signOf } from './marks.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING } from './markup.ts'

/** `isOnly`: no other stands on the page. `first`: the first round of the same lab, where this is a later one. */
export type LabShown = { anchors: Anchors; isOpen: boolean; isOnly: boolean; first: LabRecord | null }

export function labHtml(lab: LabRecord, { anchors, isOpen, isOnly, first }: LabShown): Markup {
  const { header, counts, durationMs, checks, acts, remember } = lab
  const anchor = anchors.lab(lab)
  const isWhole = first === null || !areAlike(lab, first)
  const anchorOf = (check: CheckResult) => anchors.check(lab, check)
  const of = (act: string) => checks.filter((check) => check.act === act)
  const told = acts.map((act) =>
    actHtml(act, {
      anchor: `${anchor}.act-${act.header.number}`,
      lab: labInWords(header),
      checks: of(act.header.act),
      isWhole,
      anchorOf,
    }),
  )
  const withoutAct = checks.filter(({ act }) => acts.every(({ header: { act: name } }) => name !== act))
  const isDrawn = isWhole && acts.some(({ steps }) => steps.length > 0)
  const rounds = isWhole ? NOTHING : markup`<p>${sameAsFirstRound}</p>\n`
  return markup`<details class="lab" id="${anchor}"${isOpen ? markup` open` : NOTHING}>
<summary>${signOf(counts)}<h3>${header.title} <span class="id">${labInWords(header)}</span></h3><span class="under">${countsInWords(counts)}<span class="time">${foundInSeconds(durationMs)}</span></span></summary>
<div class="body">
<div class="prose stack"><p>${header.summary}</p>
${rounds}${isOnly || !isDrawn ? NOTHING : markup`<p class="notes">${legendLink}</p>\n`}</div>
${told}${withoutAct.map((check) => checkHtml(check, anchorOf(check), null))}${isWhole ? afterwards(lab) : NOTHING}${rememberHtml(remember)}</div>
</details>
`
}

/** Whether two rounds have the same answers. */
function areAlike(one: LabRecord, other: LabRecord): boolean {
  const answers = ({ checks }: LabRecord) => checks.map(({ id, verdict, observed }) => [id, verdict, observed])
  return JSON.stringify(answers(one)) === JSON.stringify(answers(other))
}

function rememberHtml(remember: readonly string[]): Markup {
  if (remember.length === 0) return NOTHING
  return markup`<div class="remember"><h4>${runHeadings.remember}</h4>\n${list(remember)}</div>\n`
}

/** The theories that fell, and the commands with which a person does the same. */
function afterwards({ acts, theories }: LabRecord): Markup {
  const evidence = acts.flatMap((act) => act.evidence ?? [])
  const byHand = byHandOf(evidence)
  const told = theoriesTold(theories, (act) => acts.findIndex(({ header }) => header.act === act) + 1)
  const commands =
    byHand === null
      ? NOTHING
      : markup`<p>${byHand.intro}</p>\n${byHand.acts.map((lines) => printed(runHeadings.byHand, alignedLines(lines)))}`
  return markup`${told === null ? NOTHING : folded(theoryHeading, theoriesHtml(told))}${folded(runHeadings.byHand, commands)}`
}

function theoriesHtml({ falls, rest, isSurprise }: NonNullable<ReturnType<typeof theoriesTold>>): Markup {
  const items = falls.map(({ observation, says }) => markup`${observation}${list(says)}`)
  return markup`<div class="prose">${list([...items, ...(rest === '' ? [] : [rest])])}${isSurprise ? markup`<p><strong>${systemIsASurprise}</strong></p>` : NOTHING}</div>\n`
}
