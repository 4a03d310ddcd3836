/**
 * A process of the grader, started in a network of its own for one submission: it performs the acts of labs with the
 * handed-in programs in the places of the labs' own, and tells what was seen. It ends with its channel.
 */

import { loadLab } from '../catalog/load.ts'
import { execa } from '../command/execa.ts'
import { runTool } from '../command/tool.ts'
import type { ActEvidence } from '../domain/evidence.ts'
import { unseenAct } from '../domain/evidence.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { readHostFacts } from '../host/facts.ts'
import type { ActOptions } from '../run/act.ts'
import { performAct, whySkipped } from '../run/act.ts'
import { NO_FAULT } from '../run/cast.ts'
import { Limits } from '../run/limits.ts'
import type { ActToPerform, FromExaminer, ToExaminer } from './examine-messages.ts'
import { Performances } from './performances.ts'
import { Programs } from './programs.ts'
import { stageFolder } from './stage-folder.ts'

void execa()

type Task = ToExaminer & { tell: 'examine' }

const stopping = new AbortController()
let isAtWork = false

process.on('message', (message: ToExaminer) => {
  if (message.tell === 'stop') stopping.abort(new Inconclusive(message.why))
  else if (message.tell === 'prepare') prepare(message)
  else void examine(message)
})
process.on('disconnect', () => {
  stopping.abort(new Inconclusive('the grader has ended'))
  if (!isAtWork) process.exit()
})
for (const event of ['unhandledRejection', 'uncaughtException']) {
  process.on(event, (error: unknown) => {
    stopping.abort(new Inconclusive(`an error that nobody caught: ${String(error)}`))
  })
}

function say(message: FromExaminer, onSaid = () => {}): void {
  if (process.connected) process.send?.(message, onSaid)
}

const loaded = new Map<string, Promise<LoadedLab>>()

function load(id: string, labs: string): Promise<LoadedLab> {
  const lab = loaded.get(id) ?? loadLab(id, labs)
  loaded.set(id, lab)
  return lab
}

let mounted: Promise<void> | undefined

/** What fails here is told when it is needed. */
function prepare({ stage, labs, ids }: ToExaminer & { tell: 'prepare' }): void {
  mounted = mountStage(stage)
  mounted.catch(() => {})
  for (const id of ids)
    load(id, labs)
      .then(probeFor)
      .catch(() => {})
}

/** Finds out ahead what the acts with roles need: that is known from then on. */
async function probeFor({ lab }: LoadedLab): Promise<void> {
  const acts = new Set(Object.values(lab.roles ?? {}).flat())
  for (const [name, act] of Object.entries(lab.acts)) if (acts.has(name)) await whySkipped(act).catch(() => null)
}

async function examine(task: Task): Promise<void> {
  isAtWork = true
  // Each step with a handed-in program is bounded, and may take its time: the bound of an act is for the grader itself.
  const limits = new Limits({ labMs: undefined, ownStartMs: task.slowestStartMs, full: true })
  let problem: string | null = null
  try {
    await performAll(task, limits)
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  say({ say: 'examined', problem, slowestStartMs: limits.slowestStartMs }, () => process.exit())
  if (!process.connected) process.exit()
}

async function performAll(task: Task, limits: Limits): Promise<void> {
  await (mounted ?? mountStage(task.stage))
  const why = stageFolder(task.folder, task.stage)
  if (why !== null) return say({ say: 'refused', why })
  const programs = await Programs.prepare(task, { limits, signal: stopping.signal })
  say({ say: 'sandbox', facts: programs.sandbox, found: programs.found })
  for (const { role, why } of await programs.build()) say({ say: 'unbuilt', role, why })
  const performances = new Performances(programs.understudies, async (act, roles) =>
    perform(await load(act.lab, task.labs), act, { understudies: programs.of(roles), runId: task.runId, limits }),
  )
  for (const act of task.acts) {
    for (const performance of await performances.of(act)) {
      say({ say: 'performed', lab: act.lab, ...performance, printed: programs.takePrinted() })
    }
  }
}

/** A file system of its own size, which goes with this process: a build cannot fill the machine's. */
async function mountStage(stage: string): Promise<void> {
  const mounted = await runTool('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=777,nodev,nosuid', 'tmpfs', stage])
  if (mounted.outcome !== 'ran' || mounted.exitCode !== 0) {
    throw new Inconclusive('no file system of its own could be mounted for the copy of what was handed in')
  }
}

async function perform(
  { lab, programFile }: LoadedLab,
  { act: name, port }: ActToPerform,
  { understudies, runId, limits }: Required<Pick<ActOptions, 'understudies' | 'runId' | 'limits'>>,
): Promise<ActEvidence> {
  const act = lab.acts[name]
  if (!act) return unseenAct(name, `there is no act ${name}`)
  const skipped = await whySkipped(act)
  if (skipped !== null) return { ...unseenAct(name, ''), skipped, problem: null }
  let last = port
  try {
    return await performAct(act, {
      act: name,
      port,
      notes: [],
      runId,
      fault: NO_FAULT,
      understudies,
      full: false,
      network: 'own',
      limits,
      host: readHostFacts(),
      programFile,
      signal: stopping.signal,
      leaseAnother: () => Promise.resolve((last += 1)),
      onStep: () => {},
      onProgress: () => {},
    })
  } catch (error) {
    if (!(error instanceof StrangerOnPort)) throw error
    return unseenAct(name, error.message)
  }
}
