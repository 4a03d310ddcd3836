/** Reads a command line with Node's own parser; what is wrong with it becomes one line that says what is allowed. */

import { parseArgs } from 'node:util'
import type { ParseArgsOptionsConfig } from 'node:util'

import { UsageError } from './usage.ts'

/**
 * @param wanted what an option with a value is to be followed by, such as `--port`: `a whole number from 1 to 65535`
 * @throws UsageError
 */
export function parseWords<const O extends ParseArgsOptionsConfig>(
  words: readonly string[],
  options: O,
  wanted: Readonly<Record<string, string>>,
) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, allowNegative: true, strict: true })
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    const option = /'(?:-\w, )?(--?[^' ]*)/.exec(message)?.[1] ?? ''
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const list = Object.keys(options).map((name) => `--${name}`)
      throw new UsageError(`there is no option ${option}; there are ${list.join(', ')}`)
    }
    const value = wanted[option]
    throw new UsageError(value === undefined ? `${option} takes no value` : `${option} needs ${value}`)
  }
}
