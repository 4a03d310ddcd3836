/** The frame of the commands beside `lab`: switches, help, and wrong usage. */

import { parseArgs } from 'node:util'

import { labsFolder } from '../catalog/find.ts'
import { endWhenStuck } from '../process/busy-limit.ts'
import { requireFolder } from './choice.ts'
import { tellHelp } from './help-text.ts'
import { refuseSwallowed } from './swallowed.ts'
import { EXIT_USAGE, UsageError } from './usage.ts'

export type Command = {
  name: string
  help: string
  /** Each is a switch; the help says what it does. */
  switches: readonly string[]
  /** Options with a value, and what this is to be, such as `the name of a file`. */
  values?: Readonly<Record<string, string>>
  perform: (words: string[], isOn: (name: string) => boolean, valueOf: (name: string) => string | null) => Promise<void>
}

export async function performCommand({ name, help, switches, values = {}, perform: work }: Command): Promise<void> {
  // A reader such as `head` may go before everything is written: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    const { typed, positionals } = parse(process.argv.slice(2), switches, values)
    const takesValue = (option: string) => Object.hasOwn(values, option)
    refuseSwallowed(positionals, [...switches, ...Object.keys(values)], takesValue, process.env)
    const isOn = (one: string) => typed[one] === true
    const valueOf = (one: string) => (typeof typed[one] === 'string' ? typed[one] : null)
    if (isOn('help')) return tellHelp(help)
    requireFolder(labsFolder())
    await endWhenStuck()
    await work(positionals, isOn, valueOf)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exitCode = EXIT_USAGE
  }
}

function parse(args: string[], switches: readonly string[], values: Readonly<Record<string, string>>) {
  const names = [...switches, ...Object.keys(values), 'help']
  const options = {
    ...Object.fromEntries(switches.map((name) => [name, { type: 'boolean' as const }])),
    ...Object.fromEntries(Object.keys(values).map((name) => [name, { type: 'string' as const }])),
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    const { values: typed, positionals } = parseArgs({ args, options, allowPositionals: true })
    const empty = Object.keys(values).find((name) => (typed as Typed)[name] === '')
    if (empty !== undefined) throw new UsageError(`--${empty} needs ${values[empty]}`)
    return { typed: typed as Typed, positionals }
  } catch (error) {
    if (error instanceof UsageError) throw error
    const { message } = error as Error
    const option = args.find((word) => word.startsWith('-') && !names.includes(word.slice(2).replace(/=.*/, '')))
    const allowed = names.map((name) => `--${name}`).join(', ')
    if (option !== undefined) throw new UsageError(`there is no option ${option}; there are ${allowed}`)
    const named = /'(?:-\w, )?--([\w-]+)/.exec(message)?.[1] ?? ''
    if (Object.hasOwn(values, named)) throw new UsageError(`--${named} needs ${values[named]}`)
    throw new UsageError(message)
  }
}

type Typed = Readonly<Record<string, string | boolean | undefined>>
