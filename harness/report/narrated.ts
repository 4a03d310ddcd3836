/** The narrated report: what is done, what is seen, question by question, and why. For a person who reads along. */

import type { ActHeader, LabHeader, Reporter, RunEvent } from '../domain/event.ts'
import type { ActEvidence } from '../domain/evidence.ts'
import type { Verdict } from '../domain/verdict.ts'
import { countsInWords, hostInWords } from '../words/en.ts'
import { actHeading } from './act-text.ts'
import { byHandText } from './by-hand.ts'
import { checkText } from './check-text.ts'
import type { RunEnd } from './end-text.ts'
import { countsLine, hostLine, labInWords, labsInWords } from './end-text.ts'
import { Extent } from './extent.ts'
import type { Piece } from './fold.ts'
import { Folding } from './fold.ts'
import type { Layout } from './layout.ts'
import { pieceText } from './step-text.ts'
import { theoryTable, theoryText } from './theory-text.ts'

/** A check to be named again at the end. */
type Named = { verdict: Verdict; name: string }

export function createNarrated(layout: Layout): Reporter {
  return async function* (events) {
    const told: Named[] = []
    const acts: ActEvidence[] = []
    const extent = new Extent()
    let labs: LabHeader[] = []
    let lab: LabHeader | undefined
    let folding = new Folding()
    /** Whether the heading of the act has been told. After an interruption no further act begins. */
    let isActTold = false
    const steps = (pieces: readonly Piece[]) => pieces.map((piece) => pieceText(layout, piece)).join('')
    for await (const event of events) {
      extent.hear(event)
      const { isInterrupted } = extent
      if (event.type === 'run-start') {
        yield layout.paint('dim', layout.paragraph(`${hostInWords(event.host)}.`, ''))
        if (event.replayed) {
          yield layout.paragraph(`Told again from evidence saved at ${event.startedAt}. No socket is opened.`, '')
        }
        labs = event.labs
      } else if (event.type === 'lab-start') {
        lab = event.lab
        isActTold = false
        if (!isInterrupted) yield labText(layout, lab)
      } else if (event.type === 'act-start') {
        folding = new Folding()
        isActTold = !isInterrupted
        if (isActTold) yield actText(layout, event.act)
      } else if (event.type === 'step') {
        if (isActTold) yield steps(folding.add(event.step))
      } else if (event.type === 'act-end') {
        acts.push(event.evidence)
        if (isActTold) yield `${steps(folding.end())}\n`
      } else if (event.type === 'check') {
        const { verdict, id } = event.result
        told.push({ verdict, name: `${lab ? labInWords(lab) : event.result.lab}: ${id}` })
        if (!isInterrupted || (isActTold && verdict !== 'inconclusive')) yield checkText(layout, event.result)
      } else if (event.type === 'lab-end') {
        const [names, ofLab] = [acts.map(({ act }) => act), acts.splice(0)]
        if (isInterrupted) continue
        yield byHandText(layout, ofLab)
        yield theoryText(layout, event.theories, (act) => names.indexOf(act) + 1)
        yield endText(layout, event, labs.length)
      } else if (event.type === 'run-end') yield summary(layout, event, { told, labs, extent })
    }
  }
}

function labText({ paint, paragraph }: Layout, { id, title, summary: line, round, rounds }: LabHeader): string {
  const which = rounds > 1 ? ` (run ${round} of ${rounds})` : ''
  return `\n${paint('bold', paragraph(`${id}: ${title}${which}`, ''))}${paragraph(line, '')}`
}

function actText(layout: Layout, act: ActHeader): string {
  return `\n${actHeading(layout, act, '')}${layout.paragraph(act.intro, '')}\n`
}

function endText(
  { paint, paragraph }: Layout,
  { remember, counts, lab }: Extract<RunEvent, { type: 'lab-end' }>,
  labs: number,
): string {
  const lines = remember.map((one) => paragraph(one, '  - '))
  const text = `${paint('bold', 'Remember')}\n${lines.join('')}`
  return labs > 1 ? `${text}\n${paragraph(`${labInWords(lab)}: ${countsInWords(counts)}.`, '')}` : `${text}\n`
}

function summary(
  layout: Layout,
  end: RunEnd,
  { told, labs, extent }: { told: readonly Named[]; labs: readonly LabHeader[]; extent: Extent },
): string {
  const { isInterrupted } = extent
  const failed = list(layout, told, 'fail', 'red', 'Failed')
  const unobserved = isInterrupted ? '' : list(layout, told, 'inconclusive', 'magenta', 'Inconclusive')
  return [
    isInterrupted ? '' : theoryTable(layout, end.theories),
    countsLine(layout, labs.length === 1 ? 'This lab' : labsInWords(labs), end),
    isInterrupted ? extent.text(layout, end) : '',
    failed,
    unobserved,
    failed + unobserved === '' ? '' : hostLine(layout, end),
  ].join('')
}

function list(
  { paint, paragraph }: Layout,
  told: readonly Named[],
  wanted: Verdict,
  color: 'red' | 'magenta',
  heading: string,
): string {
  const lines = told.filter(({ verdict }) => verdict === wanted).map(({ name }) => paragraph(name, '  - '))
  return lines.length === 0 ? '' : `${paint(color, heading)}\n${lines.join('')}`
}
