/** `npm run lab:check`: says everything that is wrong with labs: what, where, and what to do. */

import { relative } from 'node:path'

import { unansweredClaims } from '../catalog/claim-problems.ts'
import { countChecksOf, findInconsistencies } from '../catalog/inconsistencies.ts'
import type { Problem } from '../catalog/problem.ts'
import type { Catalogue } from '../catalog/read.ts'
import { readCatalogue } from '../catalog/read.ts'
import { makePages, stalePages, stalenessOf } from './docs-pages.ts'
import { chooseLabs } from './choice.ts'
import { performCommand } from './perform-command.ts'

const HELP = `Says everything that is wrong with labs: what, where, and what to do about it.

  npm run lab:check                     looks at all labs and their programs
  npm run lab:check 04-dual-stack       looks at one lab; 04 or dual-stack will do
  npm run lab:check -- --claims         lists the claims of the documents that no check answers
  npm run lab:check -- --help           this text

Exit codes: 0 nothing is wrong, 1 something is, 2 wrong usage.
`

await performCommand({
  name: 'lab:check',
  help: HELP,
  switches: ['claims'],
  async perform(words, isOn) {
    const catalogue = await readCatalogue()
    const chosen =
      words.length === 0
        ? null
        : chooseLabs(
            words,
            catalogue.labs.map(({ id }) => id),
          )
    if (isOn('claims')) return tellClaims(catalogue)
    const made = await makePages(catalogue.folder)
    const stale = stalePages(made).filter(({ lab }) => lab !== null)
    const all = [...findInconsistencies(catalogue), ...made.problems, ...stale.map(stalenessOf)]
    tell(catalogue, chosen, chosen ? all.filter(({ labs }) => labs.some((lab) => chosen.includes(lab))) : all)
  },
})

function tell({ labs }: Catalogue, chosen: readonly string[] | null, problems: readonly Problem[]): void {
  for (const { file, line, what, todo } of problems) {
    process.stdout.write(`${relative(process.cwd(), file)}:${line}\n  ${sentence(what)}\n  ${todo}\n\n`)
  }
  const looked = labs.filter(({ id }) => !chosen || chosen.includes(id))
  const checks = looked.reduce((sum, lab) => sum + countChecksOf(lab), 0)
  const found =
    problems.length === 0 ? 'nothing is wrong' : counted(problems.length, 'thing is wrong', 'things are wrong')
  process.stdout.write(`${counted(looked.length, 'lab', 'labs')}, ${counted(checks, 'check', 'checks')}: ${found}.\n`)
  if (problems.length > 0) process.exitCode = 1
}

/** What the claims without a check say. For information only. */
function tellClaims(catalogue: Catalogue): void {
  const open = unansweredClaims(catalogue)
  for (const id of open) {
    const { document = '', says = '' } = catalogue.ledger.claims[id] ?? {}
    process.stdout.write(`${id.padEnd(4)}${document}: ${says}\n`)
  }
  process.stdout.write(`${counted(open.length, 'claim', 'claims')} of the documents that no check answers yet.\n`)
}

/** A sentence begins with a capital, unless a name stands there. */
function sentence(what: string): string {
  return `${what.replace(/^(?:an?|the|there|no) /, (word) => word.charAt(0).toUpperCase() + word.slice(1))}.`
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
