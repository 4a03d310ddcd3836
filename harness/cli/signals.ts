/** Turns a signal into an orderly end: the run is aborted, reports are finished, nothing is left behind. */

import { constants } from 'node:os'

import { Inconclusive } from '../domain/inconclusive.ts'
import { EXIT_INCONCLUSIVE } from './usage.ts'

export type Interruption = {
  /** Aborted at the first signal. Its reason names the signal. */
  signal: AbortSignal
  abort(why: string, exitCode: number): void
  /** 130, 143 or 129 after SIGINT, SIGTERM or SIGHUP; null where none came. */
  exitCode(): number | null
}

/** Ctrl-C reaches every process of the terminal, and npm or timeout(1) pass it on once more: that is one wish, not two. */
const SAME_SIGNAL_MS = 300

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens for signals until the process ends. A second one ends it at once; the guardian then cleans up. */
export function listenForSignals(): Interruption {
  const controller = new AbortController()
  let code: number | null = null
  let since = 0
  const abort = (why: string, exitCode: number) => {
    if (code !== null && performance.now() - since > SAME_SIGNAL_MS) process.exit(code)
    if (code !== null) return
    code = exitCode
    since = performance.now()
    controller.abort(new Inconclusive(why))
  }
  for (const name of SIGNALS) process.on(name, () => abort(`interrupted by ${name}`, 128 + constants.signals[name]))
  watchLauncher(() => abort('interrupted by SIGHUP', 128 + constants.signals.SIGHUP))
  return { signal: controller.signal, abort, exitCode: () => code }
}

/** How long an orderly end may take after a defect, before the process is ended all the same. */
const DEFECT_MS = 15_000

/** An experiment that drops a promise must not end the harness in its tracks: programs would be left, reports half told. */
export function abortOnUncaught(interruption: Interruption): void {
  const abort = (error: unknown) => {
    interruption.abort(`an error that nobody caught: ${String(error)}`, EXIT_INCONCLUSIVE)
    setTimeout(() => process.exit(EXIT_INCONCLUSIVE), DEFECT_MS).unref()
  }
  process.on('unhandledRejection', abort)
  process.on('uncaughtException', abort)
}

/** The launcher holds the other end of this descriptor: when it is killed, its end closes and nobody reads us any more. */
function watchLauncher(onGone: () => void): void {
  const descriptor = Number(process.env['SOCKET_LABS_LAUNCHER_FD'] ?? '')
  delete process.env['SOCKET_LABS_LAUNCHER_FD']
  if (!Number.isInteger(descriptor) || descriptor < 3) return
  void import('node:net').then(({ Socket }) => {
    try {
      const pipe = new Socket({ fd: descriptor, readable: true, writable: false })
      pipe.on('error', () => {})
      pipe.on('close', onGone)
      pipe.resume()
      pipe.unref()
    } catch {
      // Started without the launcher, with a number left over in the environment.
    }
  })
}
