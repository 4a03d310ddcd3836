/** The ledger of claims as JSON, described in docs/reports.md. For programs that compare machines. */

import type { Finding, LedgerRow } from '../domain/ledger.ts'
import { countStandings } from '../domain/ledger.ts'
import { conditionInWords, evidenceInWords, whyNotTested, whyOpen } from '../words/claims.en.ts'
import { observedInWords } from '../words/en.ts'
import type { Document, Frame } from './claims-text.ts'
import { toJson } from './plain.ts'

const CLAIMS_FORMAT = 'socket-labs-claims'
/** Raised when a field changes its meaning or goes; a new field does not raise it. */
const CLAIMS_VERSION = 1

export function claimsJson(documents: readonly Document[], { start, end }: Frame): string {
  const told = {
    format: CLAIMS_FORMAT,
    version: CLAIMS_VERSION,
    startedAt: start.startedAt,
    durationMs: end?.durationMs ?? null,
    replayed: start.replayed,
    interruptedBy: end?.interruptedBy ?? null,
    complete: end !== null && end.interruptedBy === null,
    host: start.host,
    labs: [...new Set(start.labs.map(({ id }) => id))],
    checks: end?.counts ?? null,
    counts: countStandings(documents.flatMap(({ rows }) => rows)),
    documents: documents.map(({ name, title, language, rows }) => ({
      document: name,
      title,
      language,
      counts: countStandings(rows),
      claims: rows.map(claimOf),
    })),
  }
  return `${toJson(told, 1)}\n`
}

function claimOf(row: LedgerRow) {
  const { id, kind, says, standing, exceptions, explainedIn = null, findings } = row
  return {
    id,
    kind,
    says,
    answer: standing,
    condition: standing === 'holds-with-condition' ? conditionInWords(row) : null,
    unless: exceptions,
    notTestedBecause: standing === 'not-tested' ? whyNotTested(row) : null,
    explainedIn,
    checks: findings.map(findingOf),
  }
}

function findingOf(finding: Finding) {
  const { lab, check, holds, result } = finding
  const isSeen = result !== null && result.observed !== null
  return {
    lab,
    check,
    holds,
    openBecause: holds === null ? whyOpen(finding) : null,
    question: result?.question ?? null,
    verdict: result?.verdict ?? null,
    observed: result?.observed ?? null,
    evidence: isSeen ? evidenceInWords(finding) : null,
    seen: isSeen ? observedInWords(result) : null,
  }
}
