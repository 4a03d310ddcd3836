/**
 * What GitHub Actions shows of a grading: a summary in Markdown, which may have 1 MiB, and annotations, of which it
 * shows ten of each kind. Annotations are commands on standard output: what a program printed stands there only
 * while commands are switched off, behind a bar, which no command begins with.
 */

import {
  gradedHeadings,
  moreAnnotationsInWords,
  noReasonInWords,
  printedByInWords,
  reportCutInWords,
} from '../../words/graded.en.ts'
import { oneLine, plain } from '../plain.ts'
import { messageOf, totalInWords, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'

const MOST_BYTES = 1024 * 1024

/** As many whole pieces as there is room for. */
export function githubSummary(pieces: Iterable<string>): string {
  const ending = `\n${reportCutInWords}\n`
  const all = [...pieces]
  const sizes = all.map((piece) => Buffer.byteLength(piece))
  if (sizes.reduce((sum, one) => sum + one, 0) <= MOST_BYTES) return all.join('')
  let room = MOST_BYTES - Buffer.byteLength(ending)
  const end = sizes.findIndex((size) => (room -= size) < 0)
  return `${all.slice(0, end).join('')}${ending}`
}

type Kind = 'error' | 'warning' | 'notice'
type Annotation = { kind: Kind; title: string; message: string; file: string; line: number }

const KINDS: readonly Kind[] = ['error', 'warning', 'notice']
const MOST_OF_A_KIND = 10

/** @param token nobody can guess it: it is what switches commands on again. */
export function githubAnnotations(sheets: readonly Sheet[], token: string): string {
  const all = sheets.flatMap((sheet) => [
    ...annotationsOf(sheet, sheets.length > 1 ? `${sheet.name}: ` : ''),
    { kind: 'notice' as const, title: sheet.name, message: endOf(sheet), file: '', line: 0 },
  ])
  const chosen = KINDS.flatMap((kind) => atMost(all.filter((one) => one.kind === kind)))
  const printed = sheets.flatMap(printedLines).map((line) => `| ${line}\n`)
  const quiet = printed.length === 0 ? [] : [`::stop-commands::${token}\n`, ...printed, `::${token}::\n`]
  return [...chosen.map(commandOf), ...quiet].join('')
}

function annotationsOf(sheet: Sheet, prefix: string): Annotation[] {
  const troubles = troublesOf(sheet).map(({ name, text, isInconclusive }): Annotation => ({
    kind: isInconclusive ? 'warning' : 'error',
    title: `${prefix}${name}`,
    message: text,
    file: '',
    line: 0,
  }))
  return [...troubles, ...sheet.items.flatMap((item) => annotationOf(item, prefix) ?? [])]
}

function annotationOf(item: SheetItem, prefix: string): Annotation | null {
  const { verdict, points, maxPoints, name, told } = item
  if (verdict === 'pass' || (verdict === 'skip' && maxPoints === 0)) return null
  return {
    kind: verdict === 'inconclusive' ? 'warning' : points < maxPoints ? 'error' : 'notice',
    title: `${prefix}${name}`,
    message: messageOf(item) || noReasonInWords,
    file: told?.file ?? '',
    line: told?.line ?? 0,
  }
}

function endOf(sheet: Sheet): string {
  return [`${totalInWords(sheet)}.`, sheet.more ?? ''].join(' ').trim()
}

/** Where there are too many, the last place says how many more. */
function atMost(all: readonly Annotation[]): readonly Annotation[] {
  const [first] = all
  if (all.length <= MOST_OF_A_KIND || first === undefined) return all
  const kept = all.slice(0, MOST_OF_A_KIND - 1)
  const message = moreAnnotationsInWords(all.length - kept.length)
  return [...kept, { kind: first.kind, title: gradedHeadings.graded, message, file: '', line: 0 }]
}

function commandOf({ kind, title, message, file, line }: Annotation): string {
  const place = file === '' ? '' : `file=${property(file)},line=${line},`
  return `::${kind} ${place}title=${property(title)}::${data(plain(message))}\n`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(oneLine(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

function printedLines({ name, printed }: Sheet): string[] {
  return printed.flatMap(({ role, text }) => [`${name}: ${printedByInWords(role)}`, ...text.split('\n')])
}
