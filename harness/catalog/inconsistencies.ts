/** Says everything that is wrong with the labs of a folder. Reads what was read from disk, and asks nobody. */

import { checkProblems } from './check-problems.ts'
import { claimProblems } from './claim-problems.ts'
import { isLabName } from './find.ts'
import { checksOf, isPlain, lineOf, quoted, tooLong } from './problem.ts'
import type { Problem } from './problem.ts'
import { programProblems } from './program-problems.ts'
import type { Catalogue, Claims, LabFiles } from './read.ts'
import { roleProblems } from './role-problems.ts'
import { textProblems } from './text-problems.ts'

const MOST_LINES = 160

export function findInconsistencies(catalogue: Catalogue): Problem[] {
  const { labs, ledger, roles, problems } = catalogue
  return [
    ...problems,
    ...labs.flatMap((lab) => [
      ...nameProblems(lab, labs),
      ...labProblems(lab, ledger.claims),
      ...roleProblems(lab, roles),
    ]),
    ...twiceUsedIds(labs),
    ...programProblems(catalogue),
    ...claimProblems(catalogue),
  ]
}

/** What is wrong inside one lab. @returns problems only, also for a lab that is nothing like one. */
export function labProblems(files: LabFiles, claims: Claims): Problem[] {
  const { id, lab, narration } = files
  const loading = [lab.problem, narration.problem].filter((problem) => problem !== null)
  return [
    ...loading,
    ...(lab.problem ? [] : [...idProblem(files), ...checkProblems(files, claims)]),
    ...(narration.problem ? [] : textProblems(files)),
    ...tooLong([id], lab.file, lab.text, MOST_LINES, 'a lab', 'Make two labs of it, or take an act out.'),
  ]
}

/** How many checks a lab declares, as far as it can be read. */
export function countChecksOf({ lab }: LabFiles): number {
  return checksOf(lab.value).length
}

function nameProblems({ id, folder }: LabFiles, labs: readonly LabFiles[]): Problem[] {
  const at = { file: folder, line: 1 }
  if (!isLabName(id)) {
    const what = `the folder ${id} has no name of a lab`
    const todo = 'Call it NN-name: two digits, then words in lower case with hyphens between them.'
    return [{ ...at, labs: [id], what, todo, stops: false }]
  }
  const twin = labs.find((other) => other.id < id && isLabName(other.id) && other.id.slice(0, 2) === id.slice(0, 2))
  if (!twin) return []
  const what = `${twin.id} and ${id} have the same number`
  const todo = `Give one of them another, in the name of its folder and in its id; ${freeNumber(labs.map((lab) => lab.id))} is free.`
  return [{ ...at, labs: [twin.id, id], what, todo, stops: true }]
}

/** The number after the highest one; where that is 99, the lowest that is free. Undefined where none is. */
export function freeNumber(ids: readonly string[]): string | undefined {
  const used = new Set(ids.filter(isLabName).map((id) => Number(id.slice(0, 2))))
  const after = Math.max(0, ...used) + 1
  const numbers = [after, ...Array.from({ length: 99 }, (_, index) => index + 1)]
  const free = numbers.find((number) => number <= 99 && !used.has(number))
  return free === undefined ? undefined : String(free).padStart(2, '0')
}

function idProblem({ id, lab }: LabFiles): Problem[] {
  const found = isPlain(lab.value) ? lab.value['id'] : undefined
  if (found === id) return []
  const what = `the id is ${JSON.stringify(found)}, the folder is '${id}'`
  const todo = `Write id: '${id}', or rename the folder.`
  return [{ labs: [id], file: lab.file, line: lineOf(lab.text, 'id'), what, todo, stops: true }]
}

/** Ids are for ever and stand in reports and grades, so no two checks share one. */
function twiceUsedIds(labs: readonly LabFiles[]): Problem[] {
  const first = new Map<string, { lab: string; act: string }>()
  return labs.flatMap(({ id, lab }) =>
    checksOf(lab.value).flatMap(({ act, id: check }) => {
      const before = first.get(check)
      if (!before) first.set(check, { lab: id, act })
      if (!before) return []
      const where = before.lab === id ? `the act ${quoted([before.act])}` : before.lab
      const what = `the check id '${check}' is used in ${where} already`
      const todo = 'Give this check an id of its own; that of the older one stays, because ids are for ever.'
      const line = lineOf(lab.text, 'acts', act, check)
      return [{ labs: [...new Set([before.lab, id])], file: lab.file, line, what, todo, stops: false }]
    }),
  )
}
