/** What is wrong with the roles of a lab: a role or an act that is not there, or an act that starts no such program. */

import { entriesOf, isPlain, lineOf, stringsOf, withoutComments } from './problem.ts'
import type { Problem } from './problem.ts'
import type { LabFiles } from './read.ts'
import type { RoleBook } from './roles.ts'

export function roleProblems({ id, lab: { file, text, value } }: LabFiles, { roles, texts }: RoleBook): Problem[] {
  const declared = isPlain(value) ? value['roles'] : undefined
  const acts = Object.fromEntries(entriesOf(isPlain(value) ? value['acts'] : undefined))
  const problem = (keys: string[], what: string, todo: string): Problem => {
    return { labs: [id], file, line: lineOf(text, 'roles', ...keys), what, todo, stops: false }
  }
  if (declared !== undefined && !isPlain(declared)) {
    return [problem([], 'the roles are no object', "Write roles: { server1: ['act'] }, or leave them out.")]
  }
  return entriesOf(declared).flatMap(([role, named]) => {
    const found: Problem[] = []
    if (!Object.hasOwn(roles, role)) {
      const known = `Take one of ${Object.keys(roles).join(', ')}, or declare it in labs/roles.ts.`
      found.push(problem([role], `labs/roles.ts has no role '${role}'`, known))
    } else if (!isPlain(texts[role]) || stringsOf(texts[role].task).length === 0) {
      found.push(problem([role], `labs/roles.en.ts does not say what '${role}' has to do`, 'Write its title and task.'))
    }
    if (!Array.isArray(named) || named.length === 0 || stringsOf(named).length !== named.length) {
      const todo = `Write the names of acts: ${role}: [${Object.keys(acts).slice(0, 1).join()}].`
      return [...found, problem([role], `the role '${role}' has no list of acts`, todo)]
    }
    return [...found, ...stringsOf(named).flatMap((act) => actProblem(role, act, acts, problem))]
  })
}

function actProblem(
  role: string,
  act: string,
  acts: Readonly<Record<string, unknown>>,
  problem: (keys: string[], what: string, todo: string) => Problem,
): Problem[] {
  if (!Object.hasOwn(acts, act)) {
    const todo = `Take one of ${Object.keys(acts).join(', ')}.`
    return [problem([role, act], `there is no act '${act}' for the role '${role}'`, todo)]
  }
  const declared = acts[act]
  const experiment = isPlain(declared) ? declared['experiment'] : undefined
  const code = typeof experiment === 'function' ? withoutComments(experiment.toString()) : ''
  const started = [...code.matchAll(/\bstart\(\s*['"`]([^'"`]*)['"`]/g)].map(([, program]) => program)
  if (started.includes(role)) return []
  const what = `the act '${act}' starts no ${role}, so that no program can take its place`
  return [problem([role, act], what, `Write start('${role}', port) in its experiment, or take the act out.`)]
}
