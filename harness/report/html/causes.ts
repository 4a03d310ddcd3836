/** What probably explains surprises. What explains several of them is told once, and each of them points at it. */

import type { Cause, Diagnosis } from '../../domain/verification.ts'
import { NOTHING_KNOWN } from '../../words/diagnosis.en.ts'
import { explainsInWords, surpriseWords } from '../../words/html.en.ts'
import { sentence } from '../plain.ts'
import type { Markup } from './markup.ts'
import { markup, NOTHING } from './markup.ts'

export class Causes {
  /** Those that explain several surprises, by what they are, with how many. The order gives them their places. */
  readonly #shared: Map<string, { cause: Cause; explains: number }>

  /** `surprises`: what was found of each surprise that stands on the page. */
  constructor(surprises: readonly (Diagnosis | undefined)[]) {
    const all = Map.groupBy(
      surprises.flatMap((one) => one?.causes ?? []),
      keyOf,
    )
    this.#shared = new Map(
      [...all].flatMap(([key, [cause, ...others]]) =>
        cause === undefined || others.length === 0 ? [] : [[key, { cause, explains: 1 + others.length }]],
      ),
    )
  }

  /** Those of several surprises, told in full. */
  shared(): Markup {
    if (this.#shared.size === 0) return NOTHING
    const told = [...this.#shared.values()].map(
      ({ cause, explains }, index) =>
        markup`<div class="cause" id="${anchorAt(index)}">${inFull(cause)}<p class="fine">${explainsInWords(explains)}</p></div>\n`,
    )
    return markup`<div class="causes shared">${told}</div>\n`
  }

  /** Those of one surprise. */
  of({ causes }: Diagnosis): Markup {
    if (causes.length === 0) return markup`<p class="causes">${NOTHING_KNOWN}</p>\n`
    const keys = [...this.#shared.keys()]
    const told = causes.map((cause) => {
      const index = keys.indexOf(keyOf(cause))
      const words =
        index === -1
          ? inFull(cause)
          : markup`<p>${likelihood(cause)}: <a href="#${anchorAt(index)}">${sentence(cause.found)}</a></p>`
      return markup`<div class="cause">${words}</div>\n`
    })
    return markup`<div class="causes">${told}</div>\n`
  }
}

const keyOf = (cause: Cause) => JSON.stringify(cause)

const anchorAt = (index: number) => `page.cause-${index + 1}`

function likelihood({ isGuess }: Cause): string {
  return isGuess === true ? surpriseWords.perhaps : surpriseWords.probably
}

function inFull(cause: Cause): Markup {
  const { found, explains, remedy, source } = cause
  return markup`<p>${likelihood(cause)}: <strong>${sentence(found)}</strong> ${sentence(explains)}${
    source === null ? NOTHING : markup` <cite>(${source})</cite>`
  }</p>${remedy === null ? NOTHING : markup`<p>${surpriseWords.remedy}: ${remedy}</p>`}`
}
