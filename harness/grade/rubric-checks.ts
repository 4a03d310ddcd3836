/** Reads what a rubric says of single checks and roles: points, partial credit, visibility, and the check on which one rests. */

import type { Visibility } from '../domain/graded.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { asMembers, asText, hintFor, membersIn, Misfit } from './json-expect.ts'
import type { Members } from './json-expect.ts'
import { shown } from './json-text.ts'
import { noOthers, pointsOf, visibilityOf } from './rubric-values.ts'

/** What is null is as in the rubric's default. */
export type CheckRubric = {
  prediction: number | null
  /** Points for a prediction that names this outcome where the machine showed another one. */
  partial: Readonly<Record<string, number>>
  program: number | null
  visibility: Visibility | null
  /** The check, or the role of the same lab, that has to be passed: prediction by prediction, program by program. */
  restsOn: string | null
}

/** By lab, and in it by the id of a check or by the name of a role. Without prototypes. */
export type Checks = Readonly<Record<string, Readonly<Record<string, CheckRubric>>>>

export function checksOf(value: unknown, labs: readonly LoadedLab[]): Checks {
  const checks = Object.create(null) as Record<string, Readonly<Record<string, CheckRubric>>>
  const ids = labs.map(({ id }) => id)
  for (const [name, members] of Object.entries(asMembers(value ?? {}, 'checks'))) {
    const loaded = labs.find(({ id }) => id === name)
    if (!loaded) throw new Misfit(`checks: ${shown(name)} is no lab that is graded${hintFor(name, ids)}`)
    checks[name] = checksOfLab(asMembers(members, `checks.${name}`), loaded)
  }
  refuseLooseRests(checks, labs)
  return checks
}

function checksOfLab(members: Members, { id: lab, lab: { acts, roles = {} } }: LoadedLab): Checks[string] {
  const checks = Object.create(null) as Record<string, CheckRubric>
  const declared = new Map(Object.values(acts).flatMap((act) => Object.entries(act.checks)))
  for (const [name, told] of Object.entries(members)) {
    const outcomes = declared.get(name)?.outcomes
    const at = `checks.${lab}.${name}`
    if (outcomes) checks[name] = checkOf(told, at, outcomes)
    else if (Object.hasOwn(roles, name)) checks[name] = roleOf(told, at)
    else {
      const hint = hintFor(name, [...declared.keys(), ...Object.keys(roles)])
      throw new Misfit(`checks.${lab}: there is no check and no role ${shown(name)}${hint}`)
    }
  }
  return checks
}

/** Nobody predicts anything of a role, and it rests on nothing. */
function roleOf(value: unknown, at: string): CheckRubric {
  const members = asMembers(value, at)
  noOthers(members, at, ['program', 'visibility'])
  return { ...checkOf(members, at, []), prediction: 0 }
}

function checkOf(value: unknown, at: string, outcomes: readonly string[]): CheckRubric {
  const members = asMembers(value, at)
  noOthers(members, at, ['prediction', 'program', 'visibility', 'restsOn'])
  return {
    ...predictionOf(members['prediction'], `${at}.prediction`, outcomes),
    program: pointsOf(members['program'], `${at}.program`) ?? null,
    visibility: visibilityOf(members['visibility'], `${at}.visibility`) ?? null,
    restsOn: members['restsOn'] === undefined ? null : asText(members['restsOn'], `${at}.restsOn`, 'the id of a check'),
  }
}

/** A number of points, or an object with `points` and `partial`. */
function predictionOf(
  value: unknown,
  at: string,
  outcomes: readonly string[],
): Pick<CheckRubric, 'prediction' | 'partial'> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { prediction: pointsOf(value, at) ?? null, partial: {} }
  }
  const members: Members = asMembers(value, at)
  noOthers(members, at, ['points', 'partial'])
  const points = pointsOf(members['points'], `${at}.points`)
  if (points === undefined) throw new Misfit(`${at}.points is missing; write a whole number, beside partial`)
  const partial = Object.create(null) as Record<string, number>
  for (const [outcome, some] of membersIn(members, 'partial', `${at}.partial`)) {
    if (!outcomes.includes(outcome)) {
      throw new Misfit(`${at}.partial: there is no outcome ${shown(outcome)}${hintFor(outcome, outcomes)}`)
    }
    partial[outcome] = pointsOf(some, `${at}.partial.${outcome}`, points) ?? 0
  }
  return { prediction: points, partial }
}

/** What a check rests on is graded, and nothing rests on itself, however many stand between. */
function refuseLooseRests(checks: Checks, labs: readonly LoadedLab[]): void {
  for (const { id: lab, lab: declared } of labs) {
    const there = [...labs.flatMap((one) => checkIds(one)), ...Object.keys(declared.roles ?? {})]
    for (const [check, { restsOn }] of Object.entries(checks[lab] ?? {})) {
      if (restsOn === null) continue
      const at = `checks.${lab}.${check}.restsOn`
      if (!there.includes(restsOn)) {
        const what = `${at} is ${shown(restsOn)}, which is no check of these labs and no role of this one`
        throw new Misfit(`${what}${hintFor(restsOn, there)}`)
      }
      const path = pathFrom(check, restsOn, checks)
      if (path.at(-1) === check) throw new Misfit(`${at} leads from ${path.join(' to ')}; it must not go round`)
    }
  }
}

function checkIds({ lab }: LoadedLab): string[] {
  return Object.values(lab.acts).flatMap((act) => Object.keys(act.checks))
}

/** What a check rests on, and what that rests on, until nothing is left or something comes again. */
function pathFrom(check: string, restsOn: string, checks: Checks): string[] {
  const rests = new Map(Object.values(checks).flatMap((own) => Object.entries(own)))
  const path = [check]
  for (let next: string | null = restsOn; next !== null; next = rests.get(next)?.restsOn ?? null) {
    const isAgain = path.includes(next)
    path.push(next)
    if (isAgain) break
  }
  return path
}
