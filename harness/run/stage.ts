/** The stage of one act: every call does one thing, records it as a step, and returns what was seen. */

import type { Endpoint } from '../domain/endpoint.ts'
import type { StepKind } from '../domain/evidence.ts'
import type { Started } from '../domain/observation.ts'
import type { Neighbour, Stage } from '../domain/stage.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import { OTHER_USER_ID } from '../host/capabilities.ts'
import type { Running } from '../process/running.ts'
import { StandIn } from '../process/stand-in.ts'
import type { StageContext } from './stage-context.ts'
import { connectManyTo, connectTo, sendTo } from './step-client.ts'
import { listPort } from './step-list.ts'
import { hear, endProgram, pauseProgram } from './step-program.ts'
import { readRecorded } from './step-read.ts'
import { scanFor } from './step-scan.ts'
import { seeEnd } from './stand-in-end.ts'
import { seeStart } from './stand-in-start.ts'
import { becomeReady } from './step-start.ts'
import { meetNeighbour } from './step-neighbour.ts'
import { runForEvidence } from './step-tool.ts'

export function createStage(context: StageContext): Stage {
  const { cast, limits, recorder, signal } = context

  /** Does something and records it as one step, with the time that it took. */
  const step = async <K extends StepKind>(perform: () => Promise<K>): Promise<K['saw']> => {
    signal.throwIfAborted()
    const over = recorder.begin()
    try {
      const kind = await perform()
      over(kind)
      return kind.saw
    } catch (error) {
      over(null)
      throw error
    }
  }

  const start = (program: string, words: (string | number)[], asAnotherUser: boolean): Promise<Started> =>
    step(async () => {
      const since = recorder.nowMs
      const args = words.map(String)
      const running = await cast.start(program, args, asAnotherUser ? { SOCKET_LABS_UID: String(OTHER_USER_ID) } : {})
      if (running instanceof StandIn) {
        return { kind: 'start', program, args, asAnotherUser, saw: await seeStart(context, running) }
      }
      const saw = await becomeReady(context, running)
      // Only of the harness's own programs it is known that nothing but the machine makes them slow.
      limits.learnStart(recorder.nowMs - since)
      return { kind: 'start', program, args, asAnotherUser, saw }
    })

  const end = (kind: 'ended' | 'stop' | 'kill', { pid }: Started) =>
    step(async () => {
      const running = cast.member(pid)
      const saw = running instanceof StandIn ? seeEnd(context, kind, running) : endProgram(context, kind, pid)
      return { kind, ...named(running), saw: await saw }
    })

  const pause = (kind: 'pause' | 'resume', { pid }: Started) =>
    step(async () => ({ kind, ...named(cast.member(pid)), saw: await pauseProgram(context, kind, pid) }))

  const listen = ({ pid }: Started, line: string | null, what: string) =>
    step(async () => ({
      kind: 'said' as const,
      ...named(cast.member(pid)),
      line,
      saw: await hear(context, pid, line, what),
    }))

  let neighbour: Promise<Neighbour> | undefined

  const to = (address: string, port = context.port): Endpoint => ({ address, port })

  return {
    port: context.port,
    ephemeralRange: context.ephemeralRange,
    get full() {
      if (context.full === null) throw new Error('stage.full needs an act with longForm: true')
      return context.full
    },

    has(capability) {
      const lacks = context.lacks(capability)
      if (lacks === undefined) throw new Error(`no check of this act requires ${capability}: nobody looked for it`)
      return !lacks
    },

    async anotherPort() {
      signal.throwIfAborted()
      const port = await context.leaseAnother()
      context.ports.push(port)
      return port
    },

    start: (program, ...args) => start(program, args, false),
    startAsAnotherUser: (program, ...args) => start(program, args, true),

    connect: (address, { port, from } = {}) =>
      step(async () => ({
        kind: 'connect',
        ...to(address, port),
        ...(from && { from }),
        saw: await connectTo(context, to(address, port), from),
      })),

    connectMany: (address, count, { port } = {}) =>
      step(async () => ({
        kind: 'connect-many',
        ...to(address, port),
        count,
        saw: await connectManyTo(context, to(address, port), count),
      })),

    send: (address, text, { port, from } = {}) =>
      step(async () => ({
        kind: 'send',
        ...to(address, port),
        text,
        ...(from && { from }),
        saw: await sendTo(context, to(address, port), text, from),
      })),

    list: (preferred, { port = context.port, connections = false } = {}) =>
      step(async () => ({ kind: 'list', port, saw: await listPort(context, { port, connections }, preferred) })),

    run: (tool, ...args) =>
      step(async () => ({
        kind: 'run',
        onNeighbour: false,
        saw: await runForEvidence(context, tool, args.map(String)),
      })),

    read: (format, file) =>
      step(async () => ({ kind: 'read' as const, saw: await Promise.resolve(readRecorded(format, file)) })),

    proceed: ({ pid }, line) =>
      step(async () => {
        const running = cast.member(pid)
        const heard = running.events.length
        running.write(`${line ?? ''}\n`)
        const typed = line === undefined ? {} : { line }
        return { kind: 'proceed', ...named(running), ...typed, saw: await becomeReady(context, running, heard) }
      }),

    said: (started, what) => listen(started, null, what),
    ask: (started, line, what) => listen(started, line, what),
    pause: (started) => pause('pause', started),
    resume: (started) => pause('resume', started),
    ended: (started) => end('ended', started),
    stop: (started) => end('stop', started),
    kill: (started) => end('kill', started),

    scan: (protocol, address, range) =>
      step(async () => ({ kind: 'scan', protocol, address, saw: await scanFor(context, protocol, address, range) })),
    neighbour: () => (neighbour ??= meetNeighbour(context, step)),
    progress: (done, total, what) => context.onProgress({ done, total, what }),
  }
}

const named = ({ program, pid }: Running) => ({ program, pid })

/**
 * Programs that died or flooded without being asked to: the act's evidence is then not what it seems. Of a handed-in
 * program that is an observation.
 */
export function unexpectedEnd(members: readonly Running[]): Inconclusive | null {
  const flooded = members.find((member) => member.flooded && !(member instanceof StandIn))
  return flooded ? new Inconclusive(`${flooded.program} printed more than a megabyte and was stopped`) : null
}
