/** Steps in which the harness is the client: it connects, or sends a datagram, and finds out who served it. */

import { setTimeout as pause } from 'node:timers/promises'

import type { Endpoint } from '../domain/endpoint.ts'
import { formatEndpoint, unmapped } from '../domain/endpoint.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import type { Connected, Sent, Tally } from '../domain/observation.ts'
import type { ProgramEvent } from '../domain/program-event.ts'
import { readKernelTables } from '../listing/kernel-tables.ts'
import { dial } from '../network/connect.ts'
import { sendDatagram } from '../network/datagram.ts'
import type { Running } from '../process/running.ts'
import { waitFor } from '../process/wait.ts'
import type { Cast } from './cast.ts'
import { mayMeetItself } from '../theories/reach.ts'
import type { StageContext } from './stage-context.ts'
import { connectAndSee, standInsOn } from './stand-in-client.ts'
import { sendAndSee } from './stand-in-datagram.ts'
import { connectToItself } from './step-itself.ts'

/** The reason of an abort that is no error; without one each abort would make an error object with a stack. */
const NO_MORE = 'no more'

type Served<E extends ProgramEvent['event']> = {
  by: { program: string; pid: number; socket?: string }
  event: Extract<ProgramEvent, { event: E }>
}

/** How often a client without a port of its own asks for one again. */
const PORT_AGAIN_MS = 100

/** With `from` the client's own end is chosen, and that it cannot be had is an observation. */
export async function connectTo(context: StageContext, to: Endpoint, from?: Partial<Endpoint>): Promise<Connected> {
  const { cast, limits } = context
  if (from && mayMeetItself(to, from)) return await connectToItself(context, to, from)
  if (standInsOn(cast, to.port, 'tcp').length > 0) return await connectAndSee(context, to, from)
  const heardBefore = heardSoFar(cast)
  const untilMs = performance.now() + limits.stepMs
  let { dialled, byRow } = await dialAndHear(context, to, from)
  // Few ports for clients: those before are in TIME-WAIT, from which tcp_tw_reuse frees them after a second.
  while (dialled.outcome === 'EADDRNOTAVAIL' && !from && performance.now() < untilMs) {
    await pause(PORT_AGAIN_MS)
    ;({ dialled, byRow } = await dialAndHear(context, to))
  }
  const { outcome, local, heard } = dialled
  const base = { to, local, heard, confirmedBy: null, servedBy: null, seenByServer: null }
  if (outcome === 'EADDRNOTAVAIL' && !from) {
    throw new Inconclusive(`no free port for a client of ${formatEndpoint(to)} (EADDRNOTAVAIL)`)
  }
  if (outcome !== 'connected') return { ...base, outcome }
  if (!local) {
    throw new Inconclusive(`the connection to ${formatEndpoint(to)} was reset before it could be looked at`)
  }
  if (local.port === to.port && local.address === to.address) {
    throw new StrangerOnPort(`the client got the port it was to connect to (${to.port}) and met itself`)
  }
  const confirmedBy = heard === '' ? (byRow ? 'row' : null) : 'byte'
  if (!confirmedBy) {
    throw new Inconclusive(
      `connect to ${formatEndpoint(to)} succeeded, but no byte came and no table shows the connection`,
    )
  }
  const served = await whoServed(
    context,
    'accepted',
    { client: local, to },
    { answered: heard !== '', heard: heardBefore },
  )
  return {
    ...base,
    outcome,
    confirmedBy,
    servedBy: served && served.by,
    seenByServer: served && { local: served.event.local, peer: served.event.peer },
  }
}

/** Connects, and hears what the server says; one that says nothing is looked for in the tables. */
async function dialAndHear(context: StageContext, to: Endpoint, from?: Partial<Endpoint>) {
  const { limits, signal } = context
  const silence = new AbortController()
  const enough = new AbortController()
  const watch = watchForSilence(context, to, silence)
  let byRow = false
  let limit = setTimeout(() => enough.abort(NO_MORE), limits.stepMs)
  const stop = () => enough.abort(NO_MORE)
  signal.addEventListener('abort', stop)
  const dialled = await dial(to, {
    ...(from && { from }),
    silence: silence.signal,
    enough: enough.signal,
    onConnected(local) {
      // A server says who it is as soon as it can. One that says nothing until here is looked for in the tables.
      clearTimeout(limit)
      limit = setTimeout(() => {
        byRow = hasConnection(local, to)
        enough.abort(NO_MORE)
      }, limits.rowMs)
    },
  })
  clearInterval(watch)
  clearTimeout(limit)
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  return { dialled, byRow }
}

