/** What a selftest does: which labs under which lies, all of them or a sample. */

import { createHash, randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

import { chooseLab } from '../../harness/catalog/choose.ts'
import { findLabs } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { UsageError } from '../../harness/cli/usage.ts'
import type { AnyAct } from '../../harness/domain/lab.ts'
import type { Lie } from '../../harness/domain/lie.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { Call } from '../lies/calls.ts'
import { CALLS } from '../lies/calls.ts'

export const HELP = `Shows that every check can fail: runs each lab under the lies that its checks name.

  npm run selftest                       all labs
  npm run selftest 04-dual-stack         one lab, or several
  npm run selftest -- --sample 5         five pairs of a lab and a lie, by lot: no lab twice before each had its turn
  npm run selftest -- --sample 5/SEED    the same five each time
  npm run selftest -- --calls            under system calls that are answered and never done (strace); takes a sample too

Exit code: 0 every check that could run was seen to fail, 1 some check was not, 2 wrong usage, 130 and the like for a signal.
`

export type SelftestOptions = {
  labs: string[]
  sample: { size: number; seed: string } | null
  /** Whether system calls are replaced under the programs, instead of the lies that checks name. */
  calls: boolean
  help: boolean
}

/** One lab, and the lies under which it is run. */
export type Plan<L extends string = Lie> = { lab: LoadedLab; lies: L[] }

export function readSelftestOptions(words: readonly string[]): SelftestOptions {
  const { values, positionals } = parse(words)
  return {
    labs: positionals,
    sample: readSample(values.sample),
    calls: values.calls ?? false,
    help: values.help ?? false,
  }
}

function parse(words: readonly string[]) {
  const options = {
    sample: { type: 'string' },
    calls: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]}; there are --sample N/SEED, --calls and --help`)
  }
}

function readSample(word: string | undefined): SelftestOptions['sample'] {
  if (word === undefined) return null
  const [, size, seed] = /^(\d+)(?:\/(.+))?$/.exec(word) ?? []
  if (size === undefined || Number(size) < 1) {
    throw new UsageError(`--sample takes a number from 1, and a seed if you like, such as 5 or 5/abc, not '${word}'`)
  }
  // Another sample each time, so that all come round; it is printed, so that it can be had again.
  return { size: Number(size), seed: seed ?? randomBytes(3).toString('hex') }
}

export async function planSelftest(options: Pick<SelftestOptions, 'labs' | 'sample'>): Promise<Plan[]> {
  const labs = await loadLabs(options.labs)
  const plans = labs.map((lab) => ({ lab, lies: liesOf(lab) }))
  return draw(plans, options.sample)
}

/** A lab that must be alone measures times, and those are others under strace. */
export async function planCalls(options: Pick<SelftestOptions, 'labs' | 'sample'>): Promise<Plan<Call>[]> {
  const labs = (await loadLabs(options.labs)).filter(({ lab }) => lab.alone !== true)
  return draw(
    labs.map((lab) => ({ lab, lies: [...CALLS] })),
    options.sample,
  )
}

async function loadLabs(words: readonly string[]): Promise<LoadedLab[]> {
  const ids = words.length === 0 ? findLabs() : [...new Set(words.map((word) => idFor(word)))]
  return await Promise.all(ids.map((id) => loadLab(id)))
}

function draw<L extends string>(plans: Plan<L>[], sample: SelftestOptions['sample']): Plan<L>[] {
  if (sample === null) return plans
  // Each lab's first pair comes before any lab's second one, so that a lab with few lies has its turn as often.
  const drawn = plans
    .flatMap(({ lab, lies }) =>
      byLot(lies, `${sample.seed} ${lab.id}`).map(({ one, lot }, turn) => ({ lab, lie: one, lot, turn })),
    )
    .sort((a, b) => a.turn - b.turn || a.lot.localeCompare(b.lot))
    .slice(0, sample.size)
  return plans
    .map(({ lab, lies }) => ({
      lab,
      lies: lies.filter((lie) => drawn.some((one) => one.lab === lab && one.lie === lie)),
    }))
    .filter(({ lies }) => lies.length > 0)
}

/** The lab with those acts only of which some check names one of the lies. */
export function actsUnder(loaded: LoadedLab, lies: readonly Lie[]): LoadedLab {
  const isConcerned = ({ checks }: AnyAct) => Object.values(checks).some(({ lie }) => lies.includes(lie))
  const acts = Object.entries(loaded.lab.acts).filter(([, act]) => isConcerned(act))
  return { ...loaded, lab: { ...loaded.lab, acts: Object.fromEntries(acts) } }
}

function idFor(word: string): string {
  const choice = chooseLab(word, findLabs())
  if ('id' in choice) return choice.id
  throw new UsageError(`there is no lab '${word}'; there are ${findLabs().join(', ')}`)
}

function liesOf({ lab }: LoadedLab): Lie[] {
  const checks = Object.values(lab.acts).flatMap((act) => Object.values(act.checks))
  return [...new Set(checks.map(({ lie }) => lie))]
}

/** In an order that the seed decides, alike on every machine. */
function byLot<L extends string>(lies: readonly L[], seed: string) {
  const lots = lies.map((one) => ({ one, lot: createHash('sha256').update(`${seed} ${one}`).digest('hex') }))
  return lots.sort((a, b) => a.lot.localeCompare(b.lot))
}
