/** `--who PORT`: who has it, since when, who is connected, and what to do about EADDRINUSE. */

import type { Who } from '../domain/ports-who.ts'
import type { MachineLook } from '../ports/machine.ts'
import { lookAtMachine } from '../ports/machine.ts'
import { whoHas } from '../ports/who.ts'
import { createLayout } from '../report/layout.ts'
import { whoJson, whoText } from '../report/ports-who.ts'
import { moreRightsShowProgram } from '../words/ports-rights.en.ts'
import { wantsColor } from './color.ts'
import type { PortsOptions } from './ports-options.ts'
import { screenOf } from './ports-output.ts'
import { tell } from './ports-page.ts'
import { onRights } from './ports-rights.ts'

export async function performWho(port: number, { from, form, page, color }: PortsOptions): Promise<void> {
  const look = await lookAtMachine(from)
  const who = whoHas(port, look)
  const screen = screenOf()
  const layout = createLayout({ columns: screen.columns, color: wantsColor(color, process.env, screen) })
  const now = new Date()
  const pieces = form === 'json' ? [whoJson(who)] : withRights(whoText(layout, who, now), who, look)
  await tell(page, pieces, async () => (await import('../report/html/ports-who.ts')).whoHtml(who, now))
}

/** Where the program is hidden from this user: the command that shows it, which is never wrapped. */
function* withRights(text: Iterable<string>, { sockets }: Who, look: MachineLook): Generator<string> {
  yield* text
  const command = sockets.some(({ pids }) => pids.length === 0) ? onRights(look)?.command : null
  if (command) yield `\n${moreRightsShowProgram}\n\n    ${command}\n`
}
