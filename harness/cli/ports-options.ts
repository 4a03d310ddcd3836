/** The options of `npm run ports`, read with Node's own parser and checked. */

import type { Source } from '../ports/sources.ts'
import { SOURCES } from '../ports/sources.ts'
import { parseWords } from './parse-words.ts'
import { refuseSwallowed } from './swallowed.ts'
import { UsageError } from './usage.ts'

/** What is to be done. One of them is done at a time. */
export type PortsAction =
  | { do: 'list' }
  | { do: 'who'; port: number }
  | { do: 'snapshot'; file: string }
  | { do: 'diff'; file: string }
  | { do: 'expect'; file: string }
  | { do: 'watch'; forMs: number | null }
  | { do: 'scan'; host: string | null; ports: string | null }

export type PageRequest = { file: string | null }

export type PortsOptions = {
  action: PortsAction
  /** Files with listings; `-` is standard input. */
  files: string[]
  /** A source of this machine's sockets that was asked for by name. */
  from: Source | null
  form: 'text' | 'json' | 'markdown'
  /** Whether there is to be a page; without a file it takes the place of the text. */
  page: PageRequest | null
  /** Every connection, instead of the first ones of each kind. */
  connections: boolean
  color: boolean | null
  help: boolean
}

const OPTIONS = {
  who: { type: 'string' },
  snapshot: { type: 'string' },
  diff: { type: 'string' },
  expect: { type: 'string' },
  watch: { type: 'boolean' },
  for: { type: 'string' },
  scan: { type: 'boolean' },
  ports: { type: 'string' },
  from: { type: 'string' },
  connections: { type: 'boolean' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  report: { type: 'string' },
  color: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const VALUES: Readonly<Record<string, string>> = {
  '--who': 'a port, a whole number from 1 to 65535',
  '--snapshot': 'the name of a file',
  '--diff': 'the name of a file',
  '--expect': 'the name of a file',
  '--for': 'a number of seconds above 0 and up to 86400',
  '--ports': 'ports, such as 1-1024 or 22,80,443',
  '--report': 'html, or html=FILE',
  '--from': `one of ${SOURCES.join(', ')}`,
}

/** @throws UsageError with one line that says what is allowed. */
export function readPortsOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): PortsOptions {
  const { values, positionals } = parse(words)
  refuseSwallowed(positionals, Object.keys(OPTIONS), (option) => `--${option}` in VALUES, env)
  refuseLetters(positionals, env)
  for (const [name, value] of Object.entries(values)) {
    if (value === '') throw new UsageError(`--${name} needs ${VALUES[`--${name}`]}`)
  }
  const { json = false, markdown = false, connections = false, color = null, help = false, from } = values
  if (json && markdown) throw new UsageError('--json and --markdown are two forms; choose one')
  const options: PortsOptions = {
    action: readAction(values, positionals),
    files: values.scan === true ? [] : positionals,
    from: from === undefined ? null : readSource(from),
    form: json ? 'json' : markdown ? 'markdown' : 'text',
    page: values.report === undefined ? null : readPage(values.report),
    connections,
    color,
    help,
  }
  if (!help) refuseContradictions(options, values)
  return options
}

/** To npm the letters of --scan are four short options of its own: -s (silent), -c, -a (all) and -n. */
function refuseLetters(words: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
  const isTaken = env['npm_config_all'] === 'true' && env['npm_config_loglevel'] === 'silent'
  if (env['npm_lifecycle_event'] !== 'ports' || !isTaken) return
  const command = ['npm run ports -- --scan', ...words].join(' ')
  throw new UsageError(`npm kept --scan for itself; options come after a --: ${command}`)
}

const parse = (words: readonly string[]) => parseWords(words, OPTIONS, VALUES)

type Values = ReturnType<typeof parse>['values']

const ACTIONS = ['who', 'snapshot', 'diff', 'expect', 'watch', 'scan'] as const

function readAction(values: Values, words: readonly string[]): PortsAction {
  const [first, second] = ACTIONS.filter((name) => values[name] !== undefined)
  if (second !== undefined) throw new UsageError(`--${first} and --${second} are two things to do; choose one`)
  const { who, snapshot, diff, expect } = values
  if (who !== undefined) return { do: 'who', port: readPort(who) }
  if (snapshot !== undefined) return { do: 'snapshot', file: snapshot }
  if (diff !== undefined) return { do: 'diff', file: diff }
  if (expect !== undefined) return { do: 'expect', file: expect }
  if (values.watch === true) return { do: 'watch', forMs: readSeconds(values.for) }
  if (values.scan !== true) return { do: 'list' }
  if (words.length > 1) throw new UsageError(`--scan takes one address at a time, not ${words.join(' ')}`)
  return { do: 'scan', host: words[0] ?? null, ports: values.ports ?? null }
}

function refuseContradictions({ action, files, from, form, page, connections }: PortsOptions, values: Values): void {
  const isForPage = page !== null ? '--report' : form === 'markdown' ? '--markdown' : null
  if (isForPage !== null && (action.do === 'snapshot' || action.do === 'watch')) {
    throw new UsageError(`${isForPage} goes with the list of ports, --who, --diff, --expect and --scan`)
  }
  if (page?.file === null && form !== 'text') {
    throw new UsageError(`the page takes the place of --${form}; give it a file: --report html=FILE`)
  }
  if (files.length > 0 && from !== null) {
    throw new UsageError('--from looks at this machine, and a file is read; choose one')
  }
  if (files.length > 0 && action.do === 'watch') throw new UsageError('--watch looks at this machine; it reads no file')
  if (files.length > 1 && action.do !== 'list')
    throw new UsageError(`--${action.do} takes one listing, not ${files.length}`)
  if (values.for !== undefined && action.do !== 'watch') throw new UsageError('--for goes with --watch')
  if (values.ports !== undefined && action.do !== 'scan') throw new UsageError('--ports goes with --scan')
  if (connections && (action.do !== 'list' || form === 'json')) {
    throw new UsageError('--connections goes with the list of ports; --json has all connections anyway')
  }
}

/** The other forms have options of their own. */
function readPage(word: string): PageRequest {
  const [format, ...rest] = word.split('=')
  const file = rest.length === 0 ? null : rest.join('=')
  if (format === 'html' && file !== '') return { file }
  throw new UsageError(`--report takes html or html=FILE, not '${word}'; other forms are --json and --markdown`)
}

function readPort(word: string): number {
  const number = Number(word)
  if (/^\d+$/.test(word) && number >= 1 && number <= 65_535) return number
  throw new UsageError(`--who takes a port, a whole number from 1 to 65535, not '${word}'`)
}

function readSeconds(word: string | undefined): number | null {
  if (word === undefined) return null
  const number = Number(word)
  if (/^\d+(\.\d+)?$/.test(word) && number > 0 && number <= 86_400) return number * 1000
  throw new UsageError(`--for takes a number of seconds above 0 and up to 86400, not '${word}'`)
}

function readSource(word: string): Source {
  const source = SOURCES.find((one) => one === word)
  if (source === undefined) throw new UsageError(`--from takes one of ${SOURCES.join(', ')}, not '${word}'`)
  return source
}
