/** The second host of an act: made when it is first asked for, and gone with the act. */

import type { StepKind } from '../domain/evidence.ts'
import type { Neighbour } from '../domain/stage.ts'
import { WIRE } from '../process/neighbour.ts'
import type { StageContext } from './stage-context.ts'
import { becomeReady } from './step-start.ts'
import { runForEvidence } from './step-tool.ts'

/** Does something and records it as one step. */
type RecordStep = <K extends StepKind>(perform: () => Promise<K>) => Promise<K['saw']>

export async function meetNeighbour(context: StageContext, step: RecordStep): Promise<Neighbour> {
  const { cast, limits, recorder, signal } = context
  if (context.network !== 'own') throw new Error('a neighbour needs an act with a network of its own')
  signal.throwIfAborted()
  const host = await cast.joinNeighbour()
  return {
    address: WIRE.theirs.address,
    oursOnTheWire: WIRE.ours.address,
    device: WIRE.theirs.device,
    ourDevice: WIRE.ours.device,

    start: (program, ...words) =>
      step(async () => {
        const since = recorder.nowMs
        const args = words.map(String)
        const running = await cast.start(program, args, {}, host)
        const saw = await becomeReady(context, running)
        limits.learnStart(recorder.nowMs - since)
        return { kind: 'start' as const, program, args, asAnotherUser: false, onNeighbour: true, saw }
      }),

    run: (tool, ...args) =>
      step(async () => ({
        kind: 'run' as const,
        onNeighbour: true,
        saw: await runForEvidence(context, tool, args.map(String), host.enter),
      })),
  }
}
