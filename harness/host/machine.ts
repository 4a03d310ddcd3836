/** Reads what this machine is, has and may do. Its questions are asked side by side, those that take longest first. */

import { availableParallelism } from 'node:os'

import { execa } from '../command/execa.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Capability } from '../domain/lab.ts'
import { CAPABILITIES } from '../domain/lab.ts'
import type { InstalledTool, Machine } from '../domain/machine.ts'
import { probe } from './capabilities.ts'
import { readHostFacts } from './facts.ts'
import { readFilter } from './machine-filter.ts'
import { readInterposed } from './machine-interposed.ts'
import { readLoopback } from './machine-loopback.ts'
import { readOwnNetwork } from './machine-own-network.ts'
import { readOpenFiles, readSettings } from './machine-settings.ts'
import { readSystem } from './machine-system.ts'
import type { Capabilities } from './machine-trials.ts'
import { tryProtocols, tryRights } from './machine-trials.ts'
import { withoutHome } from './machine-private.ts'
import { runInOwnNetwork } from './own-network.ts'
import { Places } from './places.ts'
import type { ToolName } from './tool-answers.ts'
import { askTool, TOOL_NAMES } from './tool-answers.ts'
import { OWN_NETWORK_PROBES } from './tools.ts'

export async function readMachine(): Promise<Machine> {
  void execa()
  const asked = askSideBySide()
  const { node, nodeOrigin, libuv } = readHostFacts()
  const facts = {
    system: readSystem(),
    runtime: { node, nodeOrigin, libuv, interposed: readInterposed() },
    loopback: readLoopback(),
    openFiles: readOpenFiles(),
    cores: availableParallelism(),
  }
  const { filter, ownNetwork, ...answers } = await asked
  return withoutHome({ ...facts, ...(filter && { filter }), ...answers, ...(ownNetwork && { ownNetwork }) })
}

/** What this process has open meanwhile, and what one question opens: the pipes of a tool, or a few sockets. */
const [FILES_OF_ITS_OWN, FILES_OF_A_QUESTION] = [48, 6]

async function askSideBySide() {
  const { soft } = readOpenFiles() ?? { soft: 'unlimited' }
  const files = soft === 'unlimited' ? Infinity : soft
  const places = new Places(Math.max(1, Math.floor((files - FILES_OF_ITS_OWN) / FILES_OF_A_QUESTION)))
  const ask = <T>(question: () => Promise<T>) => places.take(question)
  // Those that make a network take longest.
  const capabilities = Promise.all(CAPABILITIES.map((one) => ask(() => readCapability(one)))).then(Object.fromEntries)
  const found = capabilities as Promise<Capabilities>
  const [ownNetwork, filter, settings, tools, protocols, rights] = await Promise.all([
    ask(() => orWhyNot(readOwnNetwork, () => undefined)),
    ask(() => orWhyNot(readFilter, (why) => ({ why, chains: [] }))),
    ask(readSettings),
    Promise.all(TOOL_NAMES.map((name) => ask(() => readTool(name)))),
    tryProtocols(ask),
    tryRights(found, ask),
  ])
  return { protocols, settings, tools, rights, capabilities: await found, ownNetwork, filter }
}

/** Where labs ask for it: what may only be done in a network of its own is asked in one. */
async function readCapability(capability: Capability): Promise<[Capability, string | null]> {
  const inOwnNetwork: Readonly<Partial<Record<Capability, (typeof OWN_NETWORK_PROBES)['tcpdump']>>> = OWN_NETWORK_PROBES
  const ask = inOwnNetwork[capability]
  const why = async () => (ask ? await ask(runInOwnNetwork) : (await probe(capability)).why)
  return [capability, await orWhyNot(why, (problem) => problem)]
}

async function readTool(name: ToolName): Promise<InstalledTool> {
  const answer = async () => {
    const { version, reason, isAbsent } = await askTool(name)
    return { name, version, why: isAbsent && reason?.endsWith(': ENOENT') === true ? 'not installed' : reason }
  }
  return await orWhyNot(answer, (why) => ({ name, version: null, why }))
}

/** Where files or processes are few, all questions at once may be too many. What could not be asked is told as such. */
async function orWhyNot<T>(ask: () => Promise<T>, instead: (why: string) => T): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Inconclusive) return instead(error.message)
    throw error
  }
}
