/** The folder that students start from: the tasks, the questions, an empty sheet with its schema, and starter programs. */

import type { RoleBook, RoleTexts } from '../catalog/roles.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { tasksPage } from './handout-page.ts'
import { questionsPage } from './handout-questions.ts'
import { starterOf } from './handout-starters.ts'
import type { Language } from './handout-starters.ts'
import { USUAL_RUBRIC } from './rubric.ts'
import { planItems } from './plan.ts'
import { submissionSchema } from './submission-schema.ts'
import { SUBMISSION_FILE } from './submission.ts'

/** Names relative to the folder, with what is in each. */
export type Files = readonly { name: string; text: string }[]

export const SCHEMA_FILE = 'submission.schema.json'

/** No answer is in any of them: neither what a system does, nor what is expected of it. */
export function handout(labs: readonly LoadedLab[], book: RoleBook, language: Language): Files {
  const texts = rolesOf(labs, book)
  const starters = Object.entries(texts).map(([role, text]) => {
    return { role, ...starterOf(language, role, text, book.roles[role]?.address ?? '') }
  })
  const sheet = {
    $schema: `./${SCHEMA_FILE}`,
    author: '',
    labs: labs.map(({ id }) => id),
    predictions: Object.fromEntries(labs.map((lab) => [lab.id, emptyAnswers(lab)])),
    explanations: {},
    programs: Object.fromEntries(
      starters.map(({ role, program: { run, build } }) => [role, { run, ...(build && { build }) }]),
    ),
  }
  return [
    { name: 'README.md', text: tasksPage(labs, book, starters) },
    { name: 'predictions.md', text: questionsPage(labs) },
    { name: SUBMISSION_FILE, text: `${JSON.stringify(sheet, null, 2)}\n` },
    { name: SCHEMA_FILE, text: submissionSchema(labs, texts) },
    ...starters.map(({ file, text }) => ({ name: file, text })),
  ]
}

/** The roles that these labs have, in the order in which the roles are declared. */
export function rolesOf(labs: readonly LoadedLab[], { texts }: RoleBook): RoleTexts {
  const has = (role: string) => labs.some(({ lab: { roles = {} } }) => Object.hasOwn(roles, role))
  return Object.fromEntries(Object.entries(texts).filter(([role]) => has(role)))
}

function emptyAnswers({ lab }: LoadedLab): Readonly<Record<string, ''>> {
  return Object.fromEntries(Object.values(lab.acts).flatMap((act) => Object.keys(act.checks).map((id) => [id, ''])))
}

/** A rubric in which every check stands with the points that it has without one, for a teacher to change. */
export function rubricTemplate(labs: readonly LoadedLab[], schemaFile: string): string {
  const items = planItems(labs, USUAL_RUBRIC)
  const checks = labs.map(({ id }) => {
    const own = items.filter(({ lab }) => lab === id)
    const ids = [...new Set(own.map(({ check }) => check))]
    const pointsOf = (check: string) =>
      own.filter((item) => item.check === check).map((one) => [one.part, one.maxPoints])
    return [id, Object.fromEntries(ids.map((check) => [check, Object.fromEntries(pointsOf(check)) as object]))]
  })
  const rubric = {
    $schema: `./${schemaFile}`,
    labs: labs.map(({ id }) => id),
    due: null,
    default: USUAL_RUBRIC.default,
    checks: Object.fromEntries(checks) as object,
  }
  return `${JSON.stringify(rubric, null, 2)}\n`
}
