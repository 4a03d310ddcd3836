/** Reads from the environment what the runner of Classroom 50 says of a submission. */

import type { Classroom50Place } from './classroom50.ts'

/** Where it is not all there: the names of the variables that are missing. */
export function classroom50Place(
  env: Readonly<Record<string, string | undefined>>,
  now: Date,
): Classroom50Place | { missing: string[] } {
  const value = (...names: string[]) => names.map((name) => env[name] ?? '').find((one) => one !== '') ?? ''
  const submitted = new Date(value('SUBMITTED_AT'))
  const fields = {
    classroom: ['CLASSROOM'],
    assignment: ['ASSIGNMENT'],
    owner: ['OWNER', 'USERNAME'],
    submission: ['SUBMISSION_TAG'],
    commit: ['COMMIT_URL'],
    release: ['RELEASE_URL'],
    // Older runners do not give it.
    review: ['REVIEW_URL', 'COMMIT_URL'],
  } as const
  const missing = Object.values(fields).flatMap((names) => (value(...names) === '' ? [names[0]] : []))
  if (missing.length > 0) return { missing }
  const { classroom, assignment, owner, submission, commit, release, review } = fields
  return {
    classroom: value(...classroom),
    assignment: value(...assignment),
    // Of other kinds than these the schema knows nothing; the runner writes its own over it.
    assignmentType: value('ASSIGNMENT_TYPE') === 'group' ? 'group' : 'individual',
    owner: value(...owner),
    submission: value(...submission),
    commit: value(...commit),
    release: value(...release),
    review: value(...review),
    // Without the time of the commit that of the grading stands in for it, as in the runner's own example.
    datetime: Number.isNaN(submitted.getTime()) ? now : submitted,
    gradedAt: now,
  }
}
