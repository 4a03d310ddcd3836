/**
 * Gradescope's results.json. Items that are shown after the due date are marked, and Gradescope keeps them back: it then
 * shows no total either. There is no total of ours: it would tell of them, and Gradescope adds up the scores itself.
 */

import type { GradingRun } from '../../domain/graded.ts'
import {
  inconclusiveInWords,
  noReasonInWords,
  printedByInWords,
  unfinishedInWords,
  unreadInWords,
} from '../../words/graded.en.ts'
import { verdictWords } from '../../words/en.ts'
import { toJson } from '../plain.ts'
import { countOf, textOf } from './item-text.ts'
import type { Sheet, SheetItem } from './sheet.ts'

export function gradescope(sheet: Sheet, run: GradingRun): string {
  const { problem, finished, durationMs } = sheet
  const gives = finished && problem === null
  const tests = sheet.items.map((item) => testOf(item, gives))
  // Without a score anywhere the file is refused, and the student sees nothing of the reason.
  const score = tests.some((test) => 'score' in test) ? {} : { score: 0 }
  return `${toJson(
    {
      ...score,
      ...(durationMs === null ? {} : { execution_time: durationMs / 1000 }),
      output: outputOf(sheet),
      output_format: 'text',
      test_output_format: 'text',
      test_name_format: 'text',
      stdout_visibility: 'hidden',
      extra_data: { finished, startedAt: run.startedAt },
      tests,
    },
    1,
  )}\n`
}

function testOf(item: SheetItem, gives: boolean) {
  const { id, name, lab, verdict, points, maxPoints, isLater } = item
  const isAsked = verdict !== 'inconclusive' && (verdict !== 'skip' || maxPoints > 0)
  const isWell = verdict === 'pass' || (verdict === 'skip' && maxPoints === 0)
  return {
    // A test without a score is for information only.
    ...(gives && isAsked ? { score: points, max_score: maxPoints } : {}),
    status: isWell ? 'passed' : 'failed',
    name: `${verdict === 'skip' || verdict === 'inconclusive' ? `${verdictWords[verdict]}: ` : ''}${lab === null ? '' : `${lab.id}: `}${name}`,
    output: item.told === null && !isAsked ? noReasonInWords : textOf(item),
    tags: lab === null ? [] : [lab.id],
    visibility: isLater ? 'after_due_date' : 'visible',
    extra_data: { id, verdict },
  }
}

/** It is shown to the student at once, so it tells only of what is shown at once. */
function outputOf(sheet: Sheet): string {
  const { problem, finished, notes, printed, items } = sheet
  const unseen = countOf({ ...sheet, items: items.filter(({ isLater }) => !isLater) }, 'inconclusive')
  return [
    ...(problem === null ? [] : [unreadInWords(problem)]),
    ...(finished ? [] : [unfinishedInWords]),
    ...(unseen === 0 ? [] : [inconclusiveInWords(unseen)]),
    ...notes,
    ...printed.map(({ role, text }) => `${printedByInWords(role)}:\n${text}`),
  ].join('\n\n')
}
