/** The options of `npm run try`. A step may begin with an arrow, which is no option. */

import { parseWords } from './parse-words.ts'
import { refuseSwallowed } from './swallowed.ts'
import { UsageError } from './usage.ts'

export type TryOptions = {
  /** As they were typed. */
  steps: string[]
  json: boolean
  port: number | null
  asLab: string | null
  color: boolean | null
  help: boolean
}

const OPTIONS = {
  json: { type: 'boolean' },
  port: { type: 'string' },
  'as-lab': { type: 'string' },
  color: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const VALUES: Readonly<Record<string, string>> = {
  '--port': 'a whole number from 1 to 65535',
  '--as-lab': 'a name for the lab, such as my-port',
}

/** @throws UsageError */
export function readTryOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): TryOptions {
  // A word that begins with a space is no option to the parser. An arrow is none, nor what was meant to be one.
  const args = words.map((word) => (/^-(?!-?[A-Za-z]|-$)/.test(word) ? ` ${word}` : word))
  const { values, positionals } = parseWords(args, OPTIONS, VALUES)
  const takesValue = (option: string) => `--${option}` in VALUES
  refuseSwallowed(positionals, Object.keys(OPTIONS), takesValue, env)
  return {
    steps: positionals.map((step) => step.trim()),
    json: values.json ?? false,
    port: readPort(values.port),
    asLab: values['as-lab'] ?? null,
    color: values.color ?? null,
    help: values.help ?? false,
  }
}

function readPort(word: string | undefined): number | null {
  if (word === undefined) return null
  const number = Number(word)
  if (/^\d+$/.test(word) && number >= 1 && number <= 65_535) return number
  throw new UsageError(`--port takes a whole number from 1 to 65535, not '${word}'`)
}
