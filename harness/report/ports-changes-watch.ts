/** What `--watch` sees, a line for each change, and as NDJSON for programs. */

import type { WatchEvent } from '../domain/ports-change.ts'
import {
  changesInWords,
  detailsInWords,
  raisedOfUnit,
  unitInWords,
  watchBegunInWords,
  watchEndedInWords,
  watchSlowerInWords,
  watchUnseenInWords,
  watchWords,
} from '../words/ports-changes.en.ts'
import { serviceInWords } from '../words/ports.en.ts'
import type { Layout } from './layout.ts'
import { toJson } from './plain.ts'

/** The column of times, and that of what happened: a reader finds both without a heading. */
const INDENT = ' '.repeat('09:00:00 '.length)

export function watchText({ paint, paragraph }: Layout, event: WatchEvent): string {
  const time = `${timeOf(event.at)} `
  switch (event.kind) {
    case 'begun':
      return paragraph(watchBegunInWords(event), time, INDENT)
    case 'opened': {
      const raised = raisedOfUnit(event.unit).map((line) => paragraph(line, INDENT))
      const line = paragraph(unitInWords(event.unit), `${time}${watchWords.opened} `, INDENT)
      return `${paint('yellow', line.trimEnd())}\n${raised.join('')}`
    }
    case 'closed':
      return `${paint('cyan', paragraph(unitInWords(event.unit), `${time}${watchWords.closed} `, INDENT).trimEnd())}\n`
    case 'changed': {
      const { after } = event.unit
      const details = detailsInWords(event.unit).map((one) => `before: ${one.before}; now: ${one.after}`)
      const text = `${serviceInWords(after)}, ${changesInWords(event.unit)}. ${details.join('; ')}`
      return `${paint('yellow', paragraph(text, `${time}${watchWords.changed} `, INDENT).trimEnd())}\n`
    }
    case 'unseen':
      return paragraph(watchUnseenInWords(event.why), time, INDENT)
    case 'slower':
      return paragraph(watchSlowerInWords(event.everyMs), time, INDENT)
    case 'ended':
      return paragraph(watchEndedInWords(event), time, INDENT)
  }
}

/** One object a line. */
export function watchJson(event: WatchEvent): string {
  return `${toJson(event)}\n`
}

/** The time of day here, in digits that do not depend on the language. */
function timeOf(at: string): string {
  const date = new Date(at)
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
