/**
 * The JUnit report, one XML document at the end: what GitLab, Jenkins and the like have in common. GitLab shows the
 * text inside an element and not its `message`, so the text is always there.
 */

import type { Reporter } from '../domain/event.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { expectedInWords, observedInWords } from '../words/en.ts'
import { labInWords } from './end-text.ts'
import type { JUnitCase, JUnitSuite, Outcome } from './junit-xml.ts'
import { junitXml } from './junit-xml.ts'
import type { ActRecord, LabRecord, RunRecord } from './record.ts'
import { gather } from './record.ts'
import { stepLines } from './step-lines.ts'

export function createJunit(): Reporter {
  return async function* (events) {
    const run = await gather(events)
    yield junitXml({ startedAt: run.startedAt, durationMs: run.durationMs, suites: suitesOf(run) })
  }
}

function suitesOf(run: RunRecord): JUnitSuite[] {
  const properties = propertiesOf(run)
  const suites = run.labs.map((lab) => ({
    name: labInWords(lab.header),
    durationMs: lab.durationMs,
    properties,
    cases: casesOf(lab),
  }))
  return run.complete ? suites : [...suites, unfinished(run, properties)]
}

function propertiesOf({ host, interruptedBy, replayed }: RunRecord): JUnitSuite['properties'] {
  if (host === null) return []
  const { os, kernel, architecture, node, nodeOrigin, libuv, ephemeralRange, superuser } = host
  const all: [string, string | undefined][] = [
    ['os', `${os} ${kernel}`],
    ['architecture', architecture],
    ['node', `${node} (${nodeOrigin})`],
    ['libuv', libuv],
    ['ephemeralRange', ephemeralRange?.join('-')],
    ['superuser', superuser?.toString()],
    ['replayed', `${replayed}`],
    ['interruptedBy', interruptedBy ?? undefined],
  ]
  return all.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
}

function casesOf({ header, acts, checks }: LabRecord): JUnitCase[] {
  const names = new Set<string>()
  return checks.map((result) => {
    const name = nameOf(result, header, names)
    // An act's time is shared out among its checks, because readers add the times up.
    const sharing = checks.filter(({ act }) => act === result.act).length
    return {
      classname: `labs.${header.id}`,
      name,
      durationMs: result.durationMs / sharing,
      file: result.file,
      line: result.line,
      outcome: outcomeOf(
        result,
        acts.find((act) => act.header.act === result.act),
      ),
    }
  })
}

/** GitLab keeps only the first of two tests with one name. */
function nameOf({ id, question }: CheckResult, { round, rounds }: LabRecord['header'], taken: Set<string>): string {
  const name = `${id} ${question}${rounds > 1 ? ` (run ${round} of ${rounds})` : ''}`
  let unique = name
  for (let number = 2; taken.has(unique); number++) unique = `${name} (${number})`
  taken.add(unique)
  return unique
}

function outcomeOf(result: CheckResult, act: ActRecord | undefined): Outcome | null {
  const { verdict, seen } = result
  if (verdict === 'pass') return null
  if (verdict === 'skip') return { element: 'skipped', message: seen, text: seen }
  if (verdict === 'noted') {
    const noted = `noted: ${observedInWords(result)}`
    return { element: 'skipped', message: noted, text: noted }
  }
  const wanted = expectedInWords(result)
  const output = (act?.steps ?? []).flatMap(stepLines).join('\n')
  const where = [
    `question: ${result.question}`,
    act && `act: ${act.header.title}${act.header.port === null ? '' : `, port ${act.header.port}`}`,
    ...(act?.header.notes ?? []).map((note) => `note: ${note}`),
    `at: ${result.file}:${result.line}`,
  ].flatMap((line) => line ?? [])
  if (verdict === 'inconclusive') {
    const text = [`nothing was observed: ${seen}`, `expected: ${wanted}`, ...where].join('\n')
    return { element: 'error', type: 'Inconclusive', message: `nothing was observed: ${seen}`, text, output }
  }
  const found = observedInWords(result)
  const evidence = result.restsOn.length === 0 ? 'none named' : `step ${result.restsOn.join(', ')}`
  const why = result.why === '' ? [] : [`why: ${result.why}`]
  return {
    element: 'failure',
    type: 'AssertionError',
    message: `expected ${wanted}, observed ${found}`,
    text: [`expected: ${wanted}`, `observed: ${found}`, `evidence: ${evidence}`, ...why, ...where].join('\n'),
    output,
  }
}

/** A run that was cut short must not read as one that passed. */
function unfinished({ planned, labs }: RunRecord, properties: JUnitSuite['properties']): JUnitSuite {
  const answered = labs.flatMap(({ checks }) => checks).length
  const text = `the run did not come to its end: ${answered} of ${planned} checks have an answer`
  const outcome: Outcome = { element: 'error', type: 'Inconclusive', message: text, text, output: '' }
  const name = 'every check has an answer'
  return {
    name: 'run',
    durationMs: 0,
    properties,
    cases: [{ classname: 'labs', name, durationMs: 0, file: '', line: 0, outcome }],
  }
}
