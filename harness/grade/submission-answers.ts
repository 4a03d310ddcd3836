/** Reads the predictions and the explanations of a submission: by lab and check, in a text each. */

import type { LoadedLab } from '../domain/loaded-lab.ts'
import { asMembers, asText, hintFor, membersIn, Misfit } from './json-expect.ts'
import type { Members, Notes } from './json-expect.ts'
import { shown } from './json-text.ts'

/** By lab and check. Without a prototype, so that no name is there that was not handed in. */
export type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>

export const MOST_EXPLAINED = 10_000

/** An empty text is a question that was passed over. */
export function readAnswers(
  field: 'predictions' | 'explanations',
  submission: Members,
  labs: readonly LoadedLab[],
  notes: Notes,
): Answers {
  const ids = labs.map(({ id }) => id)
  const answers = Object.create(null) as Record<string, Readonly<Record<string, string>>>
  for (const [name, value] of membersIn(submission, field)) {
    const at = `${field}.${placed(name)}`
    const members = asMembers(value, at)
    const lab = labs.find(({ id }) => id === name)
    if (lab) answers[lab.id] = answersOf(field, members, lab, at, notes)
    else notes.unknown(field, 'lab', name, ids)
  }
  return answers
}

function answersOf(
  field: 'predictions' | 'explanations',
  members: Members,
  { lab }: LoadedLab,
  at: string,
  notes: Notes,
): Readonly<Record<string, string>> {
  const checks = new Map(Object.values(lab.acts).flatMap((act) => Object.entries(act.checks)))
  const answers = Object.create(null) as Record<string, string>
  for (const [name, value] of Object.entries(members)) {
    const here = `${at}.${placed(name)}`
    const text = asText(value, here, field === 'predictions' ? 'the name of one choice' : 'a text')
    const outcomes = checks.get(name)?.outcomes
    if (!outcomes) notes.unknown(at, 'question', name, [...checks.keys()])
    else if (text === '') continue
    else if (field === 'explanations') answers[name] = explanation(text, here)
    else if (outcomes.includes(text)) answers[name] = text
    else notes.add(() => `${here}: ${shown(text)} is none of its choices${hintFor(text, outcomes)}`)
  }
  return answers
}

function explanation(text: string, at: string): string {
  if (text.length > MOST_EXPLAINED) {
    throw new Misfit(`${at} has ${text.length} characters; at most ${MOST_EXPLAINED} are read`)
  }
  return text.toWellFormed()
}

/** A name of a stranger in a place such as `predictions.04-dual-stack`. */
function placed(name: string): string {
  return /^[\w-]{1,100}$/.test(name) ? name : shown(name)
}
