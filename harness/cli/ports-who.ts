/** `--who PORT`: who has it, since when, who is connected, and what to do about EADDRINUSE. */

import { lookAtMachine } from '../ports/machine.ts'
import { whoHas } from '../ports/who.ts'
import { createLayout } from '../report/layout.ts'
import { whoJson, whoText } from '../report/ports-who.ts'
import { wantsColor } from './color.ts'
import type { PortsOptions } from './ports-options.ts'
import { EXIT_BROKEN_PIPE, screenOf, writeOut } from './ports-output.ts'

export async function performWho(port: number, { from, form, color }: PortsOptions): Promise<void> {
  const who = whoHas(port, await lookAtMachine(from))
  const screen = screenOf()
  const layout = createLayout({ columns: screen.columns, color: wantsColor(color, process.env, screen) })
  const pieces = form === 'json' ? [whoJson(who)] : whoText(layout, who, new Date())
  if (!(await writeOut(pieces))) process.exitCode = EXIT_BROKEN_PIPE
}
