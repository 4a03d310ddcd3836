/** What the steps of one act share. */

import type { Cast } from './cast.ts'
import type { Limits } from './limits.ts'
import type { Recorder } from './recorder.ts'

export type StageContext = {
  port: number
  ephemeralRange: [number, number] | null
  cast: Cast
  limits: Limits
  recorder: Recorder
  /** Aborted with the reason why the act has to stop. */
  signal: AbortSignal
}
