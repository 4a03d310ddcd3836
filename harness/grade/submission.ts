/** Reads what a student hands in: submission.json of a folder. Whatever is wrong with it is an answer, and no error. */

import { join } from 'node:path'

import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Roles } from '../domain/role.ts'
import type { HandedIn } from './examine-messages.ts'
import { readSmallText } from './json-bytes.ts'
import { asList, asMembers, asText, Misfit, Notes } from './json-expect.ts'
import type { Members } from './json-expect.ts'
import { readJson, shown } from './json-text.ts'
import { readAnswers } from './submission-answers.ts'
import type { Answers } from './submission-answers.ts'
import { readPrograms } from './submission-programs.ts'

export const SUBMISSION_FILE = 'submission.json'

export type Submission = {
  /** 1 to 100 characters of AUTHOR: it can stand in a path, a table and a terminal. */
  author: string
  /** The labs that it says it answers, in its own order; null where it says nothing of it. */
  labs: readonly string[] | null
  /** By lab and check the outcome that was named. Only labs, checks and outcomes that there are. */
  predictions: Answers
  /** By lab and check what the student wrote about it: any text, to be escaped by every format. */
  explanations: Answers
  /** By role. Only roles that there are. */
  programs: Readonly<Record<string, HandedIn>>
  /** What was passed over, a sentence each without its full stop. */
  notes: readonly string[]
}

/** What a submission is held against. */
export type Known = { labs: readonly LoadedLab[]; roles: Roles }

/** `problem`: why nothing of it can be graded, in a sentence without its full stop. */
export type SubmissionRead = { submission: Submission } | { problem: string }

/** Never throws for what was handed in, never waits for it, and never reads outside of the folder. */
export async function readSubmission(folder: string, known: Known): Promise<SubmissionRead> {
  const read = await readSmallText(join(folder, SUBMISSION_FILE))
  return 'problem' in read ? { problem: `${SUBMISSION_FILE} ${read.problem}` } : parseSubmission(read.text, known)
}

export function parseSubmission(text: string, known: Known): SubmissionRead {
  const json = readJson(text)
  if ('problem' in json) return { problem: `${SUBMISSION_FILE} ${json.problem}` }
  try {
    return { submission: submissionOf(asMembers(json.value, ''), known) }
  } catch (error) {
    if (!(error instanceof Misfit)) throw error
    return { problem: `${SUBMISSION_FILE}: ${error.message}` }
  }
}

const FIELDS = ['$schema', 'author', 'labs', 'predictions', 'explanations', 'programs']

function submissionOf(members: Members, { labs, roles }: Known): Submission {
  const notes = new Notes()
  for (const name of Object.keys(members)) {
    if (!FIELDS.includes(name)) notes.unknown(SUBMISSION_FILE, 'field', name, FIELDS)
  }
  return {
    author: authorOf(members['author']),
    labs: labsOf(members['labs'], labs, notes),
    predictions: readAnswers('predictions', members, labs, notes),
    explanations: readAnswers('explanations', members, labs, notes),
    programs: readPrograms(members, roles, notes),
    notes: notes.all(),
  }
}

/** The letters of e-mail addresses and of the ids of universities, and none that a path, a shell or a sheet obeys. */
export const AUTHOR = /^(?!\.{1,2}$)(?![-+@])[A-Za-z0-9._@+-]{1,100}$/
export const AUTHOR_ALLOWED = '1 to 100 letters, digits and . _ - @ +, beginning with a letter, a digit, . or _'

function authorOf(value: unknown): string {
  if (value === undefined) throw new Misfit(`author is missing; write your id, ${AUTHOR_ALLOWED}`)
  const author = asText(value, 'author', 'your id')
  if (AUTHOR.test(author)) return author
  const what = author === '' ? 'is empty' : `is ${shown(author)}`
  throw new Misfit(`author ${what}; it has to be your id, ${AUTHOR_ALLOWED}`)
}

function labsOf(value: unknown, labs: readonly LoadedLab[], notes: Notes): string[] | null {
  if (value === undefined) return null
  const ids = labs.map(({ id }) => id)
  const named = asList(value, 'labs', 'labs').map((one, index) => asText(one, `labs[${index}]`, 'the name of a lab'))
  for (const name of named) if (!ids.includes(name)) notes.unknown('labs', 'lab', name, ids)
  return [...new Set(named.filter((name) => ids.includes(name)))]
}
