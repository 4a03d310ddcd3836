/** Grades programs: by the acts in which they stood in, and by what was found of them. Pure. */

import type { ActEvidence, HostFacts } from '../domain/evidence.ts'
import type { GradedItem } from '../domain/graded.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Finding, FindingKind } from '../domain/role.ts'
import { TOO_MUCH } from '../domain/role.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { answerAct } from '../run/answer.ts'
import { doubtAbout } from '../run/doubt.ts'
import { findingInWords, gradingWords as words } from '../words/findings.en.ts'
import type { Examination } from './examine.ts'
import { asItem } from './item.ts'
import type { PlannedItem } from './plan.ts'
import { roleItemId } from './plan.ts'
import type { Reference } from './reference.ts'
import type { Submission } from './submission.ts'

type Setting = {
  labs: ReadonlyMap<string, LoadedLab>
  host: Pick<HostFacts, 'os'>
  submission: Submission
  examination: Examination
  reference: Reference
}

export function gradeProgram(planned: PlannedItem, setting: Setting): GradedItem {
  const { submission, examination } = setting
  const item = { ...asItem(planned), maxPoints: planned.maxPoints }
  const missing = planned.roles.find((role) => !submission.programs[role])
  if (missing !== undefined) return failed(item, words.notHandedIn(missing))
  if (examination.refused !== null) return failed(item, words.refused(examination.refused))
  return planned.isRole ? gradeRole(item, setting) : gradeCheck(item, setting)
}

function failed(item: GradedItem, observed: string, why = ''): GradedItem {
  return { ...item, verdict: 'fail', points: 0, observed, why }
}

/** Nobody loses points by what the grader could not do, or the machine cannot ask. */
function unasked(item: GradedItem, verdict: 'skip' | 'inconclusive', why: string): GradedItem {
  return { ...item, verdict, maxPoints: 0, why }
}

const actsOf = ({ performed }: Examination, lab: string) => performed.filter((one) => one.lab === lab)

/** What a program took too much of, in any act of any lab: it was stopped at a moment that chance chose. */
function tooMuchOf({ performed }: Examination, role: string): Finding[] {
  const found = performed.flatMap(({ evidence }) => evidence.findings ?? [])
  return found.filter((one) => one.role === role && TOO_MUCH.includes(one.kind)).slice(0, 1)
}

/** What was found of a role in a lab: what its build said, and what its acts showed. */
function findingsOf({ examination }: Setting, lab: string, role: string): Finding[] {
  const how = examination.unbuilt.get(role)
  const unbuilt: Finding[] = how === undefined ? [] : [{ kind: 'does-not-build', role, facts: { how } }]
  const found = actsOf(examination, lab).flatMap(({ evidence }) => evidence.findings ?? [])
  return [...unbuilt, ...found.filter((one) => one.role === role)].filter(
    ({ kind }, index, all) => all.findIndex((one) => one.kind === kind) === index,
  )
}

/** How often a role's program was seen with the socket, or the connection, that it was to have. */
function startsOf({ examination }: Setting, role: string): number {
  const stoodIn = examination.performed.filter(({ roles }) => roles.includes(role))
  return stoodIn.flatMap(({ evidence }) =>
    evidence.steps.filter(
      (step) =>
        step.kind === 'start' &&
        step.program === role &&
        ['listening', 'bound', 'connected'].includes(step.saw.outcome),
    ),
  ).length
}

function gradeRole(item: GradedItem, setting: Setting): GradedItem {
  const [role = ''] = item.roles
  const { examination } = setting
  const told = { ...item, expected: words.roleExpected }
  const tooMuch = tooMuchOf(examination, role)
  const findings = tooMuch.length > 0 ? tooMuch : findingsOf(setting, item.lab, role)
  const inWords = findings.map(findingInWords)
  if (findings.length > 0) {
    const observed = inWords.map(({ seen }) => seen).join(' ')
    return { ...failed(told, observed, inWords.map(({ why }) => why).join(' ')), findings }
  }
  const starts = startsOf(setting, role)
  const stoodIn = actsOf(examination, item.lab).filter(
    ({ roles, seenAlone = [] }) => roles.includes(role) && !seenAlone.includes(role),
  )
  const evidence = stoodIn.map((one) => one.evidence)
  const problem = evidence.find((one) => one.problem !== null)?.problem ?? examination.problem
  // Where the grader could not see all of it, nothing is said of the whole.
  if (starts > 0 && problem === null)
    return { ...told, verdict: 'pass', points: item.maxPoints, observed: words.roleRight(role, starts) }
  const skipped = evidence.find((one) => one.skipped !== null)?.skipped ?? null
  if (problem === null && skipped !== null) return unasked(told, 'skip', skipped)
  return unasked(told, 'inconclusive', problem ?? words.notPerformed)
}

