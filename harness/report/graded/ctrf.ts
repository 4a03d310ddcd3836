/** The Common Test Report Format (ctrf.io). What it has no field for stands in `extra`, which it allows at every level. */

import type { GradedVerdict, GradingRun } from '../../domain/graded.ts'
import { toJson } from '../plain.ts'
import type { Trouble } from './item-text.ts'
import { linesOf, messageOf, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'

const STATUS: Readonly<Record<GradedVerdict, string>> = {
  pass: 'passed',
  partial: 'failed',
  fail: 'failed',
  skip: 'skipped',
  inconclusive: 'other',
}

export function ctrf(sheet: Sheet, run: GradingRun): string {
  return ctrfDocument(run, testsOf(sheet, []), sheet.durationMs ?? 0, submissionOf(sheet))
}

export function ctrfOfClass(sheets: readonly Sheet[], run: GradingRun): string {
  const tests = sheets.flatMap((sheet) => testsOf(sheet, [sheet.name]))
  const took = Math.max(0, ...sheets.map(({ durationMs }) => durationMs ?? 0))
  return ctrfDocument(run, tests, took, { submissions: sheets.map(submissionOf) })
}

function submissionOf(sheet: Sheet) {
  const { name, author, problem, notes, points, maxPoints, printed, finished, more } = sheet
  return { name, author, problem, notes, points, maxPoints, printed, finished, more }
}

type CtrfTest = { status: string }

function ctrfDocument(run: GradingRun, tests: readonly CtrfTest[], tookMs: number, extra: object): string {
  const count = (wanted: string) => tests.filter(({ status }) => status === wanted).length
  const start = Date.parse(run.startedAt) || 0
  const { os, kernel } = run.host
  return `${toJson(
    {
      reportFormat: 'CTRF',
      specVersion: '1.0.0',
      results: {
        tool: { name: 'socket-labs' },
        summary: {
          tests: tests.length,
          passed: count('passed'),
          failed: count('failed'),
          skipped: count('skipped'),
          pending: count('pending'),
          other: count('other'),
          start,
          stop: start + Math.round(tookMs),
        },
        tests,
        environment: { osPlatform: os, osRelease: kernel, extra: { host: run.host, sandbox: run.sandbox } },
        extra,
      },
    },
    1,
  )}\n`
}

function testsOf(sheet: Sheet, suite: readonly string[]): CtrfTest[] {
  return [...troublesOf(sheet).map((one) => troubleOf(one, suite)), ...sheet.items.map((item) => testOf(item, suite))]
}

function troubleOf({ name, text, isInconclusive }: Trouble, suite: readonly string[]) {
  return {
    name,
    status: isInconclusive ? 'other' : 'failed',
    duration: 0,
    ...(suite.length === 0 ? {} : { suite }),
    message: text,
    rawStatus: isInconclusive ? 'inconclusive' : 'fail',
  }
}

function testOf(item: SheetItem, above: readonly string[]) {
  const { id, name, lab, verdict, points, maxPoints, told, durationMs } = item
  const suite = lab === null ? above : [...above, lab.id]
  const place = told === null || told.file === '' ? {} : { filePath: told.file, line: told.line }
  return {
    name,
    status: STATUS[verdict],
    duration: Math.round(durationMs ?? 0),
    ...(suite.length === 0 ? {} : { suite }),
    ...(verdict === 'pass' ? {} : { message: messageOf(item) }),
    rawStatus: verdict,
    ...(told === null ? {} : { tags: [told.part] }),
    ...place,
    extra: {
      id,
      points,
      maxPoints,
      ...(told === null ? {} : { told: linesOf(item).map((line) => line.join(' ')), findings: told.findings }),
      ...(told === null || told.explanation === null ? {} : { explanation: told.explanation }),
    },
  }
}
