/** The table of a whole run: theories against labs. */

import type { TheoryResult, TheoryRow } from '../domain/theory.ts'
import { THEORY_NAMES } from '../domain/theory.ts'

/** One row for each lab, with the rounds of a lab taken together. */
export function tabulate(labs: readonly { lab: string; results: readonly TheoryResult[] }[]): TheoryRow[] {
  return [...new Set(labs.map(({ lab }) => lab))].map((lab) => {
    const all = labs.filter((one) => one.lab === lab).flatMap(({ results }) => results)
    const results = THEORY_NAMES.map((theory) => {
      const own = all.filter((one) => one.theory === theory)
      return {
        theory,
        judged: own.reduce((sum, { judged }) => sum + judged, 0),
        refutedBy: own.flatMap(({ refutedBy }) => refutedBy),
      }
    })
    return { lab, results }
  })
}
