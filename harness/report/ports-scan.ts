/** A machine's ports from outside beside the list of its sockets, for a reader, and as JSON for programs. */

import type { Finding, OutsideView } from '../domain/ports-outside.ts'
import {
  agreeInFull,
  findingInWords,
  leftOutInWords,
  outsideCaution,
  outsideHeadings,
  problemInWords,
  scanInWords,
  shortLivedInWords,
  silentInWords,
} from '../words/ports-changes-outside.en.ts'
import type { Layout } from './layout.ts'
import { toJson } from './plain.ts'
import { section } from './ports-changes.ts'

export function* outsideText(layout: Layout, view: OutsideView): Generator<string> {
  const { paragraph, paint } = layout
  const { scans, findings, silent, shortLived, leftOut } = view
  yield paint('bold', paragraph(outsideHeadings.scans, ''))
  for (const scan of scans) if (scan.problem === null) yield paragraph(scanInWords(scan), '- ', '  ')
  const of = (kind: Finding['kind']) => findings.filter((one) => one.kind === kind)
  const lines = (finding: Finding) => [findingInWords(finding)]
  const problems = scans.filter(({ problem }) => problem !== null)
  yield* section(layout, outsideHeadings.problems, 'yellow', problems, (scan) => [problemInWords(scan)])
  yield* section(layout, outsideHeadings.notListed, 'yellow', of('open-not-listed'), lines)
  yield* section(layout, outsideHeadings.agree, 'green', of('open-and-listed'), lines)
  yield* section(layout, outsideHeadings.notReached, 'cyan', of('listed-not-reached'), lines)
  yield* section(layout, outsideHeadings.silent, 'cyan', silent, (one) => [silentInWords(one)])
  yield* section(layout, outsideHeadings.shortLived, 'dim', shortLived, (one) => [shortLivedInWords(one)])
  yield '\n'
  if (doAgree(view)) yield paragraph(agreeInFull, '')
  if (leftOut.length > 0) yield paragraph(leftOutInWords(leftOut), '')
  yield paint('dim', paragraph(outsideCaution, ''))
}

/** Whether what answers is listed, and what is listed answers. */
export function doAgree({ scans, findings, silent, shortLived }: OutsideView): boolean {
  const isScanned = scans.length > 0 && scans.every(({ problem }) => problem === null)
  return (
    isScanned && findings.every(({ kind }) => kind === 'open-and-listed') && silent.length + shortLived.length === 0
  )
}

const SCAN_FORMAT = 'socket-labs-ports-scan'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const SCAN_VERSION = 1

export function outsideJson(view: OutsideView): string {
  return `${toJson({ format: SCAN_FORMAT, version: SCAN_VERSION, ...view }, 1)}\n`
}
