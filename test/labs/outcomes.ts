/**
 * One runner for the tests of labs: every outcome of every check is reached from evidence, judged and told.
 *
 * The base is what the lab's recorded run saw (labs/NN-name/recorded.json, made by `npm run -s docs -- --record NN-name`).
 * A table says for each check which small change of that evidence leads to which outcome:
 *
 *     import lab from '../../labs/04-dual-stack/lab.ts'
 *     import { fail, refuse, serve } from './changes.ts'
 *     import { testOutcomes } from './outcomes.ts'
 *
 *     const answer = await testOutcomes(lab, {
 *       dualStack: {
 *         'ipv6-client-reaches-dual-stack-listener': {
 *           ECONNREFUSED: ({ overIPv6 }) => refuse(overIPv6),
 *           'timed-out': ({ overIPv6 }) => refuse(overIPv6, 'timed-out'),
 *           EHOSTUNREACH: ({ overIPv6 }) => refuse(overIPv6, 'EHOSTUNREACH'), // nobody listed it: it must fail
 *         },
 *
 * - A change gets a copy of the act's evidence, typed as what the experiment returns, and alters it in place. A step's
 *   observation is changed with it. Several changes for one outcome stand in an array. changes.ts has the usual ones.
 * - The outcome of the recorded run needs no change. Every other outcome of the check must stand in the table.
 * - `other` and codes of errors that are no outcome of the check are evidence that fits none: it must not pass.
 * - Acts and checks that are missing in the table, and outcomes that do not exist, do not compile.
 *
 * `answer('a-check', change, 'darwin')` gives the whole answer, for what a lab has to test besides: other systems, the
 * wording of a text, and with `claimsIn(answer('a-check'))` what it says of the documents' claims.
 */

import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

import { describe, expect, test } from 'vitest'

import { labsFolder } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { recordingFile } from '../../harness/cli/docs-recording.ts'
import { readSaved } from '../../harness/cli/saved.ts'
import type { ActEvidence, Step } from '../../harness/domain/evidence.ts'
import type { Act, AnyAct, Lab } from '../../harness/domain/lab.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import { answerAct } from '../../harness/run/answer.ts'
import { expectSentence } from './sentences.ts'

type Change<E> = (evidence: E) => void
type Changes<E> = Change<E> | readonly Change<E>[]
type OutcomeTable<E, O extends readonly string[]> = { [V in O[number] | 'other' | `E${string}`]?: Changes<E> }

type LabTable<L extends Lab> = {
  [A in keyof L['acts']]: L['acts'][A] extends Act<infer E, infer C> ? { [K in keyof C]: OutcomeTable<E, C[K]> } : never
}

type CheckId<L extends Lab> = { [A in keyof L['acts']]: keyof L['acts'][A]['checks'] & string }[keyof L['acts']]

type EvidenceFor<L extends Lab, K extends string> = {
  [A in keyof L['acts']]: L['acts'][A] extends Act<infer E, infer C> ? (K extends keyof C ? E : never) : never
}[keyof L['acts']]

/** The answer to one check on the recorded evidence, or on it with a change, on the recording's system or another one. */
type Answer<L extends Lab> = <K extends CheckId<L>>(
  check: K,
  change?: Change<EvidenceFor<L, K>>,
  os?: string,
) => CheckResult

export async function testOutcomes<L extends Lab>(lab: L, table: LabTable<L>): Promise<Answer<L>> {
  const loaded = await loadLab(lab.id)
  const record = `npm run -s docs -- --record ${lab.id}`
  const file = recordingFile(labsFolder(), lab.id)
  if (!existsSync(file)) throw new Error(`${lab.id} has no recorded run: make it with ${record}`)
  const recorded = readSaved(file)
  const answer = (check: string, change?: Change<never>, os = recorded.host.os) => {
    const [act] = Object.entries<AnyAct>(lab.acts).find(([, { checks }]) => check in checks) ?? []
    const found = recorded.labs[0]?.acts.find((one) => one.act === act)
    if (!found || found.skipped !== null) throw new Error(`no recorded run of ${act}: ${found?.skipped ?? record}`)
    return answerChanged(loaded, found, check, change, os)
  }

  test('the lab has no defect', () => expect(loaded.defect).toBeNull())
  for (const [act, checks] of Object.entries<Record<string, OutcomeTable<never, string[]>>>(table)) {
    for (const [check, outcomes] of Object.entries(checks)) {
      describe(`act ${act}: ${check}`, () => {
        testCheck((change) => answer(check, change), outcomes, `Record the lab again: ${record}.`)
      })
    }
  }
  return answer
}

