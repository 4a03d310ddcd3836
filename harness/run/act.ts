/** Performs one act: its capabilities, its stage, its time limit, and its clean end. */

import type { Progress } from '../domain/event.ts'
import type { ActEvidence, HostFacts, Step } from '../domain/evidence.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { AnyAct, Capability } from '../domain/lab.ts'
import { probe } from '../host/capabilities.ts'
import type { CastOptions } from './cast.ts'
import { Cast } from './cast.ts'
import { Recorder } from './recorder.ts'
import { strangersOnPort } from './rows.ts'
import { createStage, unexpectedEnd } from './stage.ts'
import type { StageContext } from './stage-context.ts'
import { settle } from './stand-in-end.ts'

export type ActOptions = Omit<CastOptions, 'signal'> & {
  act: string
  port: number
  host: Pick<HostFacts, 'ephemeralRange'>
  notes: string[]
  /** Whether the person asked for the long form. */
  full: boolean
  /** `own`: this process is in a network of its own. */
  network?: 'own'
  /** Leases one more port for this act. */
  leaseAnother: () => Promise<number>
  onProgress: (progress: Progress) => void
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

/** Capabilities that only some checks of the act need, and this machine lacks. */
async function whatIsLacking(act: AnyAct): Promise<{ asked: Set<Capability>; lacking: Record<string, string> }> {
  const asked = new Set(Object.values(act.checks).flatMap(({ requires = [] }) => requires))
  const probed = await Promise.all([...asked].map((capability) => probe(capability)))
  return {
    asked,
    lacking: Object.fromEntries(probed.flatMap(({ capability, why }) => (why === null ? [] : [[capability, why]]))),
  }
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
  const base = { act, port, notes, steps: recorder.steps, skipped: null, lacking: {} }
  try {
    signal.throwIfAborted()
    const { asked, lacking } = await whatIsLacking(declared)
    base.lacking = lacking
    const ports = [port]
    const context: StageContext = {
      port,
      ports,
      ephemeralRange: options.host.ephemeralRange,
      full: declared.longForm === true ? options.full : null,
      network: options.network,
      lacks: (capability) => (asked.has(capability) ? capability in lacking : undefined),
      leaseAnother: options.leaseAnother,
      onProgress: options.onProgress,
      cast,
      limits,
      recorder,
      signal,
    }
    const evidence = await untilAborted(declared.experiment(createStage(context)), recorder, signal)
    await settle(context)
    recorder.close()
    // In a network of its own there are none.
    for (const used of options.network === 'own' ? [] : ports) {
      const strangers = await strangersOnPort(used, { cast })
      if (strangers.length > 0) throw new StrangerOnPort(`a program outside this lab holds port ${used}`)
    }
    const unexpected = unexpectedEnd(cast.members)
    if (unexpected) throw unexpected
    return {
      ...base,
      ends: cast.endsSince(recorder.startedAt),
      ...withFindings(cast),
      evidence,
      sources: recorder.sourcesOf(evidence),
      problem: null,
      durationMs: recorder.nowMs,
    }
  } catch (error) {
    recorder.close()
    if (error instanceof StrangerOnPort && !options.signal.aborted) throw error
    const problem = describe(error)
    return { ...base, ...withFindings(cast), evidence: null, sources: {}, problem, durationMs: recorder.nowMs }
  } finally {
    clearTimeout(timer)
    await cast.endAll()
  }
}

function withFindings({ findings }: Cast): Pick<ActEvidence, 'findings'> {
  return findings.length > 0 ? { findings: [...findings] } : {}
}

/** For a step to say what it was waiting for when the time was up. */
const LAST_WORDS_MS = 50

/** An experiment may wait for something that never comes; it loses at the limit even if it does not listen for it. */
async function untilAborted<T>(work: Promise<T>, recorder: Recorder, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const give = () => {
      const { reason } = signal
      recorder.close()
      const where = `nothing more came of the experiment after step ${recorder.steps.length}`
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
