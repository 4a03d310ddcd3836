/**
 * Has the programs of one submission stand in, act after act, by a process of the grader in a network of its own. What is
 * handed in cannot reach this process, and the verdicts are formed here.
 */

import { unseenAct } from '../domain/evidence.ts'
import type { SandboxFacts } from '../domain/graded.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Role } from '../domain/role.ts'
import { killMarked } from '../process/marker.ts'
import type { FoundSandbox } from '../process/sandbox.ts'
import { waitFor } from '../process/wait.ts'
import type { Limits } from '../run/limits.ts'
import type { ActToPerform, FromExaminer, HandedIn, Printed, ToExaminer } from './examine-messages.ts'
import type { Examiner, Examiners } from './examiners.ts'
import type { Performance } from './performances.ts'
import { removeStage } from './stage-place.ts'

/** More than all acts of a submission can take whose every step waits to its limit. */
const MOST_ACT_MS = 120_000

export type ExamineOptions = {
  examiners: Examiners
  /** How many submissions nobody has begun with: for one of them the next examiner is started ahead. */
  toCome?: () => number
  folder: string
  labs: string
  roles: Readonly<Record<string, Role>>
  programs: Readonly<Record<string, HandedIn>>
  acts: readonly ActToPerform[]
  limits: Limits
  requireSandbox: boolean
  /** Keeps from one submission to the next what sandbox there is here. */
  known: { sandbox: FoundSandbox | null }
  signal: AbortSignal
  /** Called with what there is so far, after each act. */
  onPart: (part: Examination) => void
}

export type PerformedAct = Performance & { lab: string }

export type Examination = {
  sandbox: SandboxFacts | null
  /** Why the folder was not taken, or null. */
  refused: string | null
  /** By role: why its build failed. */
  unbuilt: Map<string, string>
  performed: PerformedAct[]
  printed: Printed[]
  /** What the grader could not do, or null. */
  problem: string | null
}

/** Never rejects for what a program does. */
export async function examine(options: ExamineOptions): Promise<Examination> {
  const { examiners, limits, acts, folder, labs, roles, programs, requireSandbox, known, toCome = () => 0 } = options
  const examination = emptyExamination()
  if (acts.length === 0) return examination
  let taken: Examiner | null = null
  try {
    const examiner = await examiners.take()
    if ('why' in examiner) return { ...examination, problem: examiner.why }
    taken = examiner
    const { marker, stage } = examiner
    const ids = [...new Set(acts.map(({ lab }) => lab))]
    // Without a sandbox this submission could reach it.
    if (known.sandbox !== null) examiners.prepare({ labs, ids }, toCome())
    const { slowestStartMs } = limits
    const bounds = { slowestStartMs, requireSandbox, sandbox: known.sandbox }
    const task = { runId: marker, folder, stage, labs, roles, programs, acts, ...bounds }
    await talk(examiner, { tell: 'examine', ...task }, { ...options, examination })
  } catch (error) {
    examination.problem = error instanceof Error ? error.message : String(error)
  } finally {
    if (taken) {
      killMarked(taken.marker)
      removeStage(taken.stage)
    }
  }
  if (examination.problem !== null) addUnseen(examination, acts, examination.problem)
  return examination
}

/** The acts come in their order, each once with all its programs. Those that did not come stand there as not seen. */
function addUnseen({ performed }: Examination, acts: readonly ActToPerform[], problem: string): void {
  const seen = performed.filter(({ isAlone }) => !isAlone).length
  for (const { lab, act, roles } of acts.slice(seen)) {
    performed.push({ lab, roles: [...roles], isAlone: false, evidence: unseenAct(act, problem) })
  }
}

export function emptyExamination(): Examination {
  const nothing = { sandbox: null, refused: null, performed: [], printed: [], problem: null }
  return { ...nothing, unbuilt: new Map() }
}

async function talk(
  { child, gone }: Examiner,
  task: ToExaminer & { tell: 'examine' },
  { examination, limits, known, signal, onPart }: ExamineOptions & { examination: Examination },
): Promise<void> {
  let isOver = false
  let look = () => {}
  child.on('message', (message: FromExaminer) => {
    isOver = hear(message, examination, { limits, known }) || isOver
    if (message.say === 'performed') onPart(examination)
    look()
  })
  void gone.then((how) => {
    if (!isOver) examination.problem ??= `the process that was to examine the programs has gone: ${how}`
    isOver = true
    look()
  })
  const stop = () => child.send({ tell: 'stop', why: (signal.reason as Error).message } satisfies ToExaminer, () => {})
  signal.addEventListener('abort', stop)
  child.send(task, () => {})
  if (signal.aborted) stop()
  try {
    await waitFor(() => isOver || undefined, {
      limitMs: MOST_ACT_MS * task.acts.length * limits.scale,
      signal: new AbortController().signal,
      what: 'the programs to be examined',
      onChange: (again) => {
        look = again
        return () => {}
      },
    })
    if (child.connected) child.disconnect()
    await gone
  } finally {
    signal.removeEventListener('abort', stop)
  }
  if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : new Inconclusive('interrupted')
}

/** Takes in what was said; whether it was the last word. */
function hear(
  message: FromExaminer,
  examination: Examination,
  { limits, known }: Pick<ExamineOptions, 'limits' | 'known'>,
): boolean {
  switch (message.say) {
    case 'sandbox':
      examination.sandbox = message.facts
      known.sandbox = message.found
      return false
    case 'refused':
      examination.refused = message.why
      return false
    case 'unbuilt':
      examination.unbuilt.set(message.role, message.why)
      return false
    case 'performed':
      examination.performed.push(message)
      examination.printed.push(...message.printed)
      return false
    case 'examined':
      examination.problem = message.problem
      limits.learnStart(message.slowestStartMs)
      return true
  }
}
