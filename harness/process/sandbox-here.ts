/** Whether a handed-in program could be enclosed on this machine: tried by a second process, in a network of its own. */

import { join } from 'node:path'

import { runTool } from '../command/tool.ts'
import type { SandboxFacts } from '../domain/graded.ts'
import { inOwnNetwork, waysToOwnNetworkAndMounts, whyNoUnshare, whyNotMade } from '../host/own-network.ts'

const ENTRY = join(import.meta.dirname, 'sandbox-here-entry.ts')
const RESOLVE = join(import.meta.dirname, '../command/resolve.cjs')

export async function trySandboxHere(): Promise<SandboxFacts> {
  let first = ''
  for (const way of waysToOwnNetworkAndMounts()) {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--require', RESOLVE, ENTRY]
    const run = await runTool(...inOwnNetwork(way, node))
    if (run.outcome === 'absent') return none(whyNoUnshare(run.reason))
    // What is printed in a network of its own comes on standard error.
    const said = /^sandbox (\{.*\})$/m.exec(run.outcome === 'ran' ? run.stderr : '')?.[1]
    const found = said === undefined ? undefined : (JSON.parse(said) as SandboxFacts | { why: string })
    if (found && 'kind' in found) return found
    const how = run.outcome === 'ran' ? whyNotMade(run.stderr, `it ended with exit code ${run.exitCode}`) : run.reason
    first ||= found?.why ?? how
  }
  return none(first || 'there are sandboxes on Linux only')
}

function none(why: string): SandboxFacts {
  return { kind: 'none', promises: [{ what: 'a sandbox', kept: false, how: why }] }
}
