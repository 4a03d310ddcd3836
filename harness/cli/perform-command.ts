/** The frame of the commands beside `lab`: switches, help, and wrong usage. */

import { parseArgs } from 'node:util'

import { labsFolder } from '../catalog/find.ts'
import { requireFolder } from './choice.ts'
import { refuseSwallowed } from './swallowed.ts'
import { EXIT_USAGE, UsageError } from './usage.ts'

export type Command = {
  name: string
  help: string
  /** Each is a switch; the help says what it does. */
  switches: readonly string[]
  perform: (words: string[], isOn: (name: string) => boolean) => Promise<void>
}

export async function performCommand({ name, help, switches, perform: work }: Command): Promise<void> {
  // A reader such as `head` may go before everything is written: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    const { values, positionals } = parse(process.argv.slice(2), switches)
    refuseSwallowed(positionals, switches, () => false, process.env)
    const isOn = (one: string) => (values as Readonly<Record<string, unknown>>)[one] === true
    if (isOn('help')) return void process.stdout.write(help)
    requireFolder(labsFolder())
    await work(positionals, isOn)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exitCode = EXIT_USAGE
  }
}

function parse(args: string[], switches: readonly string[]) {
  const names = [...switches, 'help']
  const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }]))
  try {
    return parseArgs({ args, options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true })
  } catch (error) {
    const option = args.find((word) => word.startsWith('-') && !names.includes(word.slice(2)))
    const allowed = names.map((name) => `--${name}`).join(', ')
    if (option !== undefined) throw new UsageError(`there is no option ${option}; there are ${allowed}`)
    throw new UsageError((error as Error).message)
  }
}
