/** Reads which of the two sides served a client, and which of them the listing shows. */

import { openRows } from '../../harness/lab.ts'
import type { Connected, Listed } from '../../harness/lab.ts'

type Process = { pid: number }
/** The process that passes a socket, and the one that gets it. */
export type Sides = { sender: Process; receiver: Process }

export const SERVED = ['the-receiver', 'the-sender', 'nobody', 'ECONNREFUSED', 'timed-out'] as const
export const HELD = ['both', 'sender-only', 'receiver-only', 'two-sockets'] as const

/** Whose greeting the client heard. */
export function whoServed({ outcome, heard }: Connected, { sender, receiver }: Sides) {
  if (outcome !== 'connected') return outcome
  if (heard === '') return 'nobody'
  const pid = Number(/process (\d+)$/.exec(heard.trim())?.[1])
  return pid === receiver.pid ? 'the-receiver' : pid === sender.pid ? 'the-sender' : 'other'
}

/** Whether this process holds something that listens. */
export function holds(listed: Listed, { pid }: Process): boolean {
  return openRows(listed).some(({ holders }) => holders.some((holder) => holder.pid === pid))
}

/** Who holds what listens. */
export function whoHolds(listed: Listed, { sender, receiver }: Sides): (typeof HELD)[number] | 'other' {
  const [bySender, byReceiver] = [holds(listed, sender), holds(listed, receiver)]
  if (bySender && byReceiver) return openRows(listed).length === 1 ? 'both' : 'two-sockets'
  return bySender ? 'sender-only' : byReceiver ? 'receiver-only' : 'other'
}
