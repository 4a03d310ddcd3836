/** Builds the events of a run by hand: small, with every verdict, and as hostile as wanted. */

import type { LabHeader, Reporter, RunEvent } from '../../harness/domain/event.ts'
import type { ActEvidence, HostFacts, Step } from '../../harness/domain/evidence.ts'
import { unseenAct } from '../../harness/domain/evidence.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { countVerdicts, VERDICTS } from '../../harness/domain/verdict.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { aligned } from '../../harness/report/step-text.ts'

export const host: HostFacts = {
  os: 'linux',
  kernel: '6.18.0',
  architecture: 'x64',
  node: 'v26.10.0',
  nodeOrigin: 'bundled',
  libuv: '1.52.1',
  ephemeralRange: [32768, 60999],
  superuser: false,
}

/** Text of the kind that breaks formats: everything that one of them has a meaning for. */
export const HOSTILE =
  'a]]>b <i>&amp;"\' \u0000 \u001b[31mred\u001b[0m\r\n\n# SKIP me\\# TODO\n  ...\nnot ok 1\n1..9\nBail out! ' +
  '\ud800 half \udc00 🚢 👩‍🔬 日本語 \u2028 \u0085 \u009b1m \ufffe \u202e [[ATTACHMENT|/etc/passwd]] ${x} `y` $& ' +
  'x'.repeat(3000)

export function check(change: Partial<CheckResult> = {}): CheckResult {
  const base: CheckResult = {
    id: 'client-reaches-listener',
    lab: '90-example',
    act: 'first',
    question: 'Does the client reach the listener?',
    verdict: 'pass',
    expected: { outcomes: ['connected'], source: 'ip(7)' },
    observed: 'connected',
    seen: 'The client was connected.',
    why: 'Somebody listens.',
    restsOn: [2],
    claims: [],
    choices: [
      { outcome: 'connected', choice: 'Yes.' },
      { outcome: 'ECONNREFUSED', choice: 'No, it is refused.' },
    ],
    prediction: null,
    file: 'labs/90-example/lab.ts',
    line: 12,
    durationMs: 500,
  }
  const changed = { ...base, ...change }
  if (changed.verdict === 'fail' && !('observed' in change)) {
    Object.assign(changed, {
      observed: 'ECONNREFUSED',
      seen: 'The client was refused.',
      why: 'Nobody listens.',
      ...change,
    })
  }
  if (changed.verdict === 'noted') Object.assign(changed, { expected: null, ...change })
  if (changed.verdict === 'skip' || changed.verdict === 'inconclusive') {
    const seen = changed.verdict === 'skip' ? 'ipv6-loopback: no address ::1' : 'the act took longer than 9 s'
    Object.assign(changed, { observed: null, seen, why: '', restsOn: [], ...change })
  }
  return changed
}

export function steps(): [Step & { kind: 'start' }, Step & { kind: 'connect' }, Step & { kind: 'list' }] {
  const listener = { address: '127.0.0.1', port: 8080 }
  return [
    {
      number: 1,
      atMs: 0,
      tookMs: 10,
      kind: 'start',
      program: 'server1',
      args: ['8080'],
      asAnotherUser: false,
      saw: {
        program: 'server1',
        pid: 7,
        outcome: 'listening',
        protocol: 'tcp',
        local: listener,
        rows: [],
        error: null,
      },
    },
    {
      number: 2,
      atMs: 10,
      tookMs: 10,
      kind: 'connect',
      address: '127.0.0.1',
      port: 8080,
      saw: {
        outcome: 'ECONNREFUSED',
        to: listener,
        local: null,
        heard: '',
        confirmedBy: null,
        servedBy: null,
        seenByServer: null,
      },
    },
    {
      number: 3,
      atMs: 20,
      tookMs: 10,
      kind: 'list',
      port: 8080,
      saw: {
        source: 'lsof',
        command: 'lsof -nP -i :8080',
        printed: ['COMMAND    PID   USER', 'server1      7   root'],
        rows: [],
        others: [],
        absent: [],
        disagreements: [],
      },
    },
  ]
}

