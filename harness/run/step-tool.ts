/** The step that runs a tool of the machine and keeps what it prints, and what nmap says with it. */

import { runTool, typedCommand } from '../command/tool.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Ran } from '../domain/observation.ts'
import { readNmap } from '../listing/nmap.ts'
import type { StageContext } from './stage-context.ts'

/**
 * @param prefix what stands before the command and is not shown, such as the entry into another network namespace
 * @throws Inconclusive where there is no such tool, or it printed without end
 */
export async function runForEvidence(
  { cast, limits, signal }: Pick<StageContext, 'cast' | 'limits' | 'signal'>,
  tool: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<Ran> {
  const [file = tool, ...words] = [...prefix, tool, ...args]
  const run = await runTool(file, words, { timeoutMs: limits.stepMs, signal, env: cast.faultEnv })
  signal.throwIfAborted()
  const command = typedCommand(tool, args)
  if (run.outcome === 'absent') throw new Inconclusive(`${command} cannot be run: ${run.reason}`)
  if (run.outcome === 'stopped' && !run.timedOut) throw new Inconclusive(run.reason)
  const timedOut = run.outcome === 'stopped'
  const printed = [run.stdout, run.stderr].flatMap((text) => text.trimEnd().split('\n')).map((line) => line.trimEnd())
  return {
    command,
    exitCode: run.outcome === 'ran' ? run.exitCode : null,
    printed: printed.filter((line, index) => line !== '' || (index > 0 && index < printed.length - 1)),
    timedOut,
    ...(tool === 'nmap' && { hosts: readNmap(run.stdout.split('\n').map((line) => line.trimEnd())).hosts }),
  }
}
