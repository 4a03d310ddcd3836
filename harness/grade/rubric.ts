/** Reads the rubric: a teacher's file that says which labs are graded, what each check is worth, and who sees what. */

import { chooseLab } from '../catalog/choose.ts'
import type { Visibility } from '../domain/graded.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { readSmallText } from './json-bytes.ts'
import { asList, asMembers, asText, Misfit } from './json-expect.ts'
import type { Members } from './json-expect.ts'
import { readJson, shown } from './json-text.ts'
import { dueOf, noOthers, pointsOf, visibilityOf } from './rubric-values.ts'
import { checksOf } from './rubric-checks.ts'
import type { Checks } from './rubric-checks.ts'
import { planItems } from './plan.ts'

export type Rubric = {
  /** Ids of the labs that are graded, in the order of the labs; null: those that the command names. */
  labs: readonly string[] | null
  /** ISO 8601, with an offset or Z. */
  due: string | null
  default: { prediction: number; program: number; visibility: Visibility }
  checks: Checks
}

/** Without a rubric: a point for each prediction, a point for each program, and everything is shown. */
export const USUAL_RUBRIC: Rubric = {
  labs: null,
  due: null,
  default: { prediction: 1, program: 1, visibility: 'shown' },
  checks: {},
}

/** What is wrong with a rubric, in one line that begins with the file and says what is allowed: wrong usage. */
export class RubricError extends Error {
  override name = 'RubricError'
}

/** @param labs all labs that there are. @throws RubricError */
export async function readRubric(file: string, labs: readonly LoadedLab[]): Promise<Rubric> {
  const read = await readSmallText(file)
  if ('problem' in read) throw new RubricError(`${file} ${read.problem}`)
  const json = readJson(read.text)
  if ('problem' in json) throw new RubricError(`${file} ${json.problem}`)
  try {
    return rubricOf(asMembers(json.value, ''), labs)
  } catch (error) {
    throw error instanceof Misfit ? new RubricError(`${file}: ${error.message}`) : error
  }
}

const FIELDS = ['$schema', 'labs', 'due', 'default', 'checks']

function rubricOf(members: Members, labs: readonly LoadedLab[]): Rubric {
  noOthers(members, '', FIELDS)
  const named = labsOf(members['labs'], labs)
  const graded = labs.filter(({ id }) => named?.includes(id) ?? true)
  const rubric: Rubric = {
    labs: named && graded.map(({ id }) => id),
    due: dueOf(members['due']),
    default: defaultOf(members['default']),
    checks: checksOf(members['checks'], graded),
  }
  refuseIdleRests(rubric, graded)
  return rubric
}

function labsOf(value: unknown, labs: readonly LoadedLab[]): string[] | null {
  if (value === undefined) return null
  const ids = labs.map(({ id }) => id)
  const words = asList(value, 'labs', 'labs').map((one, index) => asText(one, `labs[${index}]`, 'the name of a lab'))
  if (words.length === 0) throw new Misfit('labs is empty; name at least one lab, or leave it out')
  return words.map((word, index) => {
    const choice = chooseLab(word, ids)
    if ('id' in choice) return choice.id
    const near = 'among' in choice ? choice.among : choice.nearest
    throw new Misfit(`labs[${index}]: there is no lab ${shown(word)}; the nearest are ${near.join(', ') || 'none'}`)
  })
}

function defaultOf(value: unknown): Rubric['default'] {
  const members = asMembers(value ?? {}, 'default')
  noOthers(members, 'default', ['prediction', 'program', 'visibility'])
  const usual = USUAL_RUBRIC.default
  return {
    prediction: pointsOf(members['prediction'], 'default.prediction') ?? usual.prediction,
    program: pointsOf(members['program'], 'default.program') ?? usual.program,
    visibility: visibilityOf(members['visibility'], 'default.visibility') ?? usual.visibility,
  }
}

/** A check that rests on another one in no part would be skipped for nothing, ever: the teacher meant something else. */
function refuseIdleRests(rubric: Rubric, labs: readonly LoadedLab[]): void {
  const items = planItems(labs, rubric)
  for (const { lab, check, restsOn } of Object.entries(rubric.checks).flatMap(([lab, own]) =>
    Object.entries(own).map(([check, { restsOn }]) => ({ lab, check, restsOn })),
  )) {
    if (restsOn === null || items.some((item) => item.check === check && item.restsOn !== null)) continue
    const why = 'the two have no part in common that gives points, neither predictions nor programs'
    throw new Misfit(`checks.${lab}.${check}.restsOn is '${restsOn}', but ${why}`)
  }
}
