/** Verdicts as a reader sees them: a word and a sign, so that nobody depends on colours. */

import type { Counts, Verdict } from '../../domain/verdict.ts'
import { VERDICTS } from '../../domain/verdict.ts'
import { verdictWords } from '../../words/en.ts'
import { countWords } from '../../words/html.en.ts'
import type { Markup } from './markup.ts'
import { markup, raw } from './markup.ts'

/** Lines on a field of 16 by 16. */
const SIGNS: Readonly<Record<Verdict, string>> = {
  pass: 'M3 8.5l3.2 3.2L13 5',
  fail: 'M4 4l8 8M12 4l-8 8',
  noted: 'M8 7v5M8 3.9v.2',
  skip: 'M4 3.5L9.5 8 4 12.5M12 3.5v9',
  inconclusive: 'M5.2 5.6a2.8 2.8 0 1 1 4.1 2.5C8.4 8.6 8 9 8 10M8 12.4v.2',
}

/** What is failing comes first wherever verdicts are told. */
export const BY_WEIGHT: readonly Verdict[] = ['fail', 'inconclusive', 'pass', 'noted', 'skip']

export const MARKS_SPRITE = markup`<svg class="sprite" width="0" height="0" aria-hidden="true">${VERDICTS.map(
  (verdict) => markup`<symbol id="mark-${verdict}" viewBox="0 0 16 16"><path d="${SIGNS[verdict]}"/></symbol>`,
)}</svg>`

export function badge(verdict: Verdict): Markup {
  return badgeAs(verdict, verdictWords[verdict])
}

/** With the look of a verdict and another word. */
export function badgeAs(verdict: Verdict, word: string): Markup {
  return markup`<span class="badge ${verdict}">${sign(verdict)}${word}</span>`
}

function sign(verdict: Verdict): Markup {
  return markup`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true"><use href="#mark-${verdict}"/></svg>`
}

/** The shares of the verdicts. The numbers stand beside it: it is a picture for those who see it. */
export function bar(counts: Counts): Markup {
  const parts = present(counts).map(
    (verdict) => markup`<span class="${verdict}" style="flex-grow:${counts[verdict]}"></span>`,
  )
  return parts.length === 0 ? raw('') : markup`<span class="bar" aria-hidden="true">${parts}</span>`
}

/** `3 failed` and so on, each with its sign. */
export function countList(counts: Counts): Markup {
  const items = present(counts).map(
    (verdict) => markup`<li class="${verdict}">${sign(verdict)}<b>${counts[verdict]}</b> ${countWords[verdict]}</li>`,
  )
  return markup`<ul class="counts">${items}</ul>`
}

/** The gravest verdict among them; null where nothing was answered. */
function gravest(counts: Counts): Verdict | null {
  return present(counts)[0] ?? null
}

export function signOf(counts: Counts): Markup | null {
  const verdict = gravest(counts)
  return verdict === null ? null : markup`<span class="mark ${verdict}">${sign(verdict)}</span>`
}

function present(counts: Counts): Verdict[] {
  return BY_WEIGHT.filter((verdict) => counts[verdict] > 0)
}
