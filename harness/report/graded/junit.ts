/** A grading as JUnit XML: a suite for each lab, or with a class for each submission. */

import type { GradingRun } from '../../domain/graded.ts'
import { noReasonInWords } from '../../words/graded.en.ts'
import type { JUnitCase, JUnitSuite, Outcome } from '../junit-xml.ts'
import { junitXml } from '../junit-xml.ts'
import type { Trouble } from './item-text.ts'
import { messageOf, textOf, troublesOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'
import { byLab, printedBy } from './sheet.ts'

export function junit(sheet: Sheet, { startedAt }: GradingRun): string {
  const properties = propertiesOf(sheet)
  const troubles = troublesOf(sheet).map((one) => troubleCase(one, 'labs'))
  const suites = byLab(sheet.items).map(({ lab, items }): JUnitSuite => {
    const classname = lab === null ? 'labs' : `labs.${lab.id}`
    return suiteOf(
      lab?.id ?? 'labs',
      properties,
      items.map((item) => caseOf(item, sheet, classname)),
    )
  })
  const all = troubles.length === 0 ? suites : [suiteOf('grading', properties, troubles), ...suites]
  return junitXml({ startedAt, durationMs: sheet.durationMs ?? 0, suites: all })
}

export function junitOfClass(sheets: readonly Sheet[], { startedAt }: GradingRun): string {
  const suites = sheets.map((sheet): JUnitSuite => {
    // GitLab shows the class of a case, and not the suite.
    const troubles = troublesOf(sheet).map((one) => troubleCase(one, sheet.name))
    const cases = sheet.items.map((item) => caseOf(item, sheet, sheet.name))
    return suiteOf(sheet.name, propertiesOf(sheet), [...troubles, ...cases])
  })
  const took = sheets.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0)
  return junitXml({ startedAt, durationMs: took, suites })
}

function suiteOf(name: string, properties: JUnitSuite['properties'], cases: JUnitCase[]): JUnitSuite {
  return { name, durationMs: cases.reduce((sum, { durationMs }) => sum + durationMs, 0), properties, cases }
}

function propertiesOf({ author, points, maxPoints, more }: Sheet): JUnitSuite['properties'] {
  return [
    ...(author === null ? [] : [{ name: 'author', value: author }]),
    { name: 'points', value: `${points}` },
    { name: 'maxPoints', value: `${maxPoints}` },
    ...(more === null ? [] : [{ name: 'more', value: more }]),
  ]
}

function caseOf(item: SheetItem, sheet: Sheet, classname: string): JUnitCase {
  const { id, name, told, durationMs } = item
  return {
    classname,
    // GitLab keeps only the first of two cases with one name; an id is there once.
    name: told === null ? name : `${id} ${name}`,
    durationMs: durationMs ?? 0,
    file: told?.file ?? '',
    line: told?.line ?? 0,
    outcome: outcomeOf(item, printedBy(sheet, told?.roles ?? [])),
  }
}

function outcomeOf(item: SheetItem, output: string): Outcome | null {
  const { verdict } = item
  if (verdict === 'pass') return null
  const message = messageOf(item) || noReasonInWords
  if (verdict === 'skip') return { element: 'skipped', message, text: message }
  if (verdict === 'inconclusive') return { element: 'error', type: 'Inconclusive', message, text: message, output }
  return { element: 'failure', type: 'AssertionError', message, text: textOf(item), output }
}

function troubleCase({ name, text, isInconclusive }: Trouble, classname: string): JUnitCase {
  const outcome: Outcome = isInconclusive
    ? { element: 'error', type: 'Inconclusive', message: text, text, output: '' }
    : { element: 'failure', type: 'AssertionError', message: text, text, output: '' }
  return { classname, name, durationMs: 0, file: '', line: 0, outcome }
}
