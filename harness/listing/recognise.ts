/** Finds the listings in a text that somebody pasted, each in its form, and keeps every line that is in none. */

import type { ReadListing, ReadText, UnreadLine } from '../domain/look.ts'
import { askedByCommand } from './asked.ts'
import { blindnessOf } from './blind.ts'
import type { Form } from './form.ts'
import { FORMS } from './forms.ts'
import { lsofRemark } from './lsof.ts'
import { isFence, pastedLines } from './pasted.ts'
import { promptedCommand } from './prompt.ts'
import { readTorn } from './torn.ts'

/** Lines `from` to `to` (counted from 0, `to` not included) are one listing. */
type Section = { form: Form; command: string | null; headings: string[]; from: number; to: number }

/**
 * Reads every listing of the text. A heading or the shape of a row tells the form; a line that says neither belongs to
 * the listing before it, whose reader says why it could not be read.
 */
export function readListings(text: string, forms: readonly Form[] = FORMS): ReadText {
  const lines = pastedLines(text)
  const { sections, unread } = sectionsOf(lines, forms)
  return { listings: sections.map((section) => readSection(lines, section)), unread }
}

function readSection(lines: readonly string[], { form, command, from, to }: Section): ReadListing {
  const reading = readTorn(form, lines.slice(from, to), from + 1, command)
  const { rows, unread, hosts = [], leftOut = [], asked = {} } = reading
  const known = { ...(command === null ? {} : askedByCommand(command)), ...asked }
  const blind =
    hosts.length > 0 || form.format.startsWith('nmap') ? [] : blindnessOf({ format: form.format, rows, asked: known })
  const typed = command ?? reading.command ?? null
  return { format: form.format, command: typed, lines: { from: from + 1, to }, rows, hosts, unread, leftOut, blind }
}

function sectionsOf(lines: readonly string[], forms: readonly Form[]): { sections: Section[]; unread: UnreadLine[] } {
  const sections: Section[] = []
  const unread: UnreadLine[] = []
  let current: Section | null = null
  let command: string | null = null
  let previous = ''
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const place = placeOf(line, previous, current, forms)
    previous = line
    if (place.kind === 'begins') {
      current = { form: place.form, command, headings: place.headings, from: index, to: index + 1 }
      sections.push(current)
      command = null
    } else if (place.kind === 'continues' && current !== null) {
      current.to = index + 1
      if (place.heading !== undefined) current.headings.push(place.heading)
      if (current.form.ends?.(line) === true) current = null
    } else {
      current = null
      if (place.kind === 'command') command = place.command
      if (place.kind === 'outside') unread.push({ line: index + 1, text: line, why: place.why })
    }
  }
  return { sections, unread }
}

type Place =
  | { kind: 'begins'; form: Form; headings: string[] }
  | { kind: 'continues'; heading?: string }
  | { kind: 'command'; command: string }
  | { kind: 'between' }
  | { kind: 'outside'; why: string }

/** Most lines are a further row of the listing that they are in: that is asked first. */
function placeOf(line: string, previous: string, current: Section | null, forms: readonly Form[]): Place {
  if (current !== null && isOwn(line, current.form)) return { kind: 'continues' }
  const begun = forms.find((form) => form.begins(line, previous))
  if (begun !== undefined) {
    const joins = begun === current?.form && begun.joins?.(line, current.headings) === true
    return joins ? { kind: 'continues', heading: line } : { kind: 'begins', form: begun, headings: [line] }
  }
  const prompted = promptedCommand(line)
  if (prompted?.lists === true) return { kind: 'command', command: prompted.command }
  // A process may have the name of a prompt: `#` is one.
  const form = forms.find((one) => one.isRow(line))
  if (form !== undefined) return { kind: 'begins', form, headings: [] }
  if (prompted !== null && prompted.command !== '')
    return { kind: 'outside', why: 'it is a command that lists no sockets' }
  if (prompted !== null || isFence(line)) return { kind: 'between' }
  return current === null ? { kind: 'outside', why: whyOutside(line) } : { kind: 'continues' }
}

function isOwn(line: string, form: Form): boolean {
  return form.holds === undefined ? form.isRow(line) : form.holds(line)
}

function whyOutside(line: string): string {
  return lsofRemark(line) ?? 'it belongs to no form of listing that is known'
}
