/** Reads which program a submission hands in for which role: the command that runs it, and the one that builds it. */

import type { Roles } from '../domain/role.ts'
import type { HandedIn } from './examine-messages.ts'
import { asList, asMembers, asText, membersIn, Misfit } from './json-expect.ts'
import type { Members, Notes } from './json-expect.ts'
import { shown } from './json-text.ts'

export const MOST_WORDS = 50
export const MOST_WORD_LENGTH = 4096

const FIELDS = ['run', 'build']

export function readPrograms(submission: Members, roles: Roles, notes: Notes): Readonly<Record<string, HandedIn>> {
  const programs = Object.create(null) as Record<string, HandedIn>
  for (const [role, value] of membersIn(submission, 'programs')) {
    if (!Object.hasOwn(roles, role)) {
      notes.unknown('programs', 'role', role, Object.keys(roles))
      continue
    }
    const at = `programs.${role}`
    const members = asMembers(value, at)
    for (const name of Object.keys(members)) if (!FIELDS.includes(name)) notes.unknown(at, 'field', name, FIELDS)
    if (members['run'] === undefined) throw new Misfit(`${at}.run is missing; write ["python3", "${role}.py"]`)
    const build = members['build']
    programs[role] = {
      run: commandOf(members['run'], `${at}.run`),
      build: build === undefined ? null : commandOf(build, `${at}.build`),
    }
  }
  return programs
}

function commandOf(value: unknown, at: string): string[] {
  const words = asList(value, at, 'words').map((word, index) => asText(word, `${at}[${index}]`, 'a word'))
  if (words.length === 0 || words.length > MOST_WORDS) {
    throw new Misfit(`${at} has ${words.length} words; it has to have 1 to ${MOST_WORDS}, such as ["python3", "x.py"]`)
  }
  // env(1), which starts it, takes such a word for a variable.
  if (words[0]?.includes('=') === true) throw new Misfit(`${at}[0] has a =; it has to name a program`)
  if (words[0] === '') throw new Misfit(`${at}[0] is empty; it has to name a program`)
  const index = words.findIndex((word) => word.length > MOST_WORD_LENGTH || word.includes('\0') || !word.isWellFormed())
  if (index < 0) return words
  const what = `${at}[${index}] is ${shown(words[index] ?? '')}`
  throw new Misfit(`${what}; a word has at most ${MOST_WORD_LENGTH} characters, and no NUL or half of a character`)
}
