/** A client or a datagram comes to the port: which socket of which process gets it? */

import type { Endpoint } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import { StrangerOnPort } from '../domain/inconclusive.ts'
import type { Connected, Sent } from '../domain/observation.ts'
import type { TryOutcome, TryStep } from '../domain/tried.ts'
import { dial } from '../network/connect.ts'
import { sendDatagram } from '../network/datagram.ts'
import type { Running } from '../process/running.ts'
import type { StageContext } from '../run/stage-context.ts'
import { connectTo } from '../run/step-client.ts'
import { hear } from '../run/step-program.ts'
import { mayMeetItself } from './foretell.ts'

type Arrival = TryStep & { do: 'arrive' }

export type Arrived = {
  outcome: TryOutcome
  /** The step whose socket got it, and the process, which may be that of an earlier step. */
  receiver: { step: number; pid: number } | null
  evidence: (Connected | Sent) & { metItself?: true }
}

export async function arrive(context: StageContext, step: Arrival, number: number): Promise<Arrived> {
  return step.protocol === 'tcp' ? await visit(context, step) : await post(context, step, number)
}

/** A TCP client connects, hears which socket it reached, and leaves. The socket's program resets the connection then. */
async function visit(context: StageContext, step: Arrival): Promise<Arrived> {
  const to = { address: step.address, port: context.port }
  if (mayMeetItself(step, to.port)) return await meetItself(context, step, to)
  // Whatever keeps this client from having an own end is an answer here, also where it chose none: there may be no IPv6.
  const connected = await connectTo(context, to, originOf(step) ?? {})
  const { outcome, servedBy, local } = connected
  const server = context.cast.members.find(({ pid }) => pid === servedBy?.pid)
  const name = server && takenBy(server, (taken) => taken['client'] === local?.port)
  if (!server || name === undefined) {
    return { outcome: outcome === 'timed-out' ? 'silent' : outcome, receiver: null, evidence: connected }
  }
  await hear(context, server.pid, null, 'left')
  return { outcome: 'connected', receiver: { step: name, pid: server.pid }, evidence: connected }
}

/** No other socket can be where the client is bound, so whatever is connected there is the client itself. */
async function meetItself({ limits, signal }: StageContext, step: Arrival, to: Endpoint): Promise<Arrived> {
  const enough = new AbortController()
  const limit = AbortSignal.any([signal, enough.signal, AbortSignal.timeout(Math.ceil(limits.silenceMs))])
  const from = originOf(step)
  const dialled = await dial(to, {
    ...(from && { from }),
    silence: limit,
    enough: limit,
    onConnected: () => enough.abort(),
  })
  signal.throwIfAborted()
  const { outcome } = dialled
  const evidence = { to, ...dialled, confirmedBy: null, servedBy: null, seenByServer: null }
  if (outcome !== 'connected')
    return { outcome: outcome === 'timed-out' ? 'silent' : outcome, receiver: null, evidence }
  return { outcome, receiver: null, evidence: { ...evidence, metItself: true } }
}

/** A datagram with a text of its own, so that the program that got it can be told from those that got others. */
async function post(context: StageContext, step: Arrival, number: number): Promise<Arrived> {
  const { cast, limits, signal } = context
  const to = { address: step.address, port: context.port }
  const text = `step ${number}`
  const takers = () =>
    cast.members.flatMap((member) => {
      const name = takenBy(member, (taken) => taken['text'] === text)
      return name === undefined ? [] : [{ step: name, pid: member.pid, program: member.program }]
    })
  const taken = new AbortController()
  // The answer of a socket on a wildcard address may come from another address than was dialled, and be dropped.
  const stopListening = cast.onChange(() => {
    if (takers().length > 0) taken.abort()
  })
  const enough = AbortSignal.any([signal, taken.signal, AbortSignal.timeout(Math.ceil(limits.silenceMs))])
  const { outcome, local, heard } = await sendDatagram(to, text, enough, originOf(step)).finally(stopListening)
  signal.throwIfAborted()
  const sent = { to, local, text, heard, receivedBy: null, seenByServer: null }
  const [taker] = takers()
  if (taker) {
    const receivedBy = { program: taker.program, pid: taker.pid }
    const seenByServer = local && { text, peer: local }
    const evidence = { ...sent, outcome: 'received' as const, receivedBy, seenByServer }
    return { outcome: 'received', receiver: { step: taker.step, pid: taker.pid }, evidence }
  }
  if (outcome !== 'received') return { outcome, receiver: null, evidence: { ...sent, outcome } }
  // What came back is the datagram itself.
  if (heard === text && mayMeetItself(step, to.port)) {
    return { outcome, receiver: null, evidence: { ...sent, outcome, metItself: true } }
  }
  throw new StrangerOnPort(`somebody answered for ${formatEndpoint(to)} who is no program of this bench`)
}

function originOf({ from }: Arrival): Partial<Endpoint> | undefined {
  return from ? { address: from.address, ...(from.port !== null && { port: from.port }) } : undefined
}

/** The name of the socket by which a program took something: the number of the step that opened it. */
function takenBy({ events }: Running, isIt: (taken: Record<string, unknown>) => boolean): number | undefined {
  for (const event of events.toReversed()) {
    if (event.event !== 'saw' || event.what !== 'taken') continue
    const taken = event.value as Record<string, unknown>
    if (isIt(taken)) return Number(taken['name'])
  }
  return undefined
}
