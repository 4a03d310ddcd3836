/** A client that has chosen for its own end the very endpoint that it dials. */

import type { Endpoint } from '../domain/endpoint.ts'
import type { Connected } from '../domain/observation.ts'
import { dial } from '../network/connect.ts'
import type { StageContext } from './stage-context.ts'

/** No other socket can be where the client is bound, so whatever is connected there is the client itself. */
export async function connectToItself(
  { limits, signal }: StageContext,
  to: Endpoint,
  from: Partial<Endpoint>,
): Promise<Connected> {
  const enough = new AbortController()
  const limit = AbortSignal.any([signal, enough.signal, AbortSignal.timeout(Math.ceil(limits.silenceMs))])
  const dialling = { from, silence: limit, enough: limit, onConnected: () => enough.abort() }
  const { outcome, local, heard } = await dial(to, dialling)
  signal.throwIfAborted()
  const base = { to, outcome, local, heard, confirmedBy: null, servedBy: null, seenByServer: null }
  return outcome === 'connected' ? { ...base, metItself: true } : base
}
