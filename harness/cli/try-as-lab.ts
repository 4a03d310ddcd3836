/** Keeps a session at the bench as a new lab, to go on from: its steps are the experiment, what was seen is expected. */

import { findLabFolders, labsFolder } from '../catalog/find.ts'
import type { Tried, TryStep } from '../domain/tried.ts'
import { formatStep } from '../domain/tried.ts'
import { requireFolder } from './choice.ts'
import { harnessFrom, nextCommands, writeLab } from './lab-files.ts'
import { chooseId } from './lab-new-name.ts'
import { isOfAnother } from './try-lab-parts.ts'
import { labOf } from './try-lab-template.ts'
import { UsageError } from './usage.ts'

export type Keeping = {
  /** Why a step that comes after these cannot be kept; null where it can. */
  whyUnfit: (step: TryStep, earlier: readonly TryStep[]) => string | null
  write: (tried: readonly Tried[], tell: (text: string) => Promise<void>) => Promise<void>
}

/** Finds out before anything runs whether there can be such a lab. @throws UsageError */
export function reserve(name: string, steps: readonly TryStep[]): Keeping {
  const folder = labsFolder()
  requireFolder(folder)
  const id = chooseId([name], findLabFolders(folder))
  for (const [index, step] of steps.entries()) {
    const why = whyUnfit(step, steps.slice(0, index))
    if (why !== null) throw new UsageError(`step ${index + 1}: ${why}`)
  }
  return {
    whyUnfit,
    async write(tried, tell) {
      const files = labOf({ id, harness: harnessFrom(folder, id), os: process.platform, tried })
      const written = await writeLab(folder, id, files)
      const left = tried.flatMap(({ outcome, typed, step }) => (outcome === null ? [`  ${step}  ${typed}\n`] : []))
      const note = left.length > 0 ? `\nLeft out, because nothing was observed:\n${left.join('')}` : ''
      await tell(`${written.map((file) => `wrote ${file}\n`).join('')}${note}${nextCommands(id)}`)
    },
  }
}

/** A lab has its own user and one other: whoever that is at the bench, in the lab it is nobody. */
function whyUnfit(step: TryStep, earlier: readonly TryStep[]): string | null {
  const others = [...earlier, step].flatMap((one) => (one.do === 'open' && isOfAnother(one.user) ? [one.user] : []))
  const [first] = others
  if (step.do !== 'open' || step.user === null || others.every((user) => user === first)) return null
  return `${formatStep(step)} cannot be kept as a lab, which knows one other user, and here that is ${first} already`
}
