/**
 * Notices options that npm kept for itself. `npm run lab 04 --predict` without a second `--` gives --predict to npm,
 * which passes it on only as the environment variable npm_config_predict.
 */

import { UsageError } from './usage.ts'

/** Names that npm knows itself and sets from its own configuration, whatever was typed. */
const OWN_OF_NPM = new Set(['save', 'color'])

/** @throws UsageError that shows how to type it. */
export function refuseSwallowed(
  words: readonly string[],
  options: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  const script = env['npm_lifecycle_event']
  if (script === undefined) return
  const found = options.flatMap((name) => {
    const value = env[`npm_config_${name}`]
    if (value === undefined || OWN_OF_NPM.has(name)) return []
    return [value === 'true' || value === '' ? `--${name}` : `--${name} ${value.split('\n\n').join(` --${name} `)}`]
  })
  if (found.length === 0) return
  const before = words.filter((word) => !found.some((option) => option.endsWith(` ${word}`)))
  const command = ['npm run', script, ...before, '--', ...found].join(' ')
  throw new UsageError(`npm kept ${found.join(' and ')} for itself; options come after a --: ${command}`)
}
