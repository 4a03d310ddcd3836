/** `--who PORT`: who has it, since when, who is connected, and what to do about EADDRINUSE. */

import type { Who } from '../domain/ports-who.ts'
import type { MachineLook } from '../ports/machine.ts'
import { lookAtMachine } from '../ports/machine.ts'
import { whoHas } from '../ports/who.ts'
import type { Layout } from '../report/layout.ts'
import { whoJson, whoText } from '../report/ports-who.ts'
import { moreRightsShowProgram } from '../words/ports-rights.en.ts'
import { inForm } from './ports-form.ts'
import type { PortsOptions } from './ports-options.ts'
import { tell } from './ports-page.ts'
import { onRights } from './ports-rights.ts'

export async function performWho(port: number, options: PortsOptions): Promise<void> {
  const look = await lookAtMachine(options.from)
  const who = whoHas(port, look)
  const now = new Date()
  const text = (layout: Layout) => withRights(whoText(layout, who, now), who, look)
  const told = inForm(options, { text, json: () => whoJson(who) })
  await tell(options.page, told, async (seen) => (await import('../report/html/ports-who.ts')).whoHtml(who, now, seen))
}

/** Where the program is hidden from this user: the command that shows it, which is never wrapped. */
function* withRights(text: Iterable<string>, { sockets }: Who, look: MachineLook): Generator<string> {
  yield* text
  const command = sockets.some(({ pids }) => pids.length === 0) ? onRights(look)?.command : null
  if (command) yield `\n${moreRightsShowProgram}\n\n    ${command}\n`
}
