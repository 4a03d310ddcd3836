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
import { EXIT_BROKEN_PIPE, screenOf, writeOut } from './ports-output.ts'
import { onRights } from './ports-rights.ts'

export async function performWho(port: number, { from, form, color }: PortsOptions): Promise<void> {
  const look = await lookAtMachine(from)
  const who = whoHas(port, look)
  const screen = screenOf()
  const layout = createLayout({ columns: screen.columns, color: wantsColor(color, process.env, screen) })
  const pieces = form === 'json' ? [whoJson(who)] : withRights(whoText(layout, who, new Date()), who, look)
  if (!(await writeOut(pieces))) process.exitCode = EXIT_BROKEN_PIPE
}

/** Where the program is hidden from this user: the command that shows it, which is never wrapped. */
function* withRights(text: Iterable<string>, { sockets }: Who, look: MachineLook): Generator<string> {
  yield* text
  const command = sockets.some(({ pids }) => pids.length === 0) ? onRights(look)?.command : null
  if (command) yield `\n${moreRightsShowProgram}\n\n    ${command}\n`
}
