/** Gradings made by hand: a submission with every verdict, part, visibility and finding, and a class of four. */

import type { Gradebook, GradedItem, GradedSubmission, GradingRun } from '../../harness/domain/graded.ts'
import { FINDINGS } from '../../harness/domain/role.ts'
import type { Kept } from '../../harness/grade/gradebook.ts'
import { gradebookOf } from '../../harness/grade/gradebook.ts'
import type { Classroom50Place } from '../../harness/report/graded/classroom50.ts'
import { host } from '../report/stream.ts'

export const run: GradingRun = {
  host,
  startedAt: '2026-11-22T10:00:00.000Z',
  labs: [
    { id: '03-loopback-addresses', title: 'Many loopback addresses' },
    { id: '04-dual-stack', title: 'One listener, two families' },
  ],
  sandbox: {
    kind: 'bubblewrap',
    promises: [
      { what: 'no network but loopback', kept: true, how: 'a network namespace' },
      { what: 'a limit on memory', kept: false, how: 'there is no control group to be had' },
    ],
  },
  due: '2026-12-01T18:00:00+01:00',
}

/** Before that date, and after it. */
export const BEFORE = { now: new Date('2026-11-30T12:00:00Z'), due: run.due }
export const AFTER = { now: new Date('2026-12-01T17:00:00Z'), due: run.due }

export const place: Classroom50Place = {
  classroom: 'networks',
  assignment: 'sockets',
  assignmentType: 'individual',
  owner: 'ada',
  submission: 'submit/20261122T095900Z-0123abc',
  commit: 'https://git.example/networks-sockets-ada/commit/0123abc',
  release: 'https://git.example/networks-sockets-ada/releases/1',
  review: 'https://git.example/networks-sockets-ada/compare/1',
  datetime: new Date('2026-11-22T09:59:00Z'),
  gradedAt: new Date('2026-11-22T10:01:00Z'),
}

/** An item that passed, changed as wanted. */
export function item(check: string, change: Partial<GradedItem> = {}): GradedItem {
  const { lab = '04-dual-stack', part = 'prediction', maxPoints = 1, verdict = 'pass' } = change
  return {
    id: `${lab}/${check}/${part}`,
    lab,
    labTitle: run.labs.find(({ id }) => id === lab)?.title ?? '',
    act: 'dualStack',
    check,
    part,
    question: `What of the ${check.replaceAll('-', ' ')}?`,
    verdict,
    points: verdict === 'pass' ? maxPoints : 0,
    maxPoints,
    expected: 'Yes, the client is connected.',
    observed: verdict === 'pass' ? 'Yes, the client is connected.' : 'No, it is refused.',
    why: '',
    predicted: part === 'prediction' ? (verdict === 'pass' ? 'connected' : 'ECONNREFUSED') : null,
    explanation: null,
    outcome: 'connected',
    roles: part === 'program' ? ['server7'] : [],
    findings: [],
    restsOn: null,
    visibility: 'shown',
    file: `labs/${lab}/lab.ts`,
    line: 31,
    durationMs: 250,
    ...change,
  }
}

export function submission(
  name: string,
  items: GradedItem[],
  change: Partial<GradedSubmission> = {},
): GradedSubmission {
  return {
    name,
    author: `${name}@example.org`,
    problem: null,
    notes: [],
    items,
    points: items.reduce((sum, { points }) => sum + points, 0),
    maxPoints: items.reduce((sum, { maxPoints }) => sum + maxPoints, 0),
    printed: [],
    finished: true,
    durationMs: 1_500,
    ...change,
  }
}

const why = 'It listens on 127.0.0.1 only, so a client of another address finds nobody.'
const failing = '04-dual-stack/third-client/program'

export const ada = submission(
  'ada',
  [
    item('ipv6-client', { explanation: 'It listens on ::, and that is the family of the client.' }),
    item('ipv4-client', {
      verdict: 'fail',
      explanation:
        'I took IPv4 and IPv6 for two networks.\n\n# A socket of one family\ncannot *see* the other, can it?',
      why: 'A dual-stack listener takes IPv4 clients too: ipv6(7).',
    }),
    item('second-listener', {
      verdict: 'partial',
      points: 1,
      maxPoints: 2,
      why: 'The error is right, the reason is not.',
    }),
    item('ipv6-client', { part: 'program', maxPoints: 2 }),
    item('third-client', {
      part: 'program',
      verdict: 'fail',
      maxPoints: 3,
      why,
      findings: FINDINGS.map((kind) => ({ kind, role: 'server7', facts: { told: 17722, found: '127.0.0.1:8000' } })),
    }),
    item('end-of-the-server', {
      part: 'program',
      verdict: 'skip',
      maxPoints: 1,
      observed: '',
      why: 'It rests on a check that was not passed: third-client.',
      restsOn: failing,
      outcome: null,
    }),
    item('second-loopback-address', {
      lab: '03-loopback-addresses',
      verdict: 'skip',
      maxPoints: 0,
      observed: '',
      why: 'This machine has no second loopback address.',
      outcome: null,
    }),
    item('two-listeners', {
      lab: '03-loopback-addresses',
      part: 'program',
      verdict: 'inconclusive',
      maxPoints: 0,
      observed: '',
      why: 'The grader could not read the tables of the kernel.',
      outcome: null,
      roles: ['server4', 'server5'],
    }),
    item('hidden-question', {
      verdict: 'fail',
      visibility: 'after-due',
      explanation: 'Words about a hidden check.',
    }),
    item('hidden-program', { part: 'program', maxPoints: 4, visibility: 'after-due', roles: ['server8'] }),
    item('blind-question', { visibility: 'points-only', explanation: 'Words about a check of points only.' }),
    item('blind-program', {
      part: 'program',
      verdict: 'partial',
      points: 1,
      maxPoints: 2,
      visibility: 'points-only',
      roles: ['server6'],
    }),
  ],
  {
    notes: ['predictions.04-dual-stack: there is no check "ipv4-clinet"; the nearest is "ipv4-client"'],
    printed: [
      { role: 'server7', text: 'listening on 127.0.0.1\nbye\n', cut: false },
      { role: 'server8', text: 'I am asked after the due date.\n', cut: true },
    ],
  },
)

const right = (one: GradedItem): GradedItem => ({
  ...one,
  verdict: 'pass',
  maxPoints: one.maxPoints || 2,
  points: one.maxPoints || 2,
  observed: one.expected,
  predicted: one.predicted && 'connected',
  explanation: null,
  why: '',
  findings: [],
  restsOn: null,
})

export const grace = submission(
  'grace',
  ada.items.map((one) => (one.check === 'second-loopback-address' ? one : right(one))),
)
export const unread = submission('mallory', [], {
  author: null,
  problem: 'submission.json is not JSON: line 3, column 7',
})
export const unfinished = submission('zoe', ada.items.slice(0, 3), { finished: false })

/** As if each were on disk. */
export function kept(submissions: readonly GradedSubmission[]): Kept[] {
  return submissions.map((one) => ({ name: one.name, read: () => one }))
}

export function bookOf(of: GradingRun, submissions: readonly GradedSubmission[]): Gradebook {
  const made = gradebookOf(of, kept(submissions))
  return { ...made, submissions: [...made.submissions] }
}

export const book = bookOf(run, [grace, unfinished, ada, unread])
