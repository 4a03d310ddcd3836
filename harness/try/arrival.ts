/** A client or a datagram comes to the port: which socket of which process gets it? */

import type { Endpoint } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import { StrangerOnPort } from '../domain/inconclusive.ts'
import type { Connected, Sent } from '../domain/observation.ts'
import type { TryOutcome, TryStep } from '../domain/tried.ts'
import { sendDatagram } from '../network/datagram.ts'
import type { Running } from '../process/running.ts'
import type { StageContext } from '../run/stage-context.ts'
import { connectTo } from '../run/step-client.ts'
import { hear } from '../run/step-program.ts'
import { mayMeetItself } from '../theories/reach.ts'

type Arrival = TryStep & { do: 'arrive' }

export type Arrived = {
  outcome: TryOutcome
  /** The step whose socket got it, and the process, which may be that of an earlier step. */
  receiver: { step: number; pid: number } | null
  evidence: Connected | Sent
}

export async function arrive(context: StageContext, step: Arrival, number: number): Promise<Arrived> {
  return step.protocol === 'tcp' ? await visit(context, step) : await post(context, step, number)
}

/** A TCP client connects, hears which socket it reached, and leaves. The socket's program resets the connection then. */
async function visit(context: StageContext, step: Arrival): Promise<Arrived> {
  const to = { address: step.address, port: context.port }
  // Whatever keeps this client from having an own end is an answer here, also where it chose none: there may be no IPv6.
  const evidence = await connectTo(context, to, originOf(step) ?? {})
  const { outcome, servedBy } = evidence
  if (servedBy?.socket === undefined) {
    return { outcome: outcome === 'timed-out' ? 'silent' : outcome, receiver: null, evidence }
  }
  await hear(context, servedBy.pid, null, 'left')
  return { outcome: 'connected', receiver: { step: Number(servedBy.socket), pid: servedBy.pid }, evidence }
}

/** A datagram with a text of its own, so that the program that got it can be told from those that got others. */
async function post(context: StageContext, step: Arrival, number: number): Promise<Arrived> {
  const { cast, limits, signal } = context
  const to = { address: step.address, port: context.port }
  const text = `step ${number}`
  const takers = () =>
    cast.members.flatMap((member) => {
      const { pid, program } = member
      const name = takenBy(member, text)
      return name === undefined ? [] : [{ step: Number(name), pid, program }]
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
  if (heard === text && mayMeetItself(to, originOf(step))) {
    return { outcome, receiver: null, evidence: { ...sent, outcome, metItself: true } }
  }
  throw new StrangerOnPort(`somebody answered for ${formatEndpoint(to)} who is no program of this bench`)
}

function originOf({ from }: Arrival): Partial<Endpoint> | undefined {
  return from ? { address: from.address, ...(from.port !== null && { port: from.port }) } : undefined
}

/** The name of the socket by which a program got a datagram: the number of the step that opened it. */
function takenBy({ events }: Running, text: string): string | undefined {
  for (const event of events) if (event.event === 'received' && event.text === text) return event.socket
  return undefined
}
