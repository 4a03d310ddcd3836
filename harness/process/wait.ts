/** Waits for something that a program does or that the tables show, with an upper bound that says who waited for what. */

import { Inconclusive } from '../domain/inconclusive.ts'

export type WaitOptions = {
  limitMs: number
  signal: AbortSignal
  /** Completes "waited N ms for …"; a function is asked when the time is up. */
  what: string | (() => string)
  /** Calls back when it may be worth looking again; without it only the poll looks. */
  onChange?: (look: () => void) => () => void
  /** The interval of the poll; tables send no events. */
  pollMs?: number
}

/** Looks until `look` answers something other than `undefined`. A look that takes time is not started twice. */
export async function waitFor<T>(look: () => T | undefined | Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const { limitMs, signal, what, onChange, pollMs = 15 } = options
  return await new Promise<T>((resolve, reject) => {
    let leave = () => {}
    const settle = (finish: () => void) => {
      leave()
      finish()
    }
    let looking = false
    const tryNow = async () => {
      if (looking) return
      looking = true
      try {
        const answer = look()
        const value = answer instanceof Promise ? await answer : answer
        if (value !== undefined) settle(() => resolve(value))
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))))
      }
      looking = false
    }
    const whatFor = () => (typeof what === 'string' ? what : what())
    const stop = () => {
      const { reason } = signal
      const told =
        reason instanceof Inconclusive ? new Inconclusive(`${reason.message}; it waited for ${whatFor()}`) : reason
      settle(() => reject(told as Error))
    }
    const poll = setInterval(() => void tryNow(), pollMs)
    const giveUp = async () => {
      await tryNow()
      settle(() => reject(new Inconclusive(`waited ${Math.round(limitMs)} ms for ${whatFor()}`)))
    }
    // Where this process was not scheduled for a while, timers are due before what has come meanwhile is read: the
    // event loop asks the kernel once more, and then immediates run. See docs/notes/node/timers-before-input.md.
    const limit = setTimeout(() => setImmediate(() => void giveUp()), limitMs)
    const unsubscribe = onChange?.(() => void tryNow())
    signal.addEventListener('abort', stop)
    leave = () => {
      clearInterval(poll)
      clearTimeout(limit)
      unsubscribe?.()
      signal.removeEventListener('abort', stop)
    }
    if (signal.aborted) stop()
    else void tryNow()
  })
}
