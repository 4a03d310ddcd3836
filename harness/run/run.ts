/** Runs labs side by side and yields their events in the order of the labs. Prints nothing. */

import { existsSync } from 'node:fs'

import { execa } from '../command/execa.ts'
import { OWN_START_MS } from '../command/patience.ts'
import type { LabHeader, RunEvent } from '../domain/event.ts'
import type { HostFacts, LabEvidence, SavedAnswer, SavedRun } from '../domain/evidence.ts'
import { SAVED_FORMAT, SAVED_VERSION } from '../domain/evidence.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Machine } from '../domain/machine.ts'
import type { TheoryRow } from '../domain/theory.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { countVerdicts } from '../domain/verdict.ts'
import { readHostFacts } from '../host/facts.ts'
import { postGuardian } from '../process/guardian.ts'
import { findMarked, killMarked, newMarker } from '../process/marker.ts'
import type { Fault } from './cast.ts'
import { NO_FAULT } from './cast.ts'
import { tabulate } from '../theories/tabulate.ts'
import { Channel } from './channel.ts'
import { runLab } from './lab.ts'
import { savedAnswer } from './saved-answer.ts'
import { Limits } from './limits.ts'
import { NetworkProcesses } from './network-processes.ts'
import type { Predict } from './tell.ts'
import { countChecks, headersFor } from './tell.ts'

export type RunOptions = {
  jobs: number
  rounds: number
  /** The bound for one lab, in milliseconds; without it the harness chooses one for this machine. */
  labMs?: number | undefined
  port?: number | null
  full?: boolean
  predict?: Predict | undefined
  fault?: Fault
  /** Reads the machine for a file that keeps it. Called when the labs are done: it starts tools of its own. */
  readMachine?: (() => Promise<Machine>) | undefined
  /** Aborted by a signal to the harness; the reason names it. */
  signal: AbortSignal
}

type Job = { loaded: LoadedLab; header: LabHeader; channel: Channel<RunEvent> }

/** Yields the events of a whole run; returns what `--save` writes. */
export async function* run(labs: readonly LoadedLab[], options: RunOptions): AsyncGenerator<RunEvent, SavedRun> {
  // Loading execa takes as long as starting a program: it begins now and overlaps with the rest.
  void execa()
  const host = readHostFacts()
  const startedAt = new Date().toISOString()
  const since = performance.now()
  const headers = headersFor(labs, options.rounds)
  yield {
    type: 'run-start',
    host,
    startedAt,
    labs: headers,
    checks: countChecks(labs) * options.rounds,
    replayed: false,
  }

  const runId = newMarker()
  const guardian = postGuardian(runId)
  const limits = new Limits({ labMs: options.labMs, ownStartMs: OWN_START_MS, full: options.full ?? false })
  const jobs = headers.map((header) => {
    const loaded = labs.find(({ id }) => id === header.id) as LoadedLab
    return { loaded, header, channel: new Channel<RunEvent>() }
  })
  // A reader may go away (`| head`): then the labs stop as they do at a signal.
  const abandoned = new AbortController()
  const signal = AbortSignal.any([options.signal, abandoned.signal])
  const work = performAll(jobs, { ...options, signal }, { runId, host, limits })
  work.catch(() => {})
  const results: CheckResult[] = []
  const answers: SavedAnswer[] = []
  const judged: TheoryRow[] = []
  let isToldToEnd = false
  try {
    for (const { channel, header } of jobs) {
      for await (const event of channel) {
        const by = whatInterrupted(options.signal)
        if (by !== null && !isToldToEnd) yield { type: 'interrupted', by }
        isToldToEnd = by !== null
        if (event.type === 'check') {
          results.push(event.result)
          answers.push(savedAnswer(event.result, header.round))
        }
        if (event.type === 'lab-end') judged.push({ lab: event.lab.id, results: event.theories })
        yield event
      }
    }
    const saved = await work
    const interruptedBy = whatInterrupted(options.signal)
    const machine = interruptedBy === null ? ((await options.readMachine?.()) ?? null) : null
    if (machine) yield { type: 'machine', machine }
    const durationMs = Math.round(performance.now() - since)
    yield {
      type: 'run-end',
      host,
      counts: countVerdicts(results),
      theories: tabulate(judged),
      durationMs,
      interruptedBy,
      ...(interruptedBy !== null && stillRunning(runId)),
    }
    return { format: SAVED_FORMAT, version: SAVED_VERSION, startedAt, durationMs, host, machine, labs: saved, answers }
  } finally {
    abandoned.abort(new Inconclusive('the run was given up'))
    await work.catch(() => {})
    killMarked(runId)
    guardian.dismiss()
  }
}

/** The signal, or what else told the run to end. */
function whatInterrupted({ aborted, reason }: AbortSignal): string | null {
  return aborted ? (reason as Error).message.replace('interrupted by ', '') : null
}

/** Ends what may be left, and looks whether it is gone: where the system shows the environments of processes. */
function stillRunning(runId: string): { stillRunning?: number[] } {
  killMarked(runId)
  return existsSync('/proc/self/environ') ? { stillRunning: findMarked(runId) } : {}
}

/** Labs side by side, then those that must be alone, one after the other. */
async function performAll(
  jobs: readonly Job[],
  options: RunOptions,
  common: { runId: string; host: HostFacts; limits: Limits },
): Promise<LabEvidence[]> {
  const evidence = new Map<Job, LabEvidence>()
  const networks = new NetworkProcesses(common.runId, options.jobs)
  const perform = async (next: () => Job | undefined) => {
    for (let job = next(); job; job = next()) {
      const { loaded, header, channel } = job
      const context = {
        ...common,
        networks,
        fault: options.fault ?? NO_FAULT,
        port: options.port ?? null,
        full: options.full ?? false,
        predict: options.predict,
        signal: options.signal,
      }
      try {
        evidence.set(job, await runLab(loaded, header, context, (event) => channel.put(event)))
      } finally {
        channel.close()
      }
    }
  }
  const together = jobs.filter(({ loaded }) => !loaded.lab.alone)
  const alone = jobs.filter(({ loaded }) => loaded.lab.alone)
  // One goes through the labs in their order, for there is somebody who reads. The others take first what waits most.
  const ways = Array.from({ length: Math.max(1, options.jobs) }, (_, index) => index === 0)
  try {
    await Promise.all(ways.map((isFirst) => perform(isFirst ? () => together.shift() : () => takeLongest(together))))
    await perform(() => alone.shift())
  } finally {
    await networks.end(common.limits.stepMs)
  }
  return jobs.flatMap((job) => evidence.get(job) ?? [])
}

/** The lab with most acts in a network of their own: there are the scans, the filters, and what is waited for. */
function takeLongest(queue: Job[]): Job | undefined {
  const ownNetworks = ({ loaded }: Job) =>
    Object.values(loaded.lab.acts).filter(({ network }) => network === 'own').length
  const most = Math.max(...queue.map(ownNetworks))
  const [taken] = queue.splice(
    queue.findIndex((job) => ownNetworks(job) === most),
    1,
  )
  return taken
}
