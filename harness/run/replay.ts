/** Tells a saved run again: the same events, from the evidence alone, without a socket or a process. */

import type { RunEvent } from '../domain/event.ts'
import type { SavedRun } from '../domain/evidence.ts'
import { unseenAct } from '../domain/evidence.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { TheoryRow } from '../domain/theory.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { countVerdicts } from '../domain/verdict.ts'
import { judgeActs } from '../theories/judge.ts'
import { tabulate } from '../theories/tabulate.ts'
import { countChecks, startAct, tellAct, tellLabEnd } from './tell.ts'

export async function* replay(saved: SavedRun, load: (lab: string) => Promise<LoadedLab>): AsyncGenerator<RunEvent> {
  const { host, startedAt } = saved
  const loaded = await Promise.all(saved.labs.map(({ lab }) => load(lab)))
  const rounds = (id: string) => saved.labs.filter(({ lab }) => lab === id).length
  const headers = saved.labs.map(({ lab, round }, index) => {
    const { title = lab, summary = '' } = loaded[index]?.narration ?? {}
    return { id: lab, title, summary, round, rounds: rounds(lab) }
  })
  yield { type: 'run-start', host, startedAt, labs: headers, checks: countChecks(loaded), replayed: true }
  const results: CheckResult[] = []
  const judged: TheoryRow[] = []
  for (const [index, header] of headers.entries()) {
    const lab = loaded[index]
    const evidence = saved.labs[index]
    if (!lab || !evidence) continue
    const events: RunEvent[] = [{ type: 'lab-start', lab: header }]
    const emit = (event: RunEvent) => void events.push(event)
    const told: CheckResult[] = []
    for (const name of Object.keys(lab.lab.acts)) {
      // An act that the file does not have is inconclusive: nobody looked.
      const act =
        evidence.acts.find((one) => one.act === name) ?? unseenAct(name, 'the saved evidence does not contain this act')
      emit({ type: 'act-start', act: startAct(lab, name, act.port, act.notes, act.network) })
      for (const step of act.steps) emit({ type: 'step', lab: lab.id, step })
      told.push(...tellAct(lab, act, host, {}, emit))
    }
    const theories = judgeActs(evidence.acts, host)
    tellLabEnd(lab, header, told, theories, evidence.durationMs, emit)
    judged.push({ lab: lab.id, results: theories })
    results.push(...told)
    yield* events
  }
  if (saved.machine) yield { type: 'machine', machine: saved.machine }
  // A file of version 1 does not have it.
  const durationMs = saved.durationMs || saved.labs.reduce((sum, lab) => sum + lab.durationMs, 0)
  const counts = countVerdicts(results)
  yield { type: 'run-end', host, counts, theories: tabulate(judged), durationMs, interruptedBy: null }
}
