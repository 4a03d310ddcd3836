/** Machines compared, as JSON, described in docs/compare.md. For programs; it always has every row. */

import type { Comparison } from '../domain/comparison.ts'
import { countCompared, exitCodeForComparison } from '../domain/comparison.ts'
import { toJson } from './plain.ts'

const COMPARISON_FORMAT = 'socket-labs-comparison'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const COMPARISON_VERSION = 1

const VERDICTS = { 0: 'same', 1: 'differs', 3: 'nothing-compared' } as const

export function compareJson(comparison: Comparison): string {
  const { runs, checks, facts } = comparison
  const told = {
    format: COMPARISON_FORMAT,
    version: COMPARISON_VERSION,
    result: VERDICTS[exitCodeForComparison(comparison)],
    counts: { checks: checks.length, ...countCompared(checks) },
    runs,
    checks,
    facts,
  }
  return `${toJson(told, 1)}\n`
}
