/** What is wrong between the ledger of claims and the labs: claims without a check, and words about absent ones. */

import { OWN_LABS } from './find.ts'
import type { Problem } from './problem.ts'
import { checksOf, entriesOf, isPlain, lineOf } from './problem.ts'
import type { Catalogue, LabFiles } from './read.ts'

/** Labs elsewhere are a teacher's own: they may answer as few claims as they like. */
export function claimProblems(catalogue: Catalogue): Problem[] {
  if (catalogue.folder !== OWN_LABS) return []
  return [
    ...unanswered(catalogue),
    ...unexplained(catalogue),
    ...wrongExceptions(catalogue),
    ...wrongDeciders(catalogue),
  ]
}

/** The claims that want a check and have none. */
export function unansweredClaims({ labs, ledger }: Pick<Catalogue, 'labs' | 'ledger'>): string[] {
  const answers = checksByClaim(labs)
  return Object.entries(ledger.claims).flatMap(([id, { kind }]) => (kind === 'define' || answers.has(id) ? [] : [id]))
}

/** One problem for each document, however many of its claims have no check. */
function unanswered(catalogue: Catalogue): Problem[] {
  const { claims } = catalogue.ledger
  const open = unansweredClaims(catalogue)
  const documents = new Set(open.map((id) => claims[id]?.document ?? ''))
  return [...documents].map((document) => {
    const ids = open.filter((id) => claims[id]?.document === document)
    const what = `no check answers ${ids.join(', ')} of the document ${document}`
    return problemAt(catalogue, ids[0] ?? '', what, 'Write one; npm run lab:check -- --claims says what each claims.')
  })
}

function unexplained(catalogue: Catalogue): Problem[] {
  const { labs, ledger } = catalogue
  return Object.entries(ledger.claims).flatMap(([id, { kind, explainedIn }]) => {
    if (kind !== 'define' || labs.some((lab) => lab.id === explainedIn)) return []
    const what = `the definition ${id} is to be explained in ${explainedIn ?? 'no lab'}, which is not there`
    return [problemAt(catalogue, id, what, 'Name the lab that explains it, or write it.')]
  })
}

/** A case in which a claim does not hold belongs to a check that answers this claim. */
function wrongExceptions(catalogue: Catalogue): Problem[] {
  const answers = checksByClaim(catalogue.labs)
  return Object.entries(catalogue.ledger.claims).flatMap(([id, { unless = {} }]) =>
    Object.keys(unless).flatMap((check) => {
      if (answers.get(id)?.includes(check)) return []
      const what = `${id} has words for the check '${check}', which does not answer it`
      return [problemAt(catalogue, id, what, 'Name a check that does, or take the words out.')]
    }),
  )
}

/** What decides a claim best is an observation of a check that asks it. */
function wrongDeciders(catalogue: Catalogue): Problem[] {
  const answers = checksByClaim(catalogue.labs)
  return Object.entries(catalogue.ledger.claims).flatMap(([id, { decidedBy = [] }]) =>
    decidedBy.flatMap((check) => {
      if (answers.get(id)?.includes(check)) return []
      const what = `${id} is to be decided by the check '${check}', which does not answer it`
      return [problemAt(catalogue, id, what, 'Name a check that does, or none.')]
    }),
  )
}

function checksByClaim(labs: readonly LabFiles[]): Map<string, string[]> {
  const answers = new Map<string, string[]>()
  for (const { id, check } of labs.flatMap(({ lab }) => checksOf(lab.value))) {
    for (const [claim] of entriesOf(isPlain(check) ? check['claims'] : undefined)) {
      answers.set(claim, [...(answers.get(claim) ?? []), id])
    }
  }
  return answers
}

function problemAt({ ledger }: Catalogue, claim: string, what: string, todo: string): Problem {
  return { labs: [], file: ledger.file, line: lineOf(ledger.text, 'claims', claim), what, todo, stops: false }
}
