/** Grades one submission: reads it, has its programs stand in, and puts the items together. */

import { randomInt } from 'node:crypto'
import { basename, resolve } from 'node:path'

import type { HostFacts } from '../domain/evidence.ts'
import type { GradedItem, GradedSubmission, SandboxFacts } from '../domain/graded.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Roles } from '../domain/role.ts'
import type { FoundSandbox } from '../process/sandbox.ts'
import type { Limits } from '../run/limits.ts'
import { gradingWords as words } from '../words/findings.en.ts'
import type { Examination } from './examine.ts'
import { emptyExamination, examine } from './examine.ts'
import type { ActToPerform } from './examine-messages.ts'
import type { Examiners } from './examiners.ts'
import { withExplanations } from './explanations.ts'
import { asItem } from './item.ts'
import type { PlannedItem } from './plan.ts'
import { gradePrediction } from './prediction-items.ts'
import { gradeProgram } from './program-items.ts'
import type { Reference } from './reference.ts'
import { applyRests } from './rests.ts'
import type { Submission } from './submission.ts'
import { readSubmission } from './submission.ts'

export type Grading = {
  examiners: Examiners
  /** How many submissions nobody has begun with. */
  toCome?: () => number
  /** Every lab that there is: a submission may speak of labs that are not graded. */
  everyLab: readonly LoadedLab[]
  labsFolder: string
  roles: Roles
  plan: readonly PlannedItem[]
  reference: Reference
  host: HostFacts
  limits: Limits
  requireSandbox: boolean
  /** Keeps from one submission to the next what sandbox there is here. */
  known: { sandbox: FoundSandbox | null }
  /** How often each act is performed with the handed-in programs. */
  rounds: number
  signal: AbortSignal
}

export type GradedWith = { graded: GradedSubmission; sandbox: SandboxFacts | null }

/** @param onPart is told what there is so far, after each act. */
export async function gradeSubmission(
  folder: string,
  grading: Grading,
  onPart: (part: GradedSubmission) => void = () => {},
): Promise<GradedWith> {
  const since = performance.now()
  const name = basename(resolve(folder))
  const read = await readSubmission(folder, { labs: grading.everyLab, roles: grading.roles })
  if ('problem' in read) {
    const durationMs = Math.round(performance.now() - since)
    return { graded: unread(name, read.problem, grading.plan, durationMs), sandbox: null }
  }
  const { submission } = read
  const sheet = (examination: Examination, finished: boolean): GradedSubmission => {
    const items = itemsOf(submission, examination, grading)
    const { author, notes } = submission
    const durationMs = Math.round(performance.now() - since)
    const printed = mergePrinted(examination)
    return { ...summed(name, items), author, problem: null, notes: [...notes], printed, finished, durationMs }
  }
  onPart(sheet(emptyExamination(), false))
  const examination = await examine({
    ...grading,
    folder,
    labs: grading.labsFolder,
    programs: submission.programs,
    acts: actsFor(submission, grading),
    onPart: (part) => onPart(sheet(part, false)),
  })
  return { graded: sheet(examination, true), sandbox: examination.sandbox }
}

function itemsOf(submission: Submission, examination: Examination, grading: Grading): GradedItem[] {
  const { plan, reference, host, everyLab } = grading
  const labs = new Map(everyLab.map((lab) => [lab.id, lab]))
  const setting = { labs, host, submission, examination, reference }
  const whyExpected = ({ lab, act, check }: PlannedItem, outcome: string) =>
    labs.get(lab)?.narration.acts[act]?.checks[check]?.outcomes[outcome]?.expectedBecause ?? null
  const items = plan.map((planned) => {
    if (planned.part === 'program') return gradeProgram(planned, setting)
    const predicted = submission.predictions[planned.lab]?.[planned.check] ?? null
    return gradePrediction(planned, predicted, { reference, whyExpected })
  })
  return withExplanations(applyRests(items, plan), submission)
}

/** Nothing of it could be read: it has none of the points that there are to have. */
function unread(name: string, problem: string, plan: readonly PlannedItem[], durationMs: number): GradedSubmission {
  const items = plan.map((planned): GradedItem => {
    const { maxPoints } = planned
    return { ...asItem(planned), verdict: 'fail', maxPoints, why: words.unreadable(problem) }
  })
  const told = { author: null, problem, notes: [], printed: [], finished: true, durationMs }
  return { ...summed(name, items), ...told }
}

function summed(name: string, items: GradedItem[]): Pick<GradedSubmission, 'name' | 'items' | 'points' | 'maxPoints'> {
  const sum = (of: (item: GradedItem) => number) => items.reduce((total, item) => total + of(item), 0)
  return { name, items, points: sum(({ points }) => points), maxPoints: sum(({ maxPoints }) => maxPoints) }
}

/** Below the ports that systems give to clients, and above those that need a right. */
const LOWEST_PORT = 11_000
const PORTS = 18_000
/** An act may take a few more numbers after its own. */
const PORTS_APART = 37

/** Acts in which a handed-in program has a role that gives points, as often as they are to be performed. */
function actsFor({ programs }: Submission, { plan, everyLab, rounds }: Grading): ActToPerform[] {
  const graded = plan.filter(({ part, roles }) => part === 'program' && roles.some((role) => programs[role]))
  const wanted = new Set(graded.map(({ lab, act }) => `${lab} ${act}`))
  const once = everyLab.flatMap(({ id, lab }) =>
    Object.keys(lab.acts).flatMap((act) => {
      const roles = Object.keys(lab.roles ?? {}).filter((role) => lab.roles?.[role]?.includes(act) === true)
      return wanted.has(`${id} ${act}`) ? [{ lab: id, act, roles }] : []
    }),
  )
  const all = Array.from({ length: rounds }, () => once).flat()
  // Other ports each time: a program that has a number of its own in it is to be found out.
  const first = randomInt(PORTS)
  return all.map((act, index) => ({ ...act, port: LOWEST_PORT + ((first + index * PORTS_APART) % PORTS) }))
}

const MOST_PRINTED = 4000

/** What a role printed in all its acts, from the first on. */
function mergePrinted({ printed }: Examination): GradedSubmission['printed'] {
  return [...Map.groupBy(printed, ({ role }) => role)].map(([role, parts]) => {
    const text = parts.map((part) => part.text).join('')
    return { role, text: text.slice(0, MOST_PRINTED), cut: text.length > MOST_PRINTED || parts.some(({ cut }) => cut) }
  })
}
