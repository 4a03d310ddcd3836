/** What is wrong with the programs that labs start: their length, their by-hand line, and whether anybody uses them. */

import type { Problem } from './problem.ts'
import { tooLong, withoutComments } from './problem.ts'
import type { Catalogue, LabFiles } from './read.ts'

const MOST_LINES = 50

/** What `npm run try` starts, and no lab. */
const OF_THE_BENCH = 'sockets'

export function programProblems({ labs, programs, lent }: Catalogue): Problem[] {
  const there = [...programs.map(({ name }) => name), ...lent]
  return [
    ...labs.flatMap((lab) => missingPrograms(lab, there)),
    ...programs.flatMap(({ name, file, text }) => {
      const users = labs.filter(({ lab }) => literals(lab.text).includes(name)).map(({ id }) => id)
      return [
        ...tooLong(users, file, text, MOST_LINES, 'a program', 'Take out what the lab does not need.'),
        ...byHandProblem(users, name, file, text),
        ...(users.length > 0 || name === OF_THE_BENCH ? [] : [unused(name, file)]),
      ]
    }),
  ]
}

/** A program's name is written out where it is started; a name that is computed is seen at the first run. */
function missingPrograms({ id, lab: { file, text } }: LabFiles, there: readonly string[]): Problem[] {
  const code = withoutComments(text ?? '')
  return [...code.matchAll(/\bstart(?:AsAnotherUser)?\(\s*['"`]([^'"`$]*)['"`]/g)].flatMap((started) => {
    const name = started[1] ?? ''
    if (there.includes(name)) return []
    const line = code.slice(0, started.index).split('\n').length
    const todo = `Write labs/programs/${name.endsWith('.py') ? name : `${name}.ts`}, or start one of ${there.join(', ') || 'your own'}.`
    return [{ labs: [id], file, line, what: `there is no program '${name}'`, todo, stops: false }]
  })
}

function byHandProblem(labs: string[], name: string, file: string, text: string): Problem[] {
  const isPython = name.endsWith('.py')
  const wanted = `By hand: ${isPython ? `python3 labs/programs/${name}` : `npm run program ${name}`}`
  const at = text.indexOf('By hand:')
  const todo = `Write in the comment on top: ${wanted} 8080`
  if (at < 0) return [{ labs, file, line: 1, what: `${name} has no by-hand line`, todo, stops: false }]
  const written = (text.slice(at).split('\n')[0] ?? '').trim()
  if (written === wanted || written.startsWith(`${wanted} `)) return []
  const line = text.slice(0, at).split('\n').length
  return [{ labs, file, line, what: `the by-hand line of ${name} says something else: ${written}`, todo, stops: false }]
}

function unused(name: string, file: string): Problem {
  const todo = `Start it in a lab with start('${name}', port), or delete it.`
  return { labs: [], file, line: 1, what: `no lab starts ${name}`, todo, stops: false }
}

function literals(text: string | null): string[] {
  return [...withoutComments(text ?? '').matchAll(/(['"`])([a-z0-9-]+(?:\.py)?)\1/g)].map((found) => found[2] ?? '')
}
