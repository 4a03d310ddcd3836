/** `npm run ports`: the ports of this machine, or of a listing that somebody hands in, explained. */

import { NoSource } from '../ports/sources.ts'
import { tellHelp } from './help-text.ts'
import type { PortsOptions } from './ports-options.ts'
import { EXIT_INCONCLUSIVE, EXIT_USAGE, UsageError } from './usage.ts'

/** Without a word nothing has to be parsed: that is half of the modules. */
const PLAIN: PortsOptions = {
  action: { do: 'list' },
  files: [],
  from: null,
  form: 'text',
  page: null,
  connections: false,
  color: null,
  help: false,
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  const { name, message, stack } = error as Error
  const isMistake = error instanceof UsageError || name === 'Unfit'
  const isTold = isMistake || error instanceof NoSource
  process.stderr.write(`ports: ${isTold ? message : (stack ?? String(error))}\n`)
  process.exitCode = isMistake ? EXIT_USAGE : EXIT_INCONCLUSIVE
}
// All is written. Waiting for a pipe on standard input to close would take as long as somebody holds it.
process.exit()

async function main(words: readonly string[]): Promise<void> {
  // npm leaves in the environment what it kept for itself.
  const isPlain = words.length === 0 && process.env['npm_lifecycle_event'] === undefined
  const options = isPlain ? PLAIN : (await import('./ports-options.ts')).readPortsOptions(words, process.env)
  if (options.help) return tellHelp((await import('./ports-help.ts')).PORTS_HELP)
  const { action } = options
  switch (action.do) {
    case 'list':
      return (await import('./ports-list.ts')).performList(options)
    case 'who':
      return (await import('./ports-who.ts')).performWho(action.port, options)
    case 'snapshot':
    case 'diff':
    case 'expect':
      return (await import('./ports-changes.ts')).performChange(action, options)
    case 'watch':
      return (await import('./ports-watch.ts')).performWatch(action, options)
    case 'scan':
      return (await import('./ports-scan.ts')).performScan(action, options)
  }
}