export type StreamOptions = {
  checks?: Partial<CheckResult>[]
  rounds?: number
  steps?: Step[]
  notes?: string[]
  interruptedBy?: string | null
  /** How many checks the run says it will answer, where that is another number than it does. */
  planned?: number
  /** Ends like a harness that was killed: without the event that ends a run. */
  cutShort?: boolean
  title?: string
  replayed?: boolean
}

/** The events of one lab with one act, in as many rounds as wanted. */
export function stream(options: StreamOptions = {}): RunEvent[] {
  const { rounds = 1, notes = [], title = 'An example', interruptedBy = null } = options
  const results = (options.checks ?? []).map(check)
  const taken = options.steps ?? steps()
  const headers: LabHeader[] = Array.from({ length: rounds }, (_, index) => ({
    id: '90-example',
    title,
    summary: 'Is anybody there?',
    round: index + 1,
    rounds,
  }))
  const all = headers.flatMap(() => results)
  const evidence: ActEvidence = {
    act: 'first',
    port: 8080,
    notes,
    steps: taken,
    evidence: null,
    sources: {},
    skipped: null,
    problem: null,
    durationMs: 500,
  }
  const lab = '90-example'
  const act = { lab, act: 'first', number: 1, of: 1, title: `Act of ${title}`, intro: 'One dials.', port: 8080, notes }
  const events: RunEvent[] = [
    {
      type: 'run-start',
      host,
      startedAt: '2026-11-22T02:56:51.274Z',
      labs: headers,
      checks: options.planned ?? all.length,
      replayed: options.replayed ?? false,
    },
    ...headers.flatMap((header): RunEvent[] => [
      { type: 'lab-start', lab: header },
      { type: 'act-start', act },
      ...taken.map((step): RunEvent => ({ type: 'step', lab, step })),
      { type: 'act-end', lab, evidence },
      ...results.map((result): RunEvent => ({ type: 'check', result })),
      {
        type: 'lab-end',
        lab: header,
        counts: countVerdicts(results),
        remember: ['Dial first.'],
        theories: [],
        durationMs: 600,
      },
    ]),
    { type: 'run-end', host, counts: countVerdicts(all), theories: [], durationMs: 2140, interruptedBy },
  ]
  return options.cutShort ? events.slice(0, -1) : events
}

/** A run of two labs that was told to end in the second of three acts of the first one. */
export function interruptedStream(stillRunning?: number[]): RunEvent[] {
  const [start, , actStart, ...rest] = stream({ checks: [{}] })
  const [end] = rest.filter(({ type }) => type === 'run-end')
  if (start?.type !== 'run-start' || actStart?.type !== 'act-start' || end?.type !== 'run-end') return []
  const headers = ['90-example', '91-other'].map((id) => ({ id, title: 'T', summary: 'S', round: 1, rounds: 1 }))
  const beginning = (lab: string, number: number, of: number): RunEvent => {
    return { type: 'act-start', act: { ...actStart.act, lab, number, of, title: `Act ${number} of ${lab}` } }
  }
  const problem = 'interrupted by SIGINT'
  const ending = (lab: string, verdict: 'pass' | 'inconclusive', id: string): RunEvent[] => [
    { type: 'act-end', lab, evidence: { ...unseenAct('first', ''), problem: verdict === 'pass' ? null : problem } },
    { type: 'check', result: check({ id, lab, verdict, ...(verdict === 'inconclusive' && { seen: problem }) }) },
  ]
  const labEnd = (lab: LabHeader): RunEvent => {
    const counts = countVerdicts([])
    return { type: 'lab-end', lab, counts, remember: ['Dial first.'], theories: [], durationMs: 1 }
  }
  const [first, other] = headers as [LabHeader, LabHeader]
  const [one, two, three] = steps()
  const counts = countVerdicts([{ verdict: 'pass' }, ...Array(3).fill({ verdict: 'inconclusive' as const })])
  return [
    { ...start, labs: headers, checks: 4 },
    { type: 'lab-start', lab: first },
    beginning(first.id, 1, 3),
    { type: 'step', lab: first.id, step: one },
    ...ending(first.id, 'pass', 'check-one'),
    beginning(first.id, 2, 3),
    { type: 'step', lab: first.id, step: two },
    { type: 'interrupted', by: 'SIGINT' },
    { type: 'step', lab: first.id, step: three },
    ...ending(first.id, 'inconclusive', 'check-two'),
    beginning(first.id, 3, 3),
    ...ending(first.id, 'inconclusive', 'check-three'),
    labEnd(first),
    { type: 'lab-start', lab: other },
    beginning(other.id, 1, 1),
    ...ending(other.id, 'inconclusive', 'check-four'),
    labEnd(other),
    { ...end, counts, interruptedBy: 'SIGINT', ...(stillRunning && { stillRunning }) },
  ]
}

