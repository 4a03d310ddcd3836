/** How the drawings are read: every sign once, in words that wrap. It stands once on a page. */

import type { SignName } from '../../words/drawings.en.ts'
import { legendWords } from '../../words/drawings.en.ts'
import { SECTIONS } from './anchors.ts'
import { arrowHead, box, cross, dot, path } from './drawing-svg.ts'
import type { Markup, Part } from './markup.ts'
import { markup } from './markup.ts'

/** On a field of 44 by 18. */
const SIGNS: Readonly<Record<SignName, Part>> = {
  listens: box(18, 1, 7, 16, 'd-listens'),
  bound: box(18, 1, 7, 16, 'd-bound'),
  still: [path([22, 0, 22, 18], 'd-life'), box(14, 2, 16, 14, 'd-pause')],
  ended: [path([22, 0, 22, 9], 'd-life'), cross(22, 10, 'd-end')],
  taken: [path([4, 9, 38, 9], 'd-arrow'), arrowHead(40, 9, 1, 0, 'd-tip')],
  queued: [path([4, 9, 38, 9], 'd-arrow'), arrowHead(40, 9, 1, 0, 'd-tip-open')],
  refused: [path([6, 3, 38, 9, 6, 15], 'd-bounce'), path([38, 3, 38, 15], 'd-end')],
  unanswered: [path([4, 9, 16, 9], 'd-fade-1'), path([18, 9, 28, 9], 'd-fade-2'), path([30, 9, 40, 9], 'd-fade-3')],
  socket: box(6, 2, 32, 14, 'd-held', 4),
  unseen: box(6, 2, 32, 14, 'd-held d-unseen', 4),
  noPlace: box(6, 2, 32, 14, 'd-refused', 4),
  came: dot(22, 9, 4.5, 'd-hit'),
  missed: dot(22, 9, 5, 'd-miss'),
}

export function legendHtml(isOpen: boolean): Markup {
  const parts = legendWords.parts.map(
    ({ title, signs }) =>
      markup`<p>${title}</p>\n<ul>${Object.entries(signs).map(
        ([name, words]) => markup`<li>${sample(SIGNS[name as SignName])}<span>${words}</span></li>\n`,
      )}</ul>\n`,
  )
  return markup`<details class="more legend" id="${SECTIONS.drawings}"${isOpen ? markup` open` : ''}><summary>${legendWords.title}</summary>
${parts}</details>
`
}

function sample(sign: Part): Markup {
  return markup`<svg class="drawing sample" width="44" height="18" viewBox="0 0 44 18" aria-hidden="true">${sign}</svg>`
}

/** Where a lab begins, one way back to it. */
export const legendLink = markup`<a href="#${SECTIONS.drawings}">${legendWords.title}</a>`
