/** `--scan`: this machine seen from outside, beside its own listing. */

import { Inconclusive } from '../domain/inconclusive.ts'
import { lookAtMachine } from '../ports/machine.ts'
import { scanOutside } from '../ports/outside.ts'
import { ALL_PORTS, findTargets, readAskedPorts } from '../ports/scan-targets.ts'
import { outsideJson, outsideText } from '../report/ports-scan.ts'
import { scanBeginsInWords } from '../words/ports-changes-outside.en.ts'
import { inForm, onScreen } from './ports-form.ts'
import type { PortsAction, PortsOptions } from './ports-options.ts'
import { openPage, tell } from './ports-page.ts'
import { Progress } from './progress.ts'
import { listenForSignals } from './signals.ts'
import { EXIT_INCONCLUSIVE } from './usage.ts'

type Scan = Extract<PortsAction, { do: 'scan' }>

export async function performScan({ host, ports: asked }: Scan, options: PortsOptions): Promise<void> {
  const { from, page, color } = options
  const ports = asked === null ? ALL_PORTS : readAskedPorts(asked)
  const targets = await findTargets(host)
  const interruption = listenForSignals()
  // A scan takes long: a name that cannot be written is known before it.
  const sink = await openPage(page)
  // Before anything is asked: a service may write of it in its log.
  process.stderr.write(onScreen(color).paragraph(scanBeginsInWords(targets, ports), ''))
  const progress = new Progress(process.stderr)
  const look = async () => (await lookAtMachine(from)).listing
  try {
    const onProgress = progress.show.bind(progress)
    const view = await scanOutside({ ...targets, ports, look, signal: interruption.signal, onProgress })
    progress.clear()
    if (view.scans.some(({ problem }) => problem !== null)) process.exitCode = EXIT_INCONCLUSIVE
    const told = inForm(options, { text: (layout) => outsideText(layout, view), json: () => outsideJson(view) })
    await tell(page, told, async (seen) => (await import('../report/html/ports-scan.ts')).outsideHtml(view, seen), sink)
  } catch (error) {
    progress.clear()
    if (!(error instanceof Inconclusive)) throw error
    process.stderr.write(`ports: ${error.message}\n`)
    process.exitCode = EXIT_INCONCLUSIVE
  } finally {
    sink?.discard()
  }
  process.exitCode = interruption.exitCode() ?? process.exitCode ?? 0
}
