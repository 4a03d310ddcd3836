/** Steps that start programs: ready means that the operating system's tables agree with what the program says. */

import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import { addressFamily, formatEndpoint } from '../domain/endpoint.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { ErrorCode, Started } from '../domain/observation.ts'
import type { ProgramEvent } from '../domain/program-event.ts'
import type { Running } from '../process/running.ts'
import { waitFor } from '../process/wait.ts'
import { canonical } from '../theories/reach.ts'
import { allRowsOnPort, heldBy, isOpen, rowsOnPort, strangersOnPort } from './rows.ts'
import type { StageContext } from './stage-context.ts'

type Ready = Extract<ProgramEvent, { event: 'listening' | 'bound' | 'connected' | 'refused' | 'running' }>

const READY = new Set<ProgramEvent['event']>(['listening', 'bound', 'connected', 'refused', 'running'])

/** Waits for the first event after `heard` earlier ones that says how the program stands. */
export async function becomeReady(context: StageContext, running: Running, heard = 0): Promise<Started> {
  const { limits, signal } = context
  const event = await waitFor(() => readyEvent(running, heard), {
    limitMs: limits.stepMs,
    signal,
    what: () => `${running.program} (process ${running.pid}) to listen, to bind, or to be refused${lastWords(running)}`,
    onChange: (look) => running.onChange(look),
  })
  if (event.event === 'refused') return await refused(context, running, event)
  if (event.event === 'running') {
    const { program, pid } = running
    return { program, pid, outcome: 'running', protocol: null, local: null, rows: [], error: null, asked: null }
  }
  const protocol = event.event === 'bound' ? event.protocol : 'tcp'
  const asked = 'asked' in event ? (event.asked ?? null) : null
  const base = { program: running.program, pid: running.pid, protocol, local: event.local, error: null, asked } as const
  // A TCP socket that is bound and does not listen is not in the tables that we read. One that listens contradicts it.
  if (event.event === 'bound' && protocol === 'tcp') {
    const rows = await ownListeners(running, event.pid ?? running.pid, event.local)
    return { ...base, outcome: 'bound', rows }
  }
  const rows = await waitFor(() => ownRowsOrEnd(running, event.pid ?? running.pid, event.local, protocol), {
    limitMs: limits.rowMs,
    signal,
    what: `the row of ${running.program} on ${formatEndpoint(event.local)} in the operating system's tables, though the program says that it is there`,
    onChange: (look) => running.onChange(look),
  })
  return { ...base, outcome: event.event, rows }
}

function readyEvent(running: Running, heard: number): Ready | undefined {
  const event = running.events.slice(heard).find((one): one is Ready => READY.has(one.event))
  if (event && !isWhole(event)) {
    throw new Inconclusive(
      `${running.program} printed an event that lacks a part: ${JSON.stringify(event).slice(0, 200)}`,
    )
  }
  if (event) return event
  if (running.flooded) throw new Inconclusive(`${running.program} printed more than a megabyte and was stopped`)
  if (running.end) throw endedBefore(running, 'it said what its socket does')
  return undefined
}

/** A program is a file that anyone may edit: an event counts when it has what its type promises. */
function isWhole(event: Partial<Ready>): boolean {
  // A code that is no error's name would pass for an outcome such as `listening`.
  if (event.event === 'running') return true
  if (event.event === 'refused') return /^E[A-Z]/.test(event.error?.code ?? '')
  const { address, port } = (event as Partial<Ready & { event: 'listening' }>).local ?? {}
  return typeof address === 'string' && Number.isInteger(port)
}

function endedBefore({ program, end, otherOutput }: Running, what: string): Inconclusive {
  const how = end?.signal ? `by ${end.signal}` : `with exit code ${end?.exitCode}`
  return new Inconclusive(`${program} ended ${how} before ${what}${lastWords({ otherOutput })}`)
}

function lastWords({ otherOutput }: Pick<Running, 'otherOutput'>): string {
  return otherOutput.length === 0 ? '' : `; it printed: ${otherOutput.join(' / ')}`
}

/** A program that has ended has no row any more: nothing is left to wait for. */
async function ownRowsOrEnd(running: Running, pid: number, local: Endpoint, protocol: Protocol) {
  const isEnded = running.end !== undefined
  const rows = await ownRows(running, pid, local, protocol)
  if (!rows && isEnded) throw endedBefore(running, `its socket on ${formatEndpoint(local)} was seen in the tables`)
  return rows
}

async function ownRows(running: Running, pid: number, { address, port }: Endpoint, protocol: Protocol) {
  const table = { protocol, family: addressFamily(address), ...networkOf(running) }
  const rows = (await allRowsOnPort(port, [pid], table)).filter((row) => heldBy(row, [pid]))
  return rows.length > 0 ? rows : undefined
}

async function ownListeners(running: Running, pid: number, local: Endpoint) {
  const rows = (await ownRows(running, pid, local, 'tcp')) ?? []
  return rows.filter((row) => row.state === 'LISTEN' && canonical(row.local.address) === canonical(local.address))
}

/** Which network's tables show the sockets of a program: our own, or its. */
function networkOf({ namespaceOf }: Running) {
  return namespaceOf === undefined ? {} : { namespaceOf }
}

/** Who blocks a port: those who hold it, else connections that are left on it, which block a socket without SO_REUSEADDR. */
async function rowsInTheWay(port: number, pids: readonly number[], network: ReturnType<typeof networkOf>) {
  const open = await rowsOnPort(port, pids, network)
  return open.length > 0 ? open : await allRowsOnPort(port, pids, network)
}

/** EADDRINUSE counts when the tables show who is in the way; other errors have no row that could contradict them. */
async function refused(
  context: StageContext,
  running: Running,
  { error, asked }: Ready & { event: 'refused' },
): Promise<Started> {
  const { cast } = context
  // Node writes port -1 into the error of a socket that was bound before it was handed to server.listen.
  const port = error.port !== null && error.port > 0 ? error.port : context.port
  const all = error.code === 'EADDRINUSE' ? await rowsInTheWay(port, cast.pids, networkOf(running)) : []
  if (error.code === 'EADDRINUSE') {
    const isOurs = all.every((row) => !isOpen(row) || heldBy(row, cast.pids))
    if (!isOurs && (await strangersOnPort(port, context, networkOf(running))).length > 0) {
      throw new StrangerOnPort(`a program outside this lab holds port ${port}`)
    }
    if (all.length === 0) {
      throw new Inconclusive(
        `${running.program} says EADDRINUSE, but the operating system's tables show nobody on port ${port}`,
      )
    }
  }
  return {
    program: running.program,
    pid: running.pid,
    outcome: error.code as ErrorCode,
    protocol: null,
    local: null,
    rows: all,
    error,
    asked: asked ?? null,
  }
}
