/** Holds the checks of a run against what another run saw: its answers are the expectation then. */

import type { ComparedCheck } from '../domain/comparison.ts'
import type { SavedAnswer, SavedRun } from '../domain/evidence.ts'
import type { CheckResult } from '../domain/verdict.ts'

/** `label` names the other run in a report: the name of its file. */
export type Baseline = { label: string; saved: SavedRun }

/** The part of a saved run that has to do with these labs. */
export function ofLabs(saved: SavedRun, labs: readonly string[]): SavedRun {
  const isMeant = ({ lab }: { lab: string }) => labs.includes(lab)
  return { ...saved, labs: saved.labs.filter(isMeant), answers: saved.answers.filter(isMeant) }
}

/**
 * A check that saw what the other run saw passes, whatever the table of this system says; one that saw something else
 * fails. Where the other run saw nothing, there is nothing to hold it against.
 */
export function judgedBy({ label, saved }: Baseline): (result: CheckResult) => CheckResult {
  const answers = Map.groupBy(saved.answers, nameOf)
  return (result) => {
    const before = answers.get(nameOf({ lab: result.lab, check: result.id })) ?? []
    const outcomes = [...new Set(before.flatMap(({ observed }) => observed ?? []))]
    const expected = outcomes.length === 0 ? null : { outcomes, source: `observed by ${label}` }
    if (result.observed === null) return { ...result, expected }
    const isSame = outcomes.includes(result.observed)
    return { ...result, expected, verdict: expected === null ? 'noted' : isSame ? 'pass' : 'fail' }
  }
}

/** What the other run saw in some of its rounds is no difference here, though the other one was unsteady. */
export function asJudged(check: ComparedCheck): ComparedCheck {
  const [before, here] = check.answers.map((answer) => answer?.observed ?? [])
  const isWithin = here !== undefined && here.every((outcome) => before?.includes(outcome))
  return check.likeness === 'differs' && isWithin ? { ...check, likeness: 'same' } : check
}

function nameOf({ lab, check }: Pick<SavedAnswer, 'lab' | 'check'>): string {
  return `${lab} ${check}`
}
