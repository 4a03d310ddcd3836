/** `--watch`: changes as they happen, until somebody stops it. */

import { looksAtMachine } from '../ports/take-machine.ts'
import { WATCH_EVERY_MS, watchPorts } from '../ports/watch.ts'
import { watchJson, watchText } from '../report/ports-changes-watch.ts'
import { onScreen } from './ports-form.ts'
import type { PortsAction, PortsOptions } from './ports-options.ts'
import { EXIT_BROKEN_PIPE, writeOut } from './ports-output.ts'
import { readerGone } from './reader-gone.ts'
import { listenForSignals } from './signals.ts'

type Watch = Extract<PortsAction, { do: 'watch' }>

export async function performWatch({ forMs }: Watch, { from, form, color }: PortsOptions): Promise<void> {
  const interruption = listenForSignals()
  const layout = onScreen(color)
  const stop = () => interruption.abort('interrupted by a closed pipe', EXIT_BROKEN_PIPE)
  // On a quiet machine nothing is written for hours, so nothing would tell that the reader has gone.
  const hasReaderGone = await readerGone()
  const ask = hasReaderGone && setInterval(() => hasReaderGone() && stop(), WATCH_EVERY_MS)
  for await (const event of watchPorts({ ...looksAtMachine(from), signal: interruption.signal, forMs })) {
    const isHeard = await writeOut([form === 'json' ? watchJson(event) : watchText(layout, event)])
    if (!isHeard) stop()
  }
  if (ask) clearInterval(ask)
  process.exitCode = interruption.exitCode() ?? 0
}
