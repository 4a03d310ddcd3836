/** Whether a check was seen to fail: its answer without a lie held against its answer under the lie. */

import type { CheckResult } from '../../harness/domain/verdict.ts'

/** `problem` says why the check has not been seen to fail. */
export type Judgement =
  { outcome: 'failed' | 'skipped'; saw: string; problem: null } | { outcome: 'unproven'; saw: string; problem: string }

/**
 * Without the lie the check must pass: one that fails anyway proves nothing. Under the lie it must fail; `inconclusive`
 * is no failure. A check without an expectation on this system cannot fail; there the lie must change its answer.
 */
export function judge(honest: CheckResult | undefined, lied: CheckResult | undefined): Judgement {
  const saw = told(lied)
  if (honest?.verdict === 'skip') return { outcome: 'skipped', saw: told(honest), problem: null }
  if (honest?.verdict !== 'pass' && honest?.verdict !== 'noted') {
    return { outcome: 'unproven', saw, problem: `without a lie it gives ${honest?.verdict}: ${told(honest)}` }
  }
  const isChanged = lied?.verdict === 'noted' && lied.observed !== honest.observed
  if (lied?.verdict === 'fail' || isChanged) return { outcome: 'failed', saw, problem: null }
  return { outcome: 'unproven', saw, problem: `it gives ${lied?.verdict}: ${saw}` }
}

function told(result: CheckResult | undefined): string {
  return result?.observed ?? result?.seen ?? 'no answer'
}
