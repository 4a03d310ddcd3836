/** What is wrong with the acts and the checks of a lab. */

import { CAPABILITIES } from '../domain/lab.ts'
import { LIES } from '../domain/lie.ts'
import { SYSTEMS } from '../domain/os.ts'
import type { Plain, Problem } from './problem.ts'
import { entriesOf, isPlain, lineOf, quoted, stringsOf } from './problem.ts'
import type { Claims, LabFiles } from './read.ts'

const MOST_ACTS = 5
const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** Notes a problem at the line of the last of these keys. */
type Note = (keys: string[], what: string, todo: string, stops?: boolean) => void

export function checkProblems({ id, lab: { file, text, value } }: LabFiles, claims: Claims): Problem[] {
  const problems: Problem[] = []
  const note: Note = (keys, what, todo, stops = false) => {
    problems.push({ labs: [id], file, line: lineOf(text, ...keys), what, todo, stops })
  }
  const acts = entriesOf(isPlain(value) ? value['acts'] : undefined)
  if (acts.length === 0)
    note(['acts'], 'there is no act', 'Declare one: acts: { first: act({ experiment, checks }) }.', true)
  if (acts.length > MOST_ACTS) {
    const sixth = acts[MOST_ACTS]?.[0] ?? ''
    note(['acts', sixth], `${acts.length} acts are too many: a lab has one to five`, 'Make two labs of it.')
  }
  for (const [name, act] of acts) checkAct(name, act, claims, note)
  return problems
}

function checkAct(name: string, act: unknown, claims: Claims, note: Note): void {
  const at = ['acts', name]
  if (!isPlain(act) || typeof act['experiment'] !== 'function') {
    note(at, `the act '${name}' has no experiment`, 'Write async experiment(stage) and return what was seen.', true)
  }
  if (!isPlain(act)) return
  const known: readonly string[] = CAPABILITIES
  const required: unknown[] = [act['requires'] ?? []].flat()
  for (const capability of required) {
    if (typeof capability === 'string' && known.includes(capability)) continue
    const what = `the act '${name}' requires ${JSON.stringify(capability)}, which no probe finds`
    note([...at, 'requires'], what, `Take one of ${known.join(', ')}.`, true)
  }
  const checks = entriesOf(act['checks'])
  if (checks.length === 0)
    note(at, `the act '${name}' has no checks`, 'Ask at least one question: checks: { … }.', true)
  for (const [id, check] of checks) checkCheck([...at, id], id, check, claims, note)
}

function checkCheck(at: string[], id: string, check: unknown, claims: Claims, note: Note): void {
  if (!KEBAB_CASE.test(id)) {
    note(
      at,
      `the check id '${id}' is not in kebab-case`,
      'Write words in lower case with hyphens: client-reaches-listener.',
    )
  }
  if (!isPlain(check)) return note(at, `the check '${id}' is no object`, 'Declare its outcomes, expect and lie.', true)
  if (typeof check['outcome'] !== 'function') {
    note(at, `the check '${id}' reads no outcome`, 'Write outcome: (evidence) => … with one of its outcomes.', true)
  }
  checkOutcomes(at, id, check['outcomes'], note)
  const outcomes = stringsOf(check['outcomes'])
  checkExpectations(at, id, check['expect'], outcomes, note)
  checkClaims(at, check['claims'], outcomes, claims, note)
  const lie = check['lie']
  if (typeof lie === 'string' && Object.hasOwn(LIES, lie)) return
  const what =
    lie === undefined ? `the check '${id}' names no lie` : `the lie ${JSON.stringify(lie)} is not in the register`
  note([...at, 'lie'], what, 'Take one of harness/domain/lie.ts under which this check fails.')
}

function checkOutcomes(at: string[], id: string, outcomes: unknown, note: Note): void {
  const here = [...at, 'outcomes']
  const names = stringsOf(outcomes)
  if (!Array.isArray(outcomes) || names.length !== outcomes.length) {
    return note(
      here,
      `the outcomes of '${id}' are no list of names`,
      "Write outcomes: ['connected', 'ECONNREFUSED'].",
      true,
    )
  }
  if (names.length < 2) {
    note(here, `the check '${id}' has fewer than two outcomes`, 'List every answer that can be told apart.')
  }
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  if (twice.length > 0) note(here, `'${id}' lists ${quoted(twice)} twice`, 'Name every outcome once.')
  if (names.includes('other')) {
    note(
      here,
      `'${id}' lists the outcome 'other'`,
      'Take it out: other stands for what nobody listed, and always fails.',
    )
  }
}

function checkExpectations(at: string[], id: string, expect: unknown, outcomes: string[], note: Note): void {
  const here = [...at, 'expect']
  const systems: readonly string[] = [...SYSTEMS, 'posix']
  const entries = entriesOf(expect)
  if (entries.length === 0) {
    note(
      here,
      `the check '${id}' expects nothing`,
      "Write expect: { posix: { outcome: '…', source: '…' } }.",
      !isPlain(expect),
    )
  }
  for (const [system, entry] of entries) {
    const there = [...here, system]
    if (!systems.includes(system))
      note(there, `'${id}' expects something of '${system}'`, `Take one of ${systems.join(', ')}.`)
    const { outcome, source }: Plain = isPlain(entry) ? entry : {}
    const expected = stringsOf(outcome)
    const foreign = expected.filter((one) => !outcomes.includes(one))
    if (expected.length === 0) note(there, `'${id}' names no outcome for ${system}`, "Write outcome: '…'.", true)
    if (foreign.length > 0) {
      const what = `'${id}' expects ${quoted(foreign)}, which is none of its outcomes`
      note(there, what, `Take one of ${outcomes.join(', ')}, or list it as an outcome.`, true)
    } else if (outcomes.length > 1 && outcomes.every((one) => expected.includes(one))) {
      note(
        there,
        `'${id}' expects every one of its outcomes, so it cannot fail`,
        'Expect fewer, or list more outcomes.',
      )
    }
    if (typeof source !== 'string' || source.trim() === '') {
      note(
        there,
        `the expectation of '${id}' for ${system} has no source`,
        'Name the manual page, RFC or note that says so.',
      )
    }
  }
}

function checkClaims(at: string[], answered: unknown, outcomes: string[], claims: Claims, note: Note): void {
  for (const [claim, holdsUnder] of entriesOf(answered)) {
    const here = [...at, 'claims', claim]
    if (!Object.hasOwn(claims, claim))
      note(here, `there is no claim ${claim}`, 'Look it up in labs/claims.ts, or leave it out.')
    const foreign = stringsOf(holdsUnder).filter((one) => !outcomes.includes(one))
    if (foreign.length === 0 && stringsOf(holdsUnder).length > 0) continue
    const what = foreign.length > 0 ? `under ${quoted(foreign)}, which is no outcome here` : 'under no outcome'
    note(here, `${claim} is said to hold ${what}`, `Name the outcomes under which it holds: ${outcomes.join(', ')}.`)
  }
}