function gradeCheck(item: GradedItem, setting: Setting): GradedItem {
  const { examination, reference } = setting
  const runs = actsOf(examination, item.lab).filter(({ evidence, isAlone }) => evidence.act === item.act && !isAlone)
  const hasEvidence = runs.some(({ evidence }) => evidence.skipped === null && evidence.problem === null)
  const greedy = item.roles.find((role) => tooMuchOf(examination, role).length > 0)
  if (greedy !== undefined) return restingOn(item, greedy, words.tookTooMuch(greedy))
  const lacking = item.roles.find(
    (role) => startsOf(setting, role) === 0 || !runs.every(({ roles }) => roles.includes(role)),
  )
  if (lacking !== undefined && (hasEvidence || findingsOf(setting, item.lab, lacking).length > 0)) {
    return restingOn(item, lacking, words.noSocket(lacking))
  }
  if (runs.length === 0) return unasked(item, 'inconclusive', examination.problem ?? words.notPerformed)
  const expected = reference.get(`${item.lab}/${item.check}`)
  const graded = runs.map(({ evidence }) => gradeRun(item, evidence, { ...setting, expected }))
  const worst =
    graded.find(({ verdict }) => verdict === 'fail') ??
    graded.find(({ restsOn }) => restsOn !== null) ??
    graded.find(({ verdict }) => verdict !== 'pass')
  const passed = graded.filter(({ verdict }) => verdict === 'pass').length
  if (!worst) return graded[0] as GradedItem
  const isUnsteady = worst.verdict === 'fail' && passed > 0
  return isUnsteady ? { ...worst, why: `${words.unsteady(passed, runs.length)} ${worst.why}`.trim() } : worst
}

function restingOn(item: GradedItem, role: string, why: string): GradedItem {
  return { ...item, verdict: 'skip', points: 0, why, restsOn: roleItemId(item.lab, role) }
}

const NOT_SERVED: readonly FindingKind[] = ['never-accepts', 'resets-the-client', 'ended-early', 'crashed']
const NO_SOCKET: readonly FindingKind[] = [
  'does-not-listen',
  'only-prints',
  'listens-elsewhere',
  'another-protocol',
  'ended-early',
  'crashed',
]

/**
 * A right answer that is no work of the programs'. A client is connected by the kernel, also to a server that accepts
 * nobody. And EADDRINUSE is inferred from a socket that a program did not get: not of one that got none elsewhere.
 */
function whyNotItsWork(
  item: GradedItem,
  evidence: ActEvidence,
  steps: readonly number[],
  setting: Setting,
): GradedItem | null {
  const among = (kinds: readonly FindingKind[], role: string, findings: readonly Finding[]) =>
    findings.some((one) => one.role === role && kinds.includes(one.kind))
  for (const step of evidence.steps.filter(({ number }) => steps.includes(number))) {
    if (step.kind === 'connect' && step.saw.outcome === 'connected' && step.saw.servedBy === null) {
      const role = item.roles.find((one) => among(NOT_SERVED, one, evidence.findings ?? []))
      if (role !== undefined) return restingOn(item, role, words.notAccepted(role))
    }
    if (step.kind === 'start' && step.saw.outcome === 'EADDRINUSE' && item.roles.includes(step.program)) {
      const { program } = step
      const isDoubtful = among(NO_SOCKET, program, findingsOf(setting, item.lab, program))
      if (isDoubtful) return restingOn(item, program, words.refusedByChance(program))
    }
  }
  return null
}

function gradeRun(
  item: GradedItem,
  evidence: ActEvidence,
  setting: Setting & { expected: CheckResult | undefined },
): GradedItem {
  const { labs, host, expected } = setting
  if (evidence.skipped !== null) return unasked(item, 'skip', evidence.skipped)
  if (evidence.problem !== null) return unasked(item, 'inconclusive', evidence.problem)
  const loaded = labs.get(item.lab) as LoadedLab
  const result = answerAct(loaded, evidence, host).find(({ id }) => id === item.check)
  if (!result) return unasked(item, 'inconclusive', words.notPerformed)
  const { verdict, observed, seen, why, restsOn, durationMs } = result
  if (verdict === 'skip') return unasked(item, 'skip', seen)
  const findings = (evidence.findings ?? []).filter(({ role }) => item.roles.includes(role))
  const right = rightOutcomes(result, expected)
  const choice = (outcome: string) => result.choices.find((one) => one.outcome === outcome)?.choice ?? outcome
  const told = { ...item, findings, outcome: observed, durationMs, expected: right.map(choice).join(' ') }
  if (observed === null) {
    // Listings that contradict each other are the grader's trouble. A socket elsewhere than it was to be is not.
    const doubt = doubtAbout(evidence, restsOn)
    return doubt === null ? failed(told, seen, because(findings)) : unasked(told, 'inconclusive', doubt)
  }
  if (right.length === 0) return unasked(told, 'skip', words.noExpectation)
  const saw = seen === '' ? words.otherwise(observed) : seen
  const notItsWork = whyNotItsWork(told, evidence, restsOn, setting)
  if (right.includes(observed))
    return notItsWork ?? { ...told, verdict: 'pass', points: item.maxPoints, observed: saw, why }
  return failed(told, saw, because(findings) || why)
}

/** What this machine did with the harness's own programs is right here, whatever a table says of such systems. */
function rightOutcomes(result: CheckResult, expected: CheckResult | undefined): string[] {
  if (expected && expected.observed !== null && expected.verdict !== 'inconclusive') return [expected.observed]
  return result.expected?.outcomes ?? []
}

function because(findings: readonly Finding[]): string {
  return findings
    .map(findingInWords)
    .map(({ seen, why }) => `${seen} ${why}`)
    .join(' ')
}
