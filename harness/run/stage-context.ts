/** What the steps of one act share. */

import type { Progress } from '../domain/event.ts'
import type { Capability } from '../domain/lab.ts'
import type { Cast } from './cast.ts'
import type { Limits } from './limits.ts'
import type { Recorder } from './recorder.ts'

export type StageContext = {
  port: number
  /** Every port of the act: the first one, and those leased later. */
  ports: number[]
  ephemeralRange: [number, number] | null
  /** Null where the act has no long form. */
  full: boolean | null
  /** `own`: the act runs in a network of its own. */
  network?: 'own' | undefined
  /** Whether this machine lacks it; `undefined` where no check of the act requires it, so that nobody looked. */
  lacks: (capability: Capability) => boolean | undefined
  leaseAnother: () => Promise<number>
  onProgress: (progress: Progress) => void
  cast: Cast
  limits: Limits
  recorder: Recorder
  /** Aborted with the reason why the act has to stop. */
  signal: AbortSignal
}
