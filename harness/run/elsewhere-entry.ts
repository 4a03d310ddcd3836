/**
 * The second process of the harness: started in a network of its own, it performs an act there and tells what happens
 * to the first process. For the next act it goes into a fresh network; where it cannot, it ends. It ends with its channel.
 */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { programFile } from '../catalog/find.ts'
import { execa } from '../command/execa.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { AnyAct, Lab } from '../domain/lab.ts'
import { know } from '../host/capabilities.ts'
import { readHostFacts } from '../host/facts.ts'
import { knowPython } from '../host/tools.ts'
import { enterFreshNetwork, openSockets } from '../process/fresh-network.ts'
import { performAct, whySkipped } from './act.ts'
import { SERVED_BEFORE } from './elsewhere-messages.ts'
import type { FromElsewhere, Outcome, ToElsewhere } from './elsewhere-messages.ts'
import { Limits } from './limits.ts'

// Every act starts a program or runs a tool, so execa is needed in any case: it loads while we are told what to do.
void execa()

type Prepared = { act: AnyAct; name: string; folder: string }

/** Its channel and its output. */
const oursFromTheStart = openSockets()

const stopping = new AbortController()
let prepared: Prepared | undefined
let isPerforming = false
let hasServed = false
/** What nobody caught. */
let dropped: string | undefined

process.on('message', (message: ToElsewhere) => void hear(message))
process.on('disconnect', () => {
  stopping.abort(new Inconclusive('the harness has ended'))
  if (!isPerforming) process.exit()
})
// An experiment that drops a promise must not leave its programs behind.
for (const event of ['unhandledRejection', 'uncaughtException']) {
  process.on(event, (error: unknown) => {
    dropped ??= `an error that nobody caught: ${String(error)}`
    stopping.abort(new Inconclusive(dropped))
    // What an act has dropped may fail after its end. The next one, of another lab perhaps, is not to suffer for it.
    if (hasServed && !isPerforming) process.exit()
  })
}

async function hear(message: ToElsewhere): Promise<void> {
  if (message.tell === 'stop') stopping.abort(new Inconclusive(message.why))
  else if (message.tell === 'prepare') say({ say: 'prepared', ...(await prepare(message)) })
  else if (prepared) {
    isPerforming = true
    const outcome = await perform(prepared, message)
    const isFree = process.connected && (await isAsNew(outcome))
    isPerforming = false
    hasServed = true
    say({ ...outcome, isFree }, () => isFree || process.exit())
    // With the channel gone nobody hears the last word, and there is nothing more to wait for.
    if (!process.connected) process.exit()
  }
}

/** Only after an act that went as it should, and where nothing of it is left, the next one is performed here as well. */
async function isAsNew(outcome: Outcome): Promise<boolean> {
  const wentWell = outcome.say === 'again' || outcome.evidence.problem === null
  if (!wentWell || stopping.signal.aborted) return false
  prepared = undefined
  return (await enterFreshNetwork(oursFromTheStart)) && !stopping.signal.aborted
}

function say(message: FromElsewhere, onSaid = () => {}): void {
  if (process.connected) process.send?.(message, onSaid)
}

async function prepare({ folder, lab, act: name, known, python }: ToElsewhere & { tell: 'prepare' }) {
  try {
    know(known)
    knowPython(python)
    const module = (await import(pathToFileURL(join(folder, lab, 'lab.ts')).href)) as { default: Lab }
    const act = module.default.acts[name]
    if (!act) return { skipped: null, problem: `${lab} has no act ${name}` }
    prepared = { act, name, folder }
    // That there is a network of its own is known here.
    const requires = (act.requires ?? []).filter((capability) => capability !== 'own-network')
    return { skipped: await whySkipped({ ...act, requires }), problem: null }
  } catch (error) {
    return { skipped: null, problem: `${lab} could not be loaded in a network of its own: ${String(error)}` }
  }
}

async function perform(
  { act, name, folder }: Prepared,
  { runId, fault, slowestStartMs, full, port, notes }: ToElsewhere & { tell: 'perform' },
): Promise<Outcome> {
  const limits = new Limits({ labMs: undefined, ownStartMs: slowestStartMs, full })
  let lastPort = port
  try {
    const evidence = await performAct(act, {
      act: name,
      port,
      notes,
      runId,
      fault,
      full,
      network: 'own',
      limits,
      // Its range of ephemeral ports is this network's: namespaces do not share it.
      host: readHostFacts(),
      programFile: (program) => programFile(program, folder),
      signal: stopping.signal,
      // Every number is free here: nobody else can be in this network.
      leaseAnother: () => Promise.resolve((lastPort = following(lastPort))),
      onStep: (step) => say({ say: 'step', step }),
      onProgress: (progress) => say({ say: 'progress', progress }),
    })
    // What nobody caught may be the earlier act's: in a process that has served none it is known whose it is.
    if (hasServed && dropped !== undefined) return { say: 'again', why: `${SERVED_BEFORE}, and there was ${dropped}` }
    return { say: 'performed', evidence: { ...evidence, steps: [] }, slowestStartMs: limits.slowestStartMs }
  } catch (error) {
    if (!(error instanceof StrangerOnPort)) throw error
    return { say: 'again', why: error.message }
  }
}

/** The next number; after the last one the first that needs no privilege. */
function following(port: number): number {
  return port < 65_535 ? port + 1 : 1024
}
