/** The narrated report: what is done, what is seen, question by question, and why. For a person who reads along. */

import type { ActHeader, LabHeader, Reporter, RunEvent } from '../domain/event.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { countsInWords, hostInWords } from '../words/en.ts'
import { byHandText } from './by-hand.ts'
import { checkText } from './check-text.ts'
import type { Layout } from './layout.ts'
import { stepText } from './step-text.ts'

export function createNarrated(layout: Layout): Reporter {
  return async function* (events) {
    const failed: CheckResult[] = []
    const acts: Extract<RunEvent, { type: 'act-end' }>['evidence'][] = []
    let labs = 0
    for await (const event of events) {
      if (event.type === 'run-start') {
        yield layout.paint('dim', layout.paragraph(`${hostInWords(event.host)}.`, ''))
        if (event.replayed) yield layout.paragraph(`Told again from evidence saved at ${event.startedAt}. No socket is opened.`, '')
        labs = event.labs.length
      } else if (event.type === 'lab-start') yield labText(layout, event.lab)
      else if (event.type === 'act-start') yield actText(layout, event.act)
      else if (event.type === 'step') yield stepText(layout, event.step)
      else if (event.type === 'act-end') {
        acts.push(event.evidence)
        yield '\n'
      } else if (event.type === 'check') {
        if (event.result.verdict === 'fail') failed.push(event.result)
        yield checkText(layout, event.result)
      } else if (event.type === 'lab-end') {
        yield byHandText(layout, acts.splice(0))
        yield endText(layout, event, labs)
      } else if (event.type === 'run-end') yield summary(layout, event, failed, labs)
    }
  }
}

function labText({ paint, paragraph }: Layout, { id, title, summary: line, round, rounds }: LabHeader): string {
  const which = rounds > 1 ? ` (run ${round} of ${rounds})` : ''
  return `\n${paint('bold', paragraph(`${id}: ${title}${which}`, ''))}${paragraph(line, '')}`
}

function actText({ paint, paragraph }: Layout, { number, of, title, intro, port, notes }: ActHeader): string {
  const where = port === null ? '' : `, port ${port}`
  const heading = paint(['bold', 'cyan'], paragraph(`Act ${number} of ${of}: ${title}${where}`, ''))
  return `\n${heading}${notes.map((note) => paragraph(note, '')).join('')}${paragraph(intro, '')}\n`
}

function endText({ paint, paragraph }: Layout, { remember, counts, lab }: Extract<RunEvent, { type: 'lab-end' }>, labs: number): string {
  const lines = remember.map((sentence) => paragraph(sentence, '  - '))
  const text = `${paint('bold', 'Remember')}\n${lines.join('')}`
  return labs > 1 ? `${text}\n${paragraph(`${lab.id}: ${countsInWords(counts)}.`, '')}` : `${text}\n`
}

function summary(
  { paint, paragraph }: Layout,
  { counts, durationMs, interruptedBy, host }: Extract<RunEvent, { type: 'run-end' }>,
  failed: readonly CheckResult[],
  labs: number,
): string {
  const after = `${(durationMs / 1000).toFixed(1)} s`
  const what = labs > 1 ? `${labs} labs` : 'This lab'
  const end = interruptedBy === null ? `${what}: ${countsInWords(counts)}, in ${after}.` : `Interrupted by ${interruptedBy} after ${after}: ${countsInWords(counts)}.`
  if (failed.length === 0) return paint('bold', paragraph(end, ''))
  const list = failed.map(({ lab, id }) => paragraph(`${lab}: ${id}`, '  - ')).join('')
  return `${paint('bold', paragraph(end, ''))}${paint('red', 'Failed')}\n${list}${paragraph(`Seen on ${hostInWords(host)}.`, '')}`
}
