/** Performs one act: its capabilities, its stage, its time limit, and its clean end. */

import type { ActEvidence, HostFacts, Step } from '../domain/evidence.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { AnyAct } from '../domain/lab.ts'
import { probe } from '../host/capabilities.ts'
import type { CastOptions } from './cast.ts'
import { Cast } from './cast.ts'
import { Recorder } from './recorder.ts'
import { strangersOnPort } from './rows.ts'
import { createStage, unexpectedEnd } from './stage.ts'

export type ActOptions = Omit<CastOptions, 'signal'> & {
  act: string
  port: number
  host: Pick<HostFacts, 'ephemeralRange'>
  notes: string[]
  signal: AbortSignal
  onStep: (step: Step) => void
}

/** The reason for a skip, or null: asked before anything is started. */
export async function whySkipped(act: AnyAct): Promise<string | null> {
  for (const capability of act.requires ?? []) {
    const { why } = await probe(capability)
    if (why !== null) return `${capability}: ${why}`
  }
  return null
}

/** @throws StrangerOnPort when another program of the machine came between: run the act again on another port. */
export async function performAct(declared: AnyAct, options: ActOptions): Promise<ActEvidence> {
  const { act, port, notes, onStep, limits } = options
  const recorder = new Recorder(onStep)
  const timeUp = new AbortController()
  const timer = setTimeout(
    () => timeUp.abort(new Inconclusive(`the act took longer than ${Math.round(limits.actMs / 1000)} s`)),
    limits.actMs,
  )
  const signal = AbortSignal.any([options.signal, timeUp.signal])
  const cast = new Cast({ ...options, signal })
  const base = { act, port, notes, steps: recorder.steps, skipped: null }
  try {
    signal.throwIfAborted()
    const stage = createStage({ port, ephemeralRange: options.host.ephemeralRange, cast, limits, recorder, signal })
    const evidence = await untilAborted(declared.experiment(stage), recorder, signal)
    const strangers = await strangersOnPort(port, cast)
    if (strangers.length > 0) throw new StrangerOnPort(`a program outside this lab holds port ${port}`)
    const unexpected = unexpectedEnd(cast.members)
    if (unexpected) throw unexpected
    return { ...base, evidence, sources: recorder.sourcesOf(evidence), problem: null, durationMs: recorder.nowMs }
  } catch (error) {
    if (error instanceof StrangerOnPort && !options.signal.aborted) throw error
    return { ...base, evidence: null, sources: {}, problem: describe(error), durationMs: recorder.nowMs }
  } finally {
    clearTimeout(timer)
    await cast.endAll()
  }
}

/** For a step to say what it was waiting for when the time was up. */
const LAST_WORDS_MS = 50

/** An experiment may wait for something that never comes; it loses at the limit even if it does not listen for it. */
async function untilAborted<T>(work: Promise<T>, { steps }: Recorder, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const give = () => {
      const { reason } = signal
      const where = `nothing more came of the experiment after step ${steps.length}`
      reject(reason instanceof Inconclusive ? new Inconclusive(`${reason.message}; ${where}`) : (reason as Error))
    }
    signal.addEventListener('abort', () => setTimeout(give, LAST_WORDS_MS), { once: true })
  })
  aborted.catch(() => {})
  return await Promise.race([work, aborted])
}

/** What is known and expected is told in a sentence; anything else is a defect, and its place in the code helps. */
function describe(error: unknown): string {
  if (error instanceof Inconclusive) return error.message
  if (error instanceof Error) {
    const lines = (error.stack ?? error.message).split('\n').slice(0, 3)
    return lines.map((line) => line.trim()).join(' ')
  }
  return String(error)
}
