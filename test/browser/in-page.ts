/**
 * What is asked of a page from within: the browser gets the text of each of these functions, so that they know nothing
 * but what stands in them. Only these few parts of the browser's own interface are declared, for this file alone.
 */

type Place = {
  id: string
  tagName: string
  className: string
  textContent: string
  open: boolean
  closest(selector: string): Place | null
  querySelector(selector: string): Place | null
  checkVisibility(): boolean
  getBoundingClientRect(): { right: number }
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
}

declare const document: {
  body: Place
  documentElement: { scrollWidth: number }
  activeElement: Place | null
  getElementById(id: string): Place | null
  querySelector(selector: string): Place | null
  querySelectorAll(selector: string): Iterable<Place>
}
declare const innerWidth: number
declare function getComputedStyle(place: Place, part?: string): Record<Property, string>
type Property = 'outlineStyle' | 'outlineWidth' | 'content' | 'backgroundColor' | 'contentVisibility'
declare const axe: {
  run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>
}

export function openAll(): void {
  for (const one of document.querySelectorAll('details')) one.open = true
}

export const widthOfPage = () => document.documentElement.scrollWidth

/** What stands beyond the edge of the screen, and not in a box that scrolls. */
export function sticksOut(): string[] {
  return [...document.querySelectorAll('main *, header *, footer *')]
    .filter((one) => one.closest('.scroll, pre, .unseen, svg') === null)
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 60)}`)
}

export async function violations(): Promise<string[]> {
  const found = (await axe.run()).violations
  return found.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
  )
}

/** Gives a number to everything that can be reached by keyboard, in the order of the page. */
export function markReachable(): string[] {
  const all = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter((one) => one.checkVisibility())
  for (const [index, one] of all.entries()) one.setAttribute('data-order', String(index))
  return all.map((_, index) => String(index))
}

/** What has the focus: by the number that it was given, and by its name or class. */
export function focused(): { order: string; name: string; outline: string } {
  const one = document.activeElement ?? document.body
  const { outlineStyle, outlineWidth } = getComputedStyle(one)
  return {
    order: one.getAttribute('data-order') ?? 'nothing',
    name: one.id === '' ? one.className : one.id,
    outline: `${outlineStyle} ${outlineWidth}`,
  }
}

/**
 * What nobody sees, as it stands in a fold that is closed. The style decides: whether a fold has been laid out already
 * Chromium says for the last picture that it has drawn.
 */
export function foldedAway(): string[] {
  return [...document.querySelectorAll('details:not([open])')]
    .filter((one) => getComputedStyle(one, '::details-content').contentVisibility !== 'visible')
    .map((one) => one.textContent.slice(0, 60))
}

export const background = () => getComputedStyle(document.body).backgroundColor

export const firstFoldedStep = () => document.querySelector('details.steps:not([open]) li[id]')?.id ?? ''

export const isSeen = (id: string) => document.getElementById(id)?.checkVisibility() ?? false

/** The words of each drawing, for who does not see it. */
export function wordsOfDrawings(): string[] {
  const drawings = [...document.querySelectorAll('svg[role="img"]')]
  return drawings.map((one) => document.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent ?? '')
}

/** The cells of answers that one does not see whole, though their fold is open: they stand beyond the edge of their box. */
export function cellsOutOfSight(): string[] {
  return [...document.querySelectorAll('.stacks td, .flows td, .theories td')]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth)
    .map((one) => one.textContent.slice(0, 60))
}

/** What a cell that stands in a block says of itself above its words. */
export function headingsOfCells(): string[] {
  return [...document.querySelectorAll('.stacks td')].map((one) => getComputedStyle(one, '::before').content)
}

/** For which screens the drawings are made that one sees. */
export function screensOfDrawings(): string[] {
  const seen = [...document.querySelectorAll('svg[role="img"]')].filter((one) => one.checkVisibility())
  return [...new Set(seen.map((one) => one.getAttribute('class') ?? ''))]
}

/** Leaves of a kernel's release what every machine has: the name of a build is of one machine alone. */
export function hideBuild(): void {
  for (const one of document.querySelectorAll('.where, footer p, dd')) {
    if (one.querySelector('*') === null) one.textContent = one.textContent.replace(/(Linux \d+\.\d+\.\d+)-\S+/, '$1')
  }
}
