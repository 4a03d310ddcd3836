/** Names of the places of a page. They do not change from run to run, so that a link keeps pointing. */

import type { CheckResult } from '../../domain/verdict.ts'
import type { LabRecord, RunRecord } from '../record.ts'

export type Anchors = { lab: (lab: LabRecord) => string; check: (lab: LabRecord, check: CheckResult) => string }

/** The sections of a page: no lab and no check has a name with a full stop. */
export const SECTIONS = {
  surprises: 'page.surprises',
  labs: 'page.labs',
  drawings: 'page.drawings',
  theories: 'page.theories',
  claims: 'page.claims',
  machine: 'page.machine',
} as const

/** `04-dual-stack` and the id of the check; from the second round on with the number of the round. */
export function anchorsOf({ labs }: RunRecord): Anchors {
  const taken = new Set<string>(Object.values(SECTIONS))
  const give = (...wanted: string[]) => {
    const fit = wanted.map((name) => name.replace(/[^\p{L}\p{N}._-]+/gu, '-'))
    const name = fit.find((one) => !taken.has(one)) ?? `${fit.at(-1)}.${taken.size}`
    taken.add(name)
    return name
  }
  const ofLabs = new Map(labs.map((lab) => [lab, give(inRound(lab.header.id, lab))]))
  const ofChecks = new Map(
    labs.map((lab) => {
      const names = lab.checks.map((check) => {
        const [short, long] = [check.id, `${check.lab}.${check.id}`].map((name) => inRound(name, lab))
        return [check, give(short ?? '', long ?? '')] as const
      })
      return [lab, new Map(names)]
    }),
  )
  return { lab: (lab) => ofLabs.get(lab) ?? '', check: (lab, check) => ofChecks.get(lab)?.get(check) ?? '' }
}

function inRound(name: string, { header: { round } }: LabRecord): string {
  return round === 1 ? name : `${name}.run-${round}`
}
