/** The frame of the commands beside `lab`: options, help, wrong usage, and the choice of labs by name. */

import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { chooseLab } from '../catalog/choose.ts'
import { labsFolder } from '../catalog/find.ts'
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
    refuseKeptByNpm(switches, process.env)
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

/** @throws UsageError for a word that is no lab. Two labs with one number are both meant by it. */
export function chooseLabs(words: readonly string[], ids: readonly string[]): string[] {
  const chosen = words.flatMap((word) => {
    const choice = chooseLab(word, ids)
    if ('id' in choice) return [choice.id]
    if ('among' in choice) return choice.among
    throw new UsageError(`there is no lab '${word}'; the nearest are ${choice.nearest.join(', ') || 'none'}`)
  })
  return [...new Set(chosen)]
}

function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return
  throw new UsageError(`there is no folder ${folder}; SOCKET_LABS_FOLDER names the folder with the labs`)
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

/** Without a `--` before them npm takes options for its own and passes them on as variables only. */
function refuseKeptByNpm(switches: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
  const script = env['npm_lifecycle_event']
  const kept = switches.find((name) => env[`npm_config_${name}`] !== undefined)
  if (script === undefined || kept === undefined) return
  throw new UsageError(`npm kept --${kept} for itself; options come after a --: npm run ${script} -- --${kept}`)
}
