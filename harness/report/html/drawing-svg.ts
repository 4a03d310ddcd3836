/** The shapes from which drawings are made, and texts that know how much room they have. */

import type { Markup, Part } from './markup.ts'
import { markup, NOTHING, toText } from './markup.ts'
import { fit } from './drawing-text.ts'

/** Of the labels, in CSS pixels; small ones are 11. */
export const FONT_SIZE = 12
export const LINE_HEIGHT = 16

/** For which screen it is drawn: wide, or so narrow that lanes and columns stand close together. */
export type Screen = 'desk' | 'phone'

export type Anchor = 'start' | 'middle' | 'end'

/** A text in one line. What does not fit is cut, and whole in the title that shows when one points at it. */
export function label(
  x: number,
  y: number,
  text: string,
  { kind = '', anchor = 'start', room = Infinity }: { kind?: string; anchor?: Anchor; room?: number } = {},
): Markup {
  const shown = fit(text, room, kind)
  const title = shown === text ? NOTHING : markup`<title>${text}</title>`
  const place = anchor === 'start' ? NOTHING : markup` text-anchor="${anchor}"`
  return markup`<text x="${round(x)}" y="${round(y)}"${place}${named(kind)}>${title}${shown}</text>`
}

/** A text in several lines, from `y` downwards. */
export function labels(
  x: number,
  y: number,
  lines: readonly string[],
  over: { kind?: string; anchor?: Anchor },
): Markup[] {
  return lines.map((line, index) => label(x, y + index * LINE_HEIGHT, line, over))
}

export function box(x: number, y: number, width: number, height: number, kind: string, corner = 0): Markup {
  const rounded = corner === 0 ? NOTHING : markup` rx="${corner}"`
  const size = markup`x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`
  return markup`<rect ${size}${rounded}${named(kind)}/>`
}

/** A line through points, each given by its x and its y. */
export function path(points: readonly number[], kind: string): Markup {
  const way = points.map((value, index) => `${index === 0 ? 'M' : index % 2 === 0 ? 'L' : ' '}${round(value)}`).join('')
  return markup`<path d="${way}"${named(kind)}/>`
}

export function dot(x: number, y: number, radius: number, kind: string): Markup {
  return markup`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}"${named(kind)}/>`
}

/** The head of an arrow, its point at x and y; `dx` and `dy` say where it comes from. */
export function arrowHead(x: number, y: number, dx: number, dy: number, kind: string): Markup {
  const length = Math.hypot(dx, dy) || 1
  const [backX, backY] = [(-dx / length) * 9, (-dy / length) * 9]
  const [sideX, sideY] = [-backY * 0.45, backX * 0.45]
  const back = [x + backX, y + backY] as const
  const tips = [back[0] + sideX, back[1] + sideY, x, y, back[0] - sideX, back[1] - sideY].map(round)
  return markup`<path d="M${tips.slice(0, 2).join(' ')}L${tips.slice(2).join(' ')}Z"${named(kind)}/>`
}

/** Two strokes that cross: something ended here. */
export function cross(x: number, y: number, kind: string): Markup {
  const [left, right, top, bottom] = [round(x - 6), round(x + 6), round(y - 6), round(y + 6)]
  const way = `M${left} ${top}L${right} ${bottom}M${right} ${top}L${left} ${bottom}`
  return markup`<path d="${way}"${named(kind)}/>`
}

/** Shapes that belong together; `data` are names and values that a reader of the file can look for. */
export function group(parts: Part, data: Readonly<Record<string, string | number>> = {}): Markup {
  const attributes = Object.entries(data).map(([name, value]) => markup` data-${name}="${value}"`)
  return markup`<g${attributes}>${parts}</g>\n`
}

export type Drawing = {
  /** Names the drawing on its page: no two have the same. */
  place: string
  title: string
  /** The same in words. */
  sentences: readonly string[]
  width: number
  height: number
  body: Part
  screen: Screen
}

/** A drawing may shrink to this share of its size: smaller words are hard to read. */
const LEAST_SHARE = { desk: 0.72, phone: 0.75 }

/**
 * A picture of its own size, which shrinks a little where it is wider than its box: then it is for the page to let it
 * scroll. Of the two drawings of one thing the page shows one; its words stand in the one for a desk.
 */
export function drawingText({ place, title, sentences, width, height, body, screen }: Drawing): string {
  const id = identifier(place)
  const [wide, high] = [Math.ceil(width), Math.ceil(height)]
  const size = markup`width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" style="min-width:${Math.floor(wide * LEAST_SHARE[screen])}px"`
  const own = screen === 'desk' ? id : `${id}-phone`
  const words = screen === 'desk' ? markup`<desc id="${id}-words">${sentences.join('\n')}</desc>\n` : NOTHING
  return toText(markup`<svg xmlns="http://www.w3.org/2000/svg" class="drawing for-${screen}" role="img" ${size} aria-labelledby="${own}-title" aria-describedby="${id}-words">
<title id="${own}-title">${title}</title>
${words}${body}</svg>
`)
}

/** Two places never give one identifier: what no identifier may hold is written as its number. */
function identifier(place: string): string {
  return `drawing-${place.replace(/[^A-Za-z0-9-]/g, (one) => `_${one.charCodeAt(0).toString(16)}_`)}`
}

function named(kind: string): Markup {
  return kind === '' ? NOTHING : markup` class="${kind}"`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