/** Many connections one after the other; who served each is asked at the end, when all news has had time to come. */
export async function connectManyTo(context: StageContext, to: Endpoint, count: number): Promise<Tally> {
  const servedBy = new Map<number, Tally['servedBy'][number]>()
  for (let i = 0; i < count; i++) {
    const { outcome, servedBy: server } = await connectTo(context, to)
    if (outcome !== 'connected' || !server) throw new Inconclusive(`connection ${i + 1} of ${count}: ${outcome}`)
    const seen = servedBy.get(server.pid) ?? { ...server, connections: 0 }
    seen.connections += 1
    servedBy.set(server.pid, seen)
  }
  return { connections: count, servedBy: [...servedBy.values()].sort((a, b) => a.pid - b.pid) }
}

/** As `connectTo`: with `from` the sender's own end is chosen. */
export async function sendTo(
  context: StageContext,
  to: Endpoint,
  text: string,
  from?: Partial<Endpoint>,
): Promise<Sent> {
  const { cast, limits, signal } = context
  if (standInsOn(cast, to.port, 'udp').length > 0) return await sendAndSee(context, to, text, from)
  const heardBefore = heardSoFar(cast)
  const enough = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(limits.silenceMs))])
  const { outcome, local, heard } = await sendDatagram(to, text, enough, from)
  signal.throwIfAborted()
  const base = { to, local, text, heard, receivedBy: null, seenByServer: null }
  if (outcome !== 'received' && outcome !== 'silent') return { ...base, outcome }
  if (outcome === 'received' && heard === text && mayMeetItself(to, from)) return { ...base, outcome, metItself: true }
  const served =
    local &&
    (await whoServed(
      context,
      'received',
      { client: local, to },
      { answered: outcome === 'received', heard: heardBefore },
    ))
  // One that has chosen its own end may have sent from there before.
  if (!served || served.event.text !== text) return { ...base, outcome }
  const { by, event } = served
  return {
    ...base,
    outcome: 'received',
    receivedBy: by,
    seenByServer: { text: event.text, peer: event.peer },
  }
}

/** How many events each program had told before this step: a client may have used its port before, for another server. */
type Heard = (running: Running) => number

function heardSoFar({ members }: Cast): Heard {
  const counts = new Map(members.map((running) => [running, running.events.length]))
  return (running) => counts.get(running) ?? 0
}

/**
 * The program that reports this client's endpoint as its peer. An answer that none of our programs gave came from a
 * stranger.
 */
async function whoServed<E extends 'accepted' | 'received'>(
  context: StageContext,
  kind: E,
  ends: { client: Endpoint; to: Endpoint },
  { answered, heard }: { answered: boolean; heard: Heard },
): Promise<Served<E> | null> {
  const { cast, limits, signal } = context
  const look = (): Served<E> | undefined => {
    for (const running of cast.members) {
      const event = running.events.slice(heard(running)).findLast((one) => one.event === kind && isBetween(one, ends))
      const { program, pid } = running
      const socket = event && 'socket' in event && event.socket !== undefined ? { socket: event.socket } : {}
      if (event) return { by: { program, pid: event.pid ?? pid, ...socket }, event: event as Served<E>['event'] }
    }
    return undefined
  }
  if (!answered) return look() ?? null
  try {
    return await waitFor(look, { limitMs: limits.rowMs, signal, what: 'the server', onChange: cast.onChange })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Inconclusive)) throw error
    throw new StrangerOnPort(
      `somebody answered ${formatEndpoint(ends.client)} who is no program of this lab, or is one that never says what it accepts`,
    )
  }
}

/** A datagram's receiver does not say to which of its addresses it came, and an accepted socket does. */
function isBetween(event: ProgramEvent, { client, to }: { client: Endpoint; to: Endpoint }): boolean {
  if (!('peer' in event) || event.peer.port !== client.port) return false
  if ('local' in event && event.local.port !== to.port) return false
  return unmapped(event.peer.address) === unmapped(client.address)
}

/** Whether the kernel's tables show the client's end of the connection; without tables nobody can say. */
function hasConnection(local: Endpoint, to: Endpoint): boolean {
  const rows = readKernelTables({ port: local.port })?.rows ?? []
  return rows.some(({ peer }) => peer?.port === to.port && unmapped(peer.address) === unmapped(to.address))
}

/**
 * Silence is observed: Linux counts in the SYN-SENT row how often it has sent the SYN again, for the first time after
 * one second. Where there are no such tables a stated time has to do.
 */
function watchForSilence({ limits }: StageContext, to: Endpoint, silence: AbortController): NodeJS.Timeout {
  const since = performance.now()
  return setInterval(() => {
    const tables = readKernelTables({})
    const silent = tables
      ? tables.rows.some(
          ({ state, peer, retransmits }) =>
            state === 'SYN-SENT' && peer?.port === to.port && peer.address === to.address && (retransmits ?? 0) >= 1,
        )
      : performance.now() - since > limits.silenceMs
    if (silent) silence.abort(NO_MORE)
  }, 250)
}
