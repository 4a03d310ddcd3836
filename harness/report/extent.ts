/** How far a run came that was told to end: which labs, and which of their acts, were done. */

import type { LabHeader, RunEvent } from '../domain/event.ts'
import { doneInWords, leftInWords, notDoneInWords } from '../words/interrupted.en.ts'
import type { RunEnd } from './end-text.ts'
import { labInWords } from './end-text.ts'
import type { Layout } from './layout.ts'

type Came = { lab: LabHeader; acts: number; act: number; done: number[] }

export class Extent {
  #labs: Came[] = []
  #now: Came | undefined
  #isInterrupted = false

  /** Whether the run has been told to end: what comes now only closes what had begun. */
  get isInterrupted(): boolean {
    return this.#isInterrupted
  }

  hear(event: RunEvent): void {
    if (event.type === 'run-start') this.#labs = event.labs.map((lab) => ({ lab, acts: 0, act: 0, done: [] }))
    else if (event.type === 'interrupted') this.#isInterrupted = true
    else if (event.type === 'lab-start') {
      const { id, round } = event.lab
      this.#now = this.#labs.find(({ lab }) => lab.id === id && lab.round === round)
    } else if (event.type === 'act-start' && this.#now) {
      Object.assign(this.#now, { acts: event.act.of, act: event.act.number })
    } else if (event.type === 'act-end' && event.evidence.problem === null) this.#now?.done.push(this.#now.act)
  }

  /** What was done, what was not, and that nothing is left. */
  text({ paragraph }: Layout, { stillRunning }: RunEnd): string {
    const parts = this.#labs.map(({ lab, acts, done }) => {
      const open = Array.from({ length: acts }, (_, index) => index + 1).filter((act) => !done.includes(act))
      return { lab: labInWords(lab), done, open }
    })
    const [done, open] = (['done', 'open'] as const).map((which) =>
      parts.flatMap((part) => {
        const other = which === 'done' ? part.open : part.done
        const isNone = part[which].length === 0 && (which === 'done' || other.length > 0)
        return isNone ? [] : [{ lab: part.lab, acts: part[which], isWhole: other.length === 0 }]
      }),
    )
    return [doneInWords(done ?? []), notDoneInWords(open ?? []), leftInWords(stillRunning)]
      .map((sentence) => paragraph(sentence, ''))
      .join('')
  }
}
