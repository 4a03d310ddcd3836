/** Which items a submission is graded in: for each check its prediction, and its program where a role has a part in it. */

import type { GradedItem, Part } from '../domain/graded.ts'
import { PARTS } from '../domain/graded.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { gradingWords } from '../words/findings.en.ts'
import type { Rubric } from './rubric.ts'
import { visibilityIn } from './plan-visibility.ts'

/** An item before anybody is graded in it: the same for every submission. */
export type PlannedItem = Pick<
  GradedItem,
  'id' | 'lab' | 'labTitle' | 'act' | 'check' | 'part' | 'question' | 'maxPoints' | 'visibility' | 'file' | 'line'
> & {
  /** For a prediction: points for naming this outcome where the machine showed another one. */
  partial: Readonly<Record<string, number>>
  /** The id of the item that has to be passed first, or null. */
  restsOn: string | null
  /** For a program: the roles that have a part in the act. */
  roles: string[]
  /** Whether it asks of one role whether its program does what it has to do, over all acts. */
  isRole: boolean
}

/** The id of the item that asks whether the program of a role does what it has to do. */
export function roleItemId(lab: string, role: string): string {
  return `${lab}/${role}/program`
}

/**
 * In the order of the labs; first the roles of each, then its acts and checks, the prediction before the program. What is
 * worth no points is no item.
 */
export function planItems(labs: readonly LoadedLab[], rubric: Rubric): PlannedItem[] {
  const graded = labs.filter(({ id }) => rubric.labs?.includes(id) ?? true)
  const items = graded.flatMap((lab) => [
    ...Object.keys(lab.lab.roles ?? {}).flatMap((role) => roleItemOf(lab, role, rubric) ?? []),
    ...Object.entries(lab.lab.acts).flatMap(([act, { checks }]) =>
      Object.keys(checks).flatMap((check) => PARTS.flatMap((part) => itemOf({ lab, act, check, part }, rubric) ?? [])),
    ),
  ])
  const planned = items.map((item) => {
    const name = rubric.checks[item.lab]?.[item.check]?.restsOn
    // No two labs share a check, but they share roles.
    const isMeant = ({ lab, check, isRole }: PlannedItem) => check === name && (!isRole || lab === item.lab)
    return { ...item, restsOn: items.find((other) => isMeant(other) && other.part === item.part)?.id ?? null }
  })
  return planned.map((item) => ({ ...item, visibility: visibilityIn(planned, item) }))
}

/** The roles whose programs take part in an act, in the order in which the lab declares them. */
export function rolesIn({ lab: { roles = {} } }: LoadedLab, act: string): string[] {
  return Object.keys(roles).filter((role) => roles[role]?.includes(act) === true)
}

function roleItemOf(loaded: LoadedLab, role: string, rubric: Rubric): PlannedItem | null {
  const { id: lab, narration, file, lab: declared } = loaded
  const own = rubric.checks[lab]?.[role]
  const maxPoints = own?.program ?? rubric.default.program
  if (maxPoints === 0) return null
  return {
    id: roleItemId(lab, role),
    lab,
    labTitle: narration.title,
    act: declared.roles?.[role]?.[0] ?? '',
    check: role,
    part: 'program',
    question: gradingWords.roleQuestion(role),
    maxPoints,
    visibility: own?.visibility ?? rubric.default.visibility,
    file,
    line: 1,
    partial: {},
    restsOn: null,
    roles: [role],
    isRole: true,
  }
}

function itemOf(
  { lab: loaded, act, check, part }: { lab: LoadedLab; act: string; check: string; part: Part },
  rubric: Rubric,
): PlannedItem | null {
  const { id: lab, narration, file, lines } = loaded
  const own = rubric.checks[lab]?.[check]
  const roles = part === 'program' ? rolesIn(loaded, act) : []
  const maxPoints = own?.[part] ?? rubric.default[part]
  if (maxPoints === 0 || (part === 'program' && roles.length === 0)) return null
  return {
    id: `${lab}/${check}/${part}`,
    lab,
    labTitle: narration.title,
    act,
    check,
    part,
    question: narration.acts[act]?.checks[check]?.question ?? check,
    maxPoints,
    visibility: own?.visibility ?? rubric.default.visibility,
    file,
    line: lines[check] ?? 1,
    partial: part === 'prediction' ? (own?.partial ?? {}) : {},
    restsOn: null,
    roles,
    isRole: false,
  }
}
