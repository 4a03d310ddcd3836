/** The stage of one act: every call does one thing, records it as a step, and returns what was seen. */

import type { Ended, Started } from '../domain/observation.ts'
import type { Stage } from '../domain/stage.ts'
import { Inconclusive, StrangerOnPort } from '../domain/inconclusive.ts'
import { OTHER_USER_ID } from '../host/capabilities.ts'
import { listSockets } from '../listing/list.ts'
import type { Running } from '../process/running.ts'
import { waitFor } from '../process/wait.ts'
import { foreignRows, isOpen } from './rows.ts'
import type { StageContext } from './stage-context.ts'
import { connectManyTo, connectTo, sendTo } from './step-client.ts'
import { becomeReady } from './step-start.ts'

export function createStage(context: StageContext): Stage {
  const { port, cast, limits, recorder, signal } = context

  const start = async (program: string, words: (string | number)[], asAnotherUser: boolean): Promise<Started> => {
    signal.throwIfAborted()
    const since = recorder.nowMs
    const args = words.map(String)
    const running = await cast.start(program, args, asAnotherUser ? { SOCKET_LABS_UID: String(OTHER_USER_ID) } : {})
    const saw = await becomeReady(context, running)
    limits.learnStart(recorder.nowMs - since)
    return recorder.record({ kind: 'start', program, args, asAnotherUser, saw }, since)
  }

  const end = async (kind: 'ended' | 'stop' | 'kill', { pid }: Started): Promise<Ended> => {
    signal.throwIfAborted()
    const since = recorder.nowMs
    const running = cast.member(pid)
    if (kind === 'stop') running.signal('SIGTERM')
    if (kind === 'kill') running.signal('SIGKILL')
    const saw = await waitFor(() => running.end, {
      limitMs: limits.stepMs,
      signal,
      what: `${running.program} (process ${pid}) to end${howEnded[kind]}`,
      onChange: (look) => running.onChange(look),
    })
    return recorder.record({ kind, program: running.program, pid, saw: { ...saw } }, since)
  }

  return {
    port,
    ephemeralRange: context.ephemeralRange,
    start: (program, ...args) => start(program, args, false),
    startAsAnotherUser: (program, ...args) => start(program, args, true),

    async connect(address) {
      signal.throwIfAborted()
      const since = recorder.nowMs
      return recorder.record(
        { kind: 'connect', address, port, saw: await connectTo(context, { address, port }) },
        since,
      )
    },

    async connectMany(address, count) {
      signal.throwIfAborted()
      const since = recorder.nowMs
      const saw = await connectManyTo(context, { address, port }, count)
      return recorder.record({ kind: 'connect-many', address, port, count, saw }, since)
    },

    async send(address, text) {
      signal.throwIfAborted()
      const since = recorder.nowMs
      return recorder.record(
        { kind: 'send', address, port, text, saw: await sendTo(context, { address, port }, text) },
        since,
      )
    },

    async list(preferred) {
      signal.throwIfAborted()
      const since = recorder.nowMs
      const { shown, others, absent, disagreements } = await listSockets({ port, listening: true }, preferred)
      // A holder that no listing may name is not known to be a stranger; the end of the act looks at the inodes.
      const named = [shown, ...others].flatMap(({ rows: all }) => all).filter(isOpen)
      if (
        foreignRows(
          named.filter(({ holders }) => holders.length > 0),
          cast,
        ).length > 0
      ) {
        throw new StrangerOnPort(`a program outside this lab holds port ${port}`)
      }
      const { source, command, printed, rows } = shown
      return recorder.record(
        { kind: 'list', port, saw: { source, command, printed, rows, others, absent, disagreements } },
        since,
      )
    },

    async proceed({ pid }) {
      signal.throwIfAborted()
      const since = recorder.nowMs
      const running = cast.member(pid)
      const heard = running.events.length
      running.write('\n')
      const saw = await becomeReady(context, running, heard)
      return recorder.record({ kind: 'proceed', program: running.program, pid, saw }, since)
    },

    ended: (started) => end('ended', started),
    stop: (started) => end('stop', started),
    kill: (started) => end('kill', started),
  }
}

const howEnded = { ended: ' by itself', stop: ' after SIGTERM', kill: ' after SIGKILL' }

/** Programs that died or flooded without being asked to: the act's evidence is then not what it seems. */
export function unexpectedEnd(members: readonly Running[]): Inconclusive | null {
  const flooded = members.find((member) => member.flooded)
  return flooded ? new Inconclusive(`${flooded.program} printed more than a megabyte and was stopped`) : null
}
