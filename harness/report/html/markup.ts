/** Pieces of a page that cannot be broken by what stands in them: a text becomes markup only by being escaped. */

import { escape } from './escape.ts'

const UNCHECKED = Symbol('made by markup, or by raw')

export type Markup = { readonly [UNCHECKED]: string }

/** Nothing at all is left out; numbers and texts are escaped. */
export type Part = Markup | string | number | null | readonly Part[]

/** The tag of a template: the template itself is markup, what is put into it is text. */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return raw(template.map((text, index) => text + toText(parts[index] ?? null)).join(''))
}

/** What is markup already: a drawing, or the style of the page. */
export function raw(text: string): Markup {
  return { [UNCHECKED]: text }
}

export function toText(part: Part): string {
  if (part === null) return ''
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part))
  return UNCHECKED in part ? part[UNCHECKED] : part.map(toText).join('')
}

export const NOTHING = raw('')

export function isNothing(part: Markup): boolean {
  return part[UNCHECKED] === ''
}
