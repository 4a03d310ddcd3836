/** The ledger of claims after a run: whether each claim of the documents holds here, and what that rests on. */

import type { LoadedLab } from './loaded-lab.ts'
import type { ListingSource } from './socket-row.ts'
import type { CheckResult } from './verdict.ts'

/** What one document says, right or wrong. */
export type Claim = {
  document: string
  says: string
  /** `test`: an experiment answers it. `tool`: the output of a real tool does. `define`: explained, not tested. */
  kind: 'test' | 'tool' | 'define'
  /** For a check under which it does not hold the case that this check is about; it reads on after "unless ". */
  unless?: Readonly<Record<string, string>>
  /** Of the checks that ask it those whose observations decide it best. Without them it is the first one. */
  decidedBy?: readonly string[]
  /** For a definition the lab in which it comes up. */
  explainedIn?: string
}

export const STANDINGS = ['holds', 'does-not-hold', 'holds-with-condition', 'not-tested', 'definition'] as const

export type Standing = (typeof STANDINGS)[number]

/** What one check came to, as far as one claim is concerned. */
export type Finding = {
  lab: string
  check: string
  /** The tool of whose output the claim speaks. */
  shownBy: ListingSource | null
  /** `null` where nothing was observed, or by another tool. */
  holds: boolean | null
  /** `null` where the check is not part of the run. */
  result: CheckResult | null
}

export type LedgerRow = Claim & {
  id: string
  standing: Standing
  /** The cases in which it does not hold, where the ledger has words for each of them. */
  exceptions: string[]
  findings: Finding[]
}

/**
 * @param labs all labs that there are, whether they ran or not, in their order.
 * @param results what the checks of a run came to; several for one check where a lab ran more than once.
 */
export function ledgerOf(
  claims: Readonly<Record<string, Claim>>,
  labs: readonly LoadedLab[],
  results: readonly CheckResult[],
): LedgerRow[] {
  return Object.entries(claims).map(([id, claim]) => {
    const findings = labs.flatMap((lab) => findingsIn(lab, id, results))
    const standing = claim.kind === 'define' ? 'definition' : standingOf(findings.map(({ holds }) => holds))
    return { ...claim, id, standing, exceptions: exceptionsOf(claim, standing, findings), findings }
  })
}

/**
 * Several checks may answer one claim. It holds only where each of them was observed and bears it out. One that was not
 * observed leaves the claim open, unless another one has refuted it already.
 */
export function standingOf(answers: readonly (boolean | null)[]): Standing {
  if (answers.includes(false)) return answers.includes(true) ? 'holds-with-condition' : 'does-not-hold'
  return answers.length === 0 || answers.includes(null) ? 'not-tested' : 'holds'
}

/** The checks to tell of where one asks why it holds, or why it does not: those that decide it best. */
export function decidingOf({ decidedBy = [], findings }: LedgerRow, holds: boolean): Finding[] {
  const all = findings.filter((finding) => finding.holds === holds)
  const best = decidedBy.flatMap((id) => all.find(({ check }) => check === id) ?? [])
  return best.length > 0 ? best : all.slice(0, 1)
}

/**
 * The checks that did not answer it, where one of them could have changed what it came to. A claim that holds has none:
 * one open check is enough to leave it untested.
 */
export function openOf({ standing, findings }: LedgerRow): Finding[] {
  return standing === 'definition' ? [] : findings.filter(({ holds }) => holds === null)
}

/** How many answers are open because a check was skipped, and how many for other reasons alone. */
export function countOpen(rows: readonly LedgerRow[]): Record<'bySkips' | 'otherwise', OpenAnswers> {
  const isSkipped = (row: LedgerRow) => openOf(row).some(({ result }) => result?.verdict === 'skip')
  const count = (some: readonly LedgerRow[]) => {
    const notTested = some.filter(({ standing }) => standing === 'not-tested').length
    return { notTested, mayChange: some.length - notTested }
  }
  const open = rows.filter((row) => row.standing === 'not-tested' || openOf(row).length > 0)
  return { bySkips: count(open.filter(isSkipped)), otherwise: count(open.filter((row) => !isSkipped(row))) }
}

/** Either there is no answer, or there is one that the open checks might have changed. */
export type OpenAnswers = { notTested: number; mayChange: number }

export function countStandings(rows: readonly LedgerRow[]): Record<Standing, number> {
  const count = (standing: Standing) => rows.filter((row) => row.standing === standing).length
  return Object.fromEntries(STANDINGS.map((standing) => [standing, count(standing)])) as Record<Standing, number>
}

/** The labs of which some check answers one of these claims. */
export function labsThatAnswer(labs: readonly LoadedLab[], claims: readonly string[]): LoadedLab[] {
  return labs.filter((lab) => claims.some((claim) => findingsIn(lab, claim, []).length > 0))
}

function findingsIn({ id: lab, lab: { acts } }: LoadedLab, claim: string, results: readonly CheckResult[]): Finding[] {
  const checks = Object.values(acts).flatMap((act) => Object.entries(act.checks))
  return checks.flatMap(([check, { claims = {}, shownBy = null }]): Finding[] => {
    if (!Object.hasOwn(claims, claim)) return []
    const found = results.filter((result) => result.lab === lab && result.id === check)
    if (found.length === 0) return [{ lab, check, shownBy, holds: null, result: null }]
    const all = found.map((result) => {
      const holds = result.claims.find((answer) => answer.claim === claim)?.holds ?? null
      return { lab, check, shownBy, holds, result }
    })
    // Rounds that agree say it once.
    return all.filter(({ holds }, index) => all.findIndex((other) => other.holds === holds) === index)
  })
}

/** Nothing where one of the cases has no words: the others alone would say too much. */
function exceptionsOf({ unless = {} }: Claim, standing: Standing, findings: readonly Finding[]): string[] {
  if (standing !== 'holds-with-condition') return []
  const refuting = findings.filter(({ holds }) => holds === false)
  // A check that came out both ways in two rounds is no case of its own.
  const both = refuting.some(({ check }) => findings.some((other) => other.check === check && other.holds === true))
  const words = refuting.map(({ check }) => unless[check])
  return both ? [] : unique(words.some((word) => word === undefined) ? [] : (words as string[]))
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)]
}
