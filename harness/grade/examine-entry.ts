/**
 * A process of the grader, started in a network of its own for one submission: it performs the acts of labs with the
 * handed-in programs in the places of the labs' own, and tells what was seen. It ends with its channel.
 */

import { loadLab } from '../catalog/load.ts'
import { execa } from '../command/execa.ts'
import { runTool } from '../command/tool.ts'
import type { LabEvidence } from '../domain/evidence.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { readHostFacts } from '../host/facts.ts'
import { performAct, whySkipped } from '../run/act.ts'
import { NO_FAULT } from '../run/cast.ts'
import { Limits } from '../run/limits.ts'
import { unseenAct } from '../domain/evidence.ts'
import type { FindingKind } from '../domain/role.ts'
import { TOO_MUCH } from '../domain/role.ts'
import { gradingWords } from '../words/findings.en.ts'
import type { ActToPerform, FromExaminer, ToExaminer } from './examine-messages.ts'
import { Programs } from './programs.ts'
import { stageFolder } from './stage-folder.ts'

void execa()

type Task = ToExaminer & { tell: 'examine' }

/** What the start of a program comes to that has its socket or its connection. */
const READY: readonly string[] = ['listening', 'bound', 'connected']

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
  // In each lab anew: what is said of a role there rests on what was seen there.
  const silent = new Set<string>()
  // One that took too much is started no more: it has lost what it has a part in.
  const greedy = new Set<string>()
  const inLab = (lab: string, role: string) => `${lab} ${role}`
  for (const act of task.acts) {
    const lab = await load(act.lab, task.labs)
    // For a program that is not there, or was never seen with its socket, the lab's own does it: the others are judged
    // all the same. Without any of them there is nobody to judge.
    const isFit = (role: string) => !silent.has(inLab(act.lab, role)) && !greedy.has(role)
    const roles = act.roles.filter((role) => programs.understudies.has(role) && isFit(role))
    if (roles.length === 0) {
      // A round that is not performed is one in which nothing was right.
      const evidence = unseenAct(act.act, gradingWords.notPerformed)
      say({ say: 'performed', lab: act.lab, roles, isAlone: false, evidence, printed: [] })
      continue
    }
    const stage = { task, limits, programs }
    const evidence = await perform(lab, act, roles, stage)
    const lacking = neverReady(evidence, roles)
    const alone = await performAlone({ lab, act, among: roles, lacking }, evidence, stage)
    const wasInTheWay = (role: string) => neverReady(alone.get(role) ?? evidence, [role]).length === 0
    for (const role of lacking) if (!wasInTheWay(role)) silent.add(inLab(act.lab, role))
    const findings = evidence.findings?.filter(({ role }) => !lacking.includes(role) || !alone.has(role))
    const judged = { ...evidence, ...(findings && { findings }) }
    for (const one of [judged, ...alone.values()]) {
      for (const { kind, role } of one.findings ?? []) if (TOO_MUCH.includes(kind)) greedy.add(role)
    }
    say({ say: 'performed', lab: act.lab, roles, isAlone: false, evidence: judged, printed: programs.takePrinted() })
    for (const [role, one] of alone) {
      say({ say: 'performed', lab: act.lab, roles: [role], isAlone: true, evidence: one, printed: [] })
    }
  }
}

/** Away from connections in TIME-WAIT that are left on the act's own port. */
const NEXT_PORT = 18

/** What no other program can be the cause of. */
const OF_ITS_OWN: readonly FindingKind[] = ['does-not-listen', 'only-prints', 'cannot-be-started', ...TOO_MUCH]

type Stage = { task: Task; limits: Limits; programs: Programs }

/**
 * A program that got no socket may have been kept from it by another handed-in one, which has the port or had it just
 * now. Among the lab's own programs nobody is in its way: what is found of it there counts.
 */
async function performAlone(
  { lab, act, among, lacking }: { lab: LoadedLab; act: ActToPerform; among: string[]; lacking: string[] },
  { steps, findings = [] }: LabEvidence['acts'][number],
  stage: Stage,
): Promise<Map<string, LabEvidence['acts'][number]>> {
  const found = new Map<string, LabEvidence['acts'][number]>()
  const first = steps.find((step) => step.kind === 'start' && among.includes(step.program))
  for (const role of lacking) {
    if (first?.kind === 'start' && first.program === role) continue
    if (findings.some((one) => one.role === role && OF_ITS_OWN.includes(one.kind))) continue
    const again = await perform(lab, { ...act, port: act.port + NEXT_PORT }, [role], stage)
    // What the grader could not do says nothing.
    if (again.problem === null) found.set(role, again)
  }
  return found
}

/** A file system of its own size, which goes with this process: a build cannot fill the machine's. */
async function mountStage(stage: string): Promise<void> {
  const mounted = await runTool('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=777,nodev,nosuid', 'tmpfs', stage])
  if (mounted.outcome !== 'ran' || mounted.exitCode !== 0) {
    throw new Inconclusive('no file system of its own could be mounted for the copy of what was handed in')
  }
}

async function perform(
  { lab, programFile: file }: LoadedLab,
  { act: name, port }: ActToPerform,
  roles: readonly string[],
  { task, limits, programs }: Stage,
): Promise<LabEvidence['acts'][number]> {
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
      runId: task.runId,
      fault: NO_FAULT,
      understudies: programs.of(roles),
      full: false,
      network: 'own',
      limits,
      host: readHostFacts(),
      programFile: file,
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

/** Roles that were started in the act and were never seen with the socket, or the connection, that they were to have. */
function neverReady({ steps }: LabEvidence['acts'][number], roles: readonly string[]): string[] {
  return roles.filter((role) => {
    const starts = steps.flatMap((step) => (step.kind === 'start' && step.program === role ? [step.saw.outcome] : []))
    return starts.length > 0 && !starts.some((outcome) => READY.includes(outcome))
  })
}
