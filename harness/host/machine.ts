/** Reads what this machine is, has and may do. Its questions are asked side by side, those that take longest first. */

import { availableParallelism } from 'node:os'

import { execa } from '../command/execa.ts'
import type { Capability } from '../domain/lab.ts'
import { CAPABILITIES } from '../domain/lab.ts'
import type { InstalledTool, Machine } from '../domain/machine.ts'
import { probe } from './capabilities.ts'
import { readHostFacts } from './facts.ts'
import { readInterposed } from './machine-interposed.ts'
import { readLoopback } from './machine-loopback.ts'
import { readOpenFiles, readSettings } from './machine-settings.ts'
import { readSystem } from './machine-system.ts'
import type { Capabilities } from './machine-trials.ts'
import { tryProtocols, tryRights } from './machine-trials.ts'
import { withoutHome } from './machine-private.ts'
import { runInOwnNetwork } from './own-network.ts'
import { askTool, TOOL_NAMES } from './tool-answers.ts'
import { OWN_NETWORK_PROBES } from './tools.ts'

export async function readMachine(): Promise<Machine> {
  void execa()
  const asked = Promise.all([readCapabilities(), readTools(), readSettings()])
  const { node, nodeOrigin, libuv } = readHostFacts()
  const facts = {
    system: readSystem(),
    runtime: { node, nodeOrigin, libuv, interposed: readInterposed() },
    loopback: readLoopback(),
    openFiles: readOpenFiles(),
    cores: availableParallelism(),
  }
  const [capabilities, tools, settings] = await asked
  const [protocols, rights] = await Promise.all([tryProtocols(capabilities), tryRights(capabilities)])
  return withoutHome({ ...facts, protocols, settings, tools, rights, capabilities })
}

/** Each where labs ask for it: what may only be done in a network of its own is asked in one. */
async function readCapabilities(): Promise<Capabilities> {
  const inOwnNetwork: Readonly<Partial<Record<Capability, (typeof OWN_NETWORK_PROBES)['tcpdump']>>> = OWN_NETWORK_PROBES
  const found = await Promise.all(
    CAPABILITIES.map(async (capability) => {
      const ask = inOwnNetwork[capability]
      return [capability, ask ? await ask(runInOwnNetwork) : (await probe(capability)).why] as const
    }),
  )
  return Object.fromEntries(found) as Capabilities
}

async function readTools(): Promise<InstalledTool[]> {
  return await Promise.all(
    TOOL_NAMES.map(async (name) => {
      const { version, reason, isAbsent } = await askTool(name)
      return { name, version, why: isAbsent && reason?.endsWith(': ENOENT') === true ? 'not installed' : reason }
    }),
  )
}
