/**
 * Which handed-in programs stand in when an act is performed, and which of them are to be seen in it once more, alone:
 * what is said of a program rests on what it did itself, and not on what another one did.
 */

import type { ActEvidence } from '../domain/evidence.ts'
import { unseenAct } from '../domain/evidence.ts'
import type { FindingKind } from '../domain/role.ts'
import { TOO_MUCH } from '../domain/role.ts'
import { gradingWords } from '../words/findings.en.ts'
import type { ActToPerform } from './examine-messages.ts'

/** What the start of a program comes to that has its socket or its connection. */
const READY: readonly string[] = ['listening', 'bound', 'connected']

/** Away from connections in TIME-WAIT that an earlier performance of the act has left. */
const PORTS_APART = 6

/** What no other program can be the cause of. */
const OF_ITS_OWN: readonly FindingKind[] = ['does-not-listen', 'only-prints', 'cannot-be-started', ...TOO_MUCH]

/**
 * `roles`: those in which handed-in programs stood in. `isAlone`: it says something of its one role only. `seenAlone`: this
 * one came to nothing, and of these roles their own performances say what there is to say.
 */
export type Performance = { roles: string[]; isAlone: boolean; evidence: ActEvidence; seenAlone?: string[] }

/** Performs an act once, from its port on, with the handed-in programs of these roles. */
export type Perform = (act: ActToPerform, roles: readonly string[]) => Promise<ActEvidence>

/** All performances for one submission. */
export class Performances {
  readonly #programs: ReadonlyMap<string, unknown>
  readonly #perform: Perform
  /** In each lab anew: what is said of a role there rests on what was seen there. */
  readonly #silent = new Set<string>()
  /** One that took too much is started no more: it has lost what it has a part in. */
  readonly #greedy = new Set<string>()

  /** @param programs by role what was handed in and built */
  constructor(programs: ReadonlyMap<string, unknown>, perform: Perform) {
    this.#programs = programs
    this.#perform = perform
  }

  /** Of one act: first the one with all its programs, then those with one of them alone. */
  async of(act: ActToPerform): Promise<Performance[]> {
    const inLab = (role: string) => `${act.lab} ${role}`
    // For a program that is not there, or was never seen with its socket, the lab's own does it: the others are judged
    // all the same. Without any of them there is nobody to judge.
    const isFit = (role: string) =>
      this.#programs.has(role) && !this.#silent.has(inLab(role)) && !this.#greedy.has(role)
    const fit = act.roles.filter(isFit)
    // A round that is not performed is one in which nothing was right.
    if (fit.length === 0) {
      return [{ roles: fit, isAlone: false, evidence: unseenAct(act.act, gradingWords.notPerformed) }]
    }
    const evidence = await this.#perform(act, fit)
    const alone = await this.#performAlone(act, fit, evidence)
    for (const one of [evidence, ...alone.values()]) {
      for (const { kind, role } of one.findings ?? []) if (TOO_MUCH.includes(kind)) this.#greedy.add(role)
    }
    for (const role of neverReady(evidence, fit)) {
      const wasInTheWay = neverReady(alone.get(role) ?? evidence, [role]).length === 0
      if (!wasInTheWay) this.#silent.add(inLab(role))
    }
    const findings = evidence.findings?.filter(({ role }) => !alone.has(role))
    const seenAlone = evidence.problem === null ? [] : [...alone.keys()]
    return [
      { roles: fit, isAlone: false, evidence: { ...evidence, ...(findings && { findings }) }, seenAlone },
      ...[...alone].map(([role, one]) => ({ roles: [role], isAlone: true, evidence: one })),
    ]
  }

  /**
   * A program that got no socket may have been kept from it by another handed-in one, which has the port or had it just
   * now; and where an act came to nothing, one of them may be the cause. Among the lab's own programs nobody is in its way:
   * what is found of it there counts.
   */
  async #performAlone(
    act: ActToPerform,
    roles: readonly string[],
    evidence: ActEvidence,
  ): Promise<Map<string, ActEvidence>> {
    const { steps, findings = [] } = evidence
    const found = new Map<string, ActEvidence>()
    if (roles.length === 1) return found
    const first = steps.find((step) => step.kind === 'start' && roles.includes(step.program))
    // Nobody was before the first one.
    const robbed = neverReady(evidence, roles).filter((role) => first?.kind !== 'start' || first.program !== role)
    let { port } = act
    for (const role of evidence.problem === null ? robbed : roles) {
      if (findings.some((one) => one.role === role && OF_ITS_OWN.includes(one.kind))) continue
      port += PORTS_APART
      const again = await this.#perform({ ...act, port }, [role])
      // What the grader could not do says nothing.
      if (again.problem === null) found.set(role, again)
    }
    return found
  }
}

/** Roles that were started in the act and were never seen with the socket, or the connection, that they were to have. */
function neverReady({ steps }: ActEvidence, roles: readonly string[]): string[] {
  return roles.filter((role) => {
    const starts = steps.flatMap((step) => (step.kind === 'start' && step.program === role ? [step.saw.outcome] : []))
    return starts.length > 0 && !starts.some((outcome) => READY.includes(outcome))
  })
}