/** For each claim of the answer whether it holds; null where the answer does not tell. */
export function claimsIn({ claims }: CheckResult): Record<string, boolean | null> {
  return Object.fromEntries(claims.map(({ claim, holds }) => [claim, holds]))
}

function testCheck(
  answer: (change?: Change<never>) => CheckResult,
  table: OutcomeTable<never, string[]>,
  todo: string,
): void {
  const cases = Object.entries(table).flatMap(([outcome, changes = []]) =>
    [changes].flat().map((change) => ({ outcome, change })),
  )

  test('the recorded run passes, and every outcome is reached', () => {
    const { verdict, observed, seen, expected, choices } = answer()
    // A tool that only this check needs was missing where the run was recorded: then all outcomes are in the table.
    if (verdict !== 'skip') expect(verdict, `${observed ?? seen}. ${todo}`).toBe(expected ? 'pass' : 'noted')
    const all = choices.map(({ outcome }) => outcome)
    expect([...new Set([observed, ...Object.keys(table)])]).toEqual(expect.arrayContaining(all))
    if (expected) expect(expected.outcomes, 'a check that cannot fail').not.toEqual(expect.arrayContaining(all))
    if (verdict !== 'skip') expectAnswer(answer())
  })

  test.each(cases)('$outcome', ({ outcome, change }) => {
    const result = answer(change)
    const should = !result.expected ? 'noted' : result.expected.outcomes.includes(outcome) ? 'pass' : 'fail'
    expect({ observed: result.observed, verdict: result.verdict, seen: result.seen }).toMatchObject({
      observed: outcome,
      verdict: should,
    })
    expectAnswer(result)
  })
}

/** An outcome that is listed is told in sentences; one that is not is shown as it was seen, without any. */
function expectAnswer({ question, observed, seen, why, restsOn, choices }: CheckResult): void {
  expect(restsOn, 'the steps that the answer rests on').not.toEqual([])
  expect(question).toMatch(/\?$/)
  for (const { choice } of choices) expect(choice).toMatch(/^[\w:[].+\.$/)
  if (choices.some(({ outcome }) => outcome === observed))
    for (const text of [question, seen, why]) expectSentence(text)
  else expect(seen + why).toBe('')
}

function answerChanged(lab: LoadedLab, act: ActEvidence, check: string, change: Change<never> | undefined, os: string) {
  const changed = structuredClone(act)
  // A change may say what a tool would have shown that was missing where the run was recorded.
  if (change) changed.lacking = {}
  change?.(changed.evidence as never)
  for (const { path, step } of placesOf(act)) {
    const value = valueAt(changed.evidence, path)
    if (value) step(changed).saw = value as never
  }
  const found = answerAct(lab, changed, { os }).find(({ id }) => id === check)
  if (!found) throw new Error(`the act ${act.act} of ${lab.id} has no check ${check}`)
  return found
}

type Place = { path: string[]; step: (act: ActEvidence) => Pick<Step, 'saw'> }

/** Where in the evidence the observations of its steps stand: a change there is a change of what the step saw. */
function placesOf({ evidence, steps, sources }: ActEvidence): Place[] {
  const below = (value: unknown, path: string[]): Place[] => {
    if (typeof value !== 'object' || value === null) return []
    const index = steps.findIndex(
      ({ number, saw }) => sources[path[0] ?? '']?.includes(number) && isDeepStrictEqual(saw, value),
    )
    if (index >= 0) return [{ path, step: (act) => act.steps[index] as Pick<Step, 'saw'> }]
    return Object.entries(value).flatMap(([key, inner]) => below(inner, [...path, key]))
  }
  return below(evidence, [])
}

function valueAt(evidence: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key], evidence)
}
