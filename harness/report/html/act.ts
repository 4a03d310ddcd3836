/** One act on a page: why it is done, drawn as it happened, its steps in words, and the questions that it answers. */

import type { CheckResult } from '../../domain/verdict.ts'
import {
  actNotEnded,
  actNumberInWords,
  actWords,
  portInWords,
  skippedInWords,
  unseenInWords,
} from '../../words/html.en.ts'
import { OWN_NETWORK } from '../../words/networks.en.ts'
import { sentence } from '../plain.ts'
import type { ActRecord } from '../record.ts'
import { list, scrollBox } from './boxes.ts'
import { checkHtml } from './check.ts'
import type { Screen } from './drawing-svg.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING, raw } from './markup.ts'
import { sequenceDiagram } from './sequence.ts'
import { socketPicture } from './sockets.ts'
import { stepsHtml } from './steps.ts'

/** `isWhole`: with its steps and drawings; in a later round that answers the same they stand with the first one. */
export type ActShown = {
  anchor: string
  lab: string
  checks: readonly CheckResult[]
  isWhole: boolean
  anchorOf: (check: CheckResult) => string
}

export function actHtml(act: ActRecord, { anchor, lab, checks, isWhole, anchorOf }: ActShown): Markup {
  const { number, of, title, intro, port, notes, network } = act.header
  const place = [actNumberInWords(number, of), ...(port === null ? [] : [portInWords(port)])].join(', ')
  const isSurprising = checks.some(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
  const drawings = isWhole ? drawingsHtml(act, anchor, `${lab}, ${place}`) : NOTHING
  const steps = stepsHtml(isWhole ? act.steps : [], `${anchor}.steps`, isSurprising || drawings === NOTHING)
  const placeOf = isWhole && act.steps.length > 0 ? steps.placeOf : null
  return markup`<section class="act" id="${anchor}" aria-labelledby="${anchor}.heading">
<header><p>${place}</p>
<h4 id="${anchor}.heading">${title}</h4></header>
<div class="prose"><p>${intro}</p>
${list([...notes, ...(network === 'own' ? [OWN_NETWORK] : [])], 'plain notes')}${stateHtml(act)}</div>
${drawings}${steps.html}${checks.map((check) => checkHtml(check, anchorOf(check), placeOf))}</section>
`
}

function drawingsHtml(act: ActRecord, anchor: string, where: string): Markup {
  const drawings = [
    { caption: actWords.sequence, drawing: onEach((screen) => sequenceDiagram(act, anchor, screen)) },
    { caption: actWords.sockets, drawing: onEach((screen) => socketPicture(act, anchor, screen)) },
  ].filter(({ drawing }) => drawing !== '')
  if (drawings.length === 0) return NOTHING
  const figures = drawings.map(
    ({ caption, drawing }) => markup`<figure><figcaption>${caption}</figcaption>
${scrollBox(`${caption}: ${where}`, raw(drawing))}
</figure>
`,
  )
  return markup`${figures}`
}

/** The page shows the one that fits its screen. */
function onEach(draw: (screen: Screen) => string): string {
  return draw('desk') + draw('phone')
}

/** Why an act has no answers. */
function stateHtml({ evidence }: ActRecord): Markup {
  const why =
    evidence === null
      ? actNotEnded
      : evidence.skipped !== null
        ? skippedInWords(sentence(evidence.skipped))
        : evidence.problem !== null
          ? unseenInWords(sentence(evidence.problem))
          : null
  return why === null ? NOTHING : markup`<p><strong>${why}</strong></p>\n`
}
