/** The bench of `npm run try`: what a step asks for, and what came of it. */

import type { Endpoint, Protocol } from './endpoint.ts'
import { formatEndpoint } from './endpoint.ts'
import type { Json } from './json.ts'
import type { ErrorCode } from './observation.ts'
import type { Refutation, TheoryName } from './theory.ts'

/** Steps are numbered from 1. All of them are about one port. */
export type TryStep =
  /** A socket, in a process of its own or in the one of an earlier step. */
  | {
      do: 'open'
      protocol: Protocol
      address: string
      listens: boolean
      ipv6Only: boolean
      reusePort: boolean
      reuseAddr: boolean
      /** The name or the number of the user that its process is to have; null for the user at the keyboard. */
      user: string | null
      /** The step whose process opens it; null for a new process. */
      inStep: number | null
    }
  /** A TCP client that comes and goes, or a datagram. */
  | { do: 'arrive'; protocol: Protocol; address: string; from: { address: string; port: number | null } | null }
  /** The end of one socket, or of the process that opened it. */
  | { do: 'close' | 'kill'; step: number }

export type TrySocket = TryStep & { do: 'open' }

export type TryOutcome = 'listening' | 'bound' | 'connected' | 'received' | 'silent' | 'closed' | ErrorCode

export type Tried = {
  step: number
  asked: TryStep
  /** The step in its usual spelling. */
  typed: string
  /** Null where nothing was observed; then one of `skipped` and `problem` says why. */
  outcome: TryOutcome | null
  /** The step of the socket that got the client or the datagram, and its process. */
  receiver: { step: number; pid: number } | null
  /** The outcome that each theory gave beforehand; null where it has no opinion. */
  predicted: Record<TheoryName, string | null>
  /** For an arrival: one of the sockets of these steps gets it, as each theory has it. */
  predictedReceivers: Record<TheoryName, number[] | null> | null
  /** Processes of earlier steps that had ended before this step, and which nobody here had ended. */
  lost: { step: number; pid: number; exitCode: number | null; signal: string | null }[]
  /** Whether it was known before the step who holds what: where it is not, nothing is predicted. */
  isCertain: boolean
  /** The theories whose word was put to the test here, and what those said that were wrong. */
  judged: TheoryName[]
  refuted: Refutation[]
  evidence: Json
  /** What this machine or this user cannot do. */
  skipped: string | null
  /** Why nothing could be observed. */
  problem: string | null
  /** The process of the socket that was opened or ended. */
  pid: number | null
  /** The endpoint of the socket that was opened, or the one that was dialled. */
  at: Endpoint | null
}

/** A step in its usual spelling, as it can be typed. */
export function formatStep(step: TryStep): string {
  switch (step.do) {
    case 'open': {
      const { protocol, address, listens, user, inStep } = step
      const options = (['ipv6Only', 'reusePort', 'reuseAddr'] as const).filter((name) => step[name])
      const bound = protocol === 'tcp' && !listens ? ['bound'] : []
      const end = inStep !== null ? ['in', inStep] : user !== null ? ['as', user] : []
      return [protocol, address, ...options, ...bound, ...end].join(' ')
    }
    case 'arrive': {
      const { protocol, address, from } = step
      const origin = from && (from.port === null ? from.address : formatEndpoint({ ...from, port: from.port }))
      return ['->', address, ...(protocol === 'udp' ? ['udp'] : []), ...(origin ? [`from ${origin}`] : [])].join(' ')
    }
    case 'close':
    case 'kill':
      return `${step.do} ${step.step}`
  }
}
