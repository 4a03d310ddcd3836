/** The steps of an act in words: what one can type, what was printed, and what was seen. */

import type { Step } from '../../domain/evidence.ts'
import { repeatedInWords, seen, typed } from '../../words/en.ts'
import { printedInWords, stepCountInWords } from '../../words/html.en.ts'
import type { Piece } from '../fold.ts'
import { foldedSteps } from '../fold.ts'
import { oneLine } from '../plain.ts'
import { printedBy, prompt } from '../step-text.ts'
import { printed } from './boxes.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING } from './markup.ts'

/** `placeOf` is where a step is told; one that is only counted, as it repeats others, is told by the whole list. */
export type StepsTold = { html: Markup; placeOf: (step: number) => string }

export function stepsHtml(steps: readonly Step[], anchor: string, isOpen: boolean): StepsTold {
  const pieces = foldedSteps(steps)
  const told = new Set(pieces.flatMap((piece) => ('step' in piece ? piece.step.number : [])))
  const placeOf = (step: number) => (told.has(step) ? `${anchor}.${step}` : anchor)
  return { html: steps.length === 0 ? NOTHING : listOf(steps, pieces, anchor, isOpen), placeOf }
}

function listOf(steps: readonly Step[], pieces: readonly Piece[], anchor: string, isOpen: boolean): Markup {
  const items = pieces.map((piece) => pieceHtml(piece, anchor))
  return markup`<details class="steps" id="${anchor}"${isOpen ? markup` open` : NOTHING}><summary>${stepCountInWords(steps.length)}</summary>
<ol>
${items}</ol>
</details>
`
}

function pieceHtml(piece: Piece, anchor: string): Markup {
  if ('repeated' in piece) {
    return markup`<li class="repeated"><span class="step-number">…</span><p>${repeatedInWords(piece.repeated)}</p></li>\n`
  }
  const { step } = piece
  const command = typed(step)
  const sentence = oneLine(seen(step))
  const number = markup`<span class="step-number">${step.number}</span>`
  const line = command === null ? NOTHING : markup`<code class="typed">${prompt(step)} ${oneLine(command)}</code>\n`
  const said = sentence === '' ? NOTHING : markup`<p>${sentence}</p>\n`
  const lines = printed(printedInWords(step.number), printedBy(step))
  const [first, second] = command === null ? [said, lines] : [lines, said]
  return markup`<li id="${anchor}.${step.number}">${number}<div>${line}${first}${second}</div></li>\n`
}
