/** Keeps a session at the bench as a new lab, to go on from: its steps are the experiment, what was seen is expected. */

import { findLabFolders, labsFolder } from '../catalog/find.ts'
import type { Tried, TryStep } from '../domain/tried.ts'
import { requireFolder } from './choice.ts'
import { harnessFrom, nextCommands, writeLab } from './lab-files.ts'
import { chooseId } from './lab-new-name.ts'
import { formatStep } from '../try/grammar.ts'
import { labOf } from './try-lab-template.ts'
import { UsageError } from './usage.ts'

export type Keeping = { write: (tried: readonly Tried[], tell: (text: string) => Promise<void>) => Promise<void> }

/** Finds out before anything runs whether there can be such a lab. @throws UsageError */
export function reserve(name: string, steps: readonly TryStep[]): Keeping {
  const folder = labsFolder()
  requireFolder(folder)
  const id = chooseId([name], findLabFolders(folder))
  for (const [index, step] of steps.entries()) refuseUnfit(step, index + 1)
  return {
    async write(tried, tell) {
      for (const { asked, step } of tried) refuseUnfit(asked, step)
      const files = labOf({ id, harness: harnessFrom(folder, id), os: process.platform, tried })
      const written = await writeLab(folder, id, files)
      await tell(`${written.map((file) => `wrote ${file}\n`).join('')}${nextCommands(id)}`)
    },
  }
}

/** What the programs and the stage of a lab have no words for. @throws UsageError */
function refuseUnfit(step: TryStep, number: number): void {
  const why = whyUnfit(step)
  if (why !== null) throw new UsageError(`step ${number}, ${formatStep(step)}, cannot be kept as a lab: ${why}`)
}

function whyUnfit(step: TryStep): string | null {
  if (step.do === 'open' && step.inStep !== null) {
    return 'a program of a lab opens its own sockets; write one for a process with several'
  }
  if (step.do === 'open' && step.user !== null && step.user !== 'nobody' && step.user !== '65534') {
    return 'a lab knows one other user, nobody'
  }
  if (step.do === 'arrive' && step.protocol === 'udp' && step.from !== null) {
    return 'a datagram of a lab has no address of its own choice'
  }
  return null
}