/** One check of each verdict. */
export const everyVerdict: Partial<CheckResult>[] = VERDICTS.map((verdict) => ({
  verdict,
  id: `check-that-is-${verdict}`,
}))

/** One check of each verdict, where every text that a stranger may write is hostile. */
export const hostileChecks: Partial<CheckResult>[] = VERDICTS.map((verdict) => ({
  verdict,
  question: HOSTILE,
  seen: HOSTILE,
  why: HOSTILE,
  file: HOSTILE,
  expected: verdict === 'noted' ? null : { outcomes: [HOSTILE], source: HOSTILE },
  choices: [{ outcome: HOSTILE, choice: HOSTILE }],
  claims: [{ claim: 'C1', document: HOSTILE, says: HOSTILE, holds: true }],
  prediction: { outcome: HOSTILE, right: false, becauseMany: HOSTILE },
  ...(verdict === 'pass' || verdict === 'fail' || verdict === 'noted' ? { observed: HOSTILE } : {}),
}))

export function hostileSteps(): Step[] {
  return steps().map((step) =>
    step.kind === 'list'
      ? { ...step, saw: { ...step.saw, printed: [HOSTILE], command: HOSTILE, disagreements: [HOSTILE] } }
      : step,
  )
}

/** Streams under which every format must stay whole. */
export const STREAMS: Record<string, RunEvent[]> = {
  'every verdict': stream({ checks: everyVerdict }),
  'no checks': stream(),
  'all skipped': stream({ checks: [{ verdict: 'skip' }, { verdict: 'skip', id: 'another' }] }),
  'three rounds': stream({ checks: everyVerdict, rounds: 3 }),
  interrupted: stream({
    checks: [{ verdict: 'inconclusive', seen: 'interrupted by SIGINT' }],
    interruptedBy: 'SIGINT',
  }),
  'interrupted in an act': interruptedStream([]),
  'cut short': stream({ checks: everyVerdict, planned: 8, cutShort: true }),
  'hostile texts': stream({ checks: hostileChecks, steps: hostileSteps(), notes: [HOSTILE], title: HOSTILE }),
  'no events at all': [],
}

/** What a reporter writes, piece by piece. */
export async function pieces(reporter: Reporter, events: readonly RunEvent[]): Promise<string[]> {
  async function* each() {
    yield* events
  }
  return await Array.fromAsync(reporter(each()))
}

export async function written(reporter: Reporter, events: readonly RunEvent[]): Promise<string> {
  return (await pieces(reporter, events)).join('')
}

export const plainLayout = (columns = 80) => createLayout({ columns, color: false })

/** The lines of a report that may be as wide as they are: commands, and rows of a table that a tool printed. */
export function mayBeWide(events: readonly RunEvent[]): (line: string) => boolean {
  const taken = events.flatMap((event) => (event.type === 'step' ? event.step : []))
  const printed = taken.flatMap((step) => (step.kind === 'list' ? aligned(step.saw.printed) : []))
  const rows = new Set(printed.map((row) => `     ${row}`))
  return (line) => rows.has(line) || /^ {2}(\d {2}\$|[A-Z] ) /.test(line)
}
