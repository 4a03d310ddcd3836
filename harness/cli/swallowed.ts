/**
 * Notices options that npm kept for itself. `npm run lab 04 --predict` without a second `--` gives --predict to npm,
 * which passes it on only as the environment variable npm_config_predict.
 */

import { UsageError } from './usage.ts'

/** Names that npm knows itself and sets from its own configuration, whatever was typed. */
const OWN_OF_NPM = new Set(['save', 'color'])

/** The number of a lab, or its name: seldom what an option is to have. */
const LAB = /^\d\d(-[a-z].*)?$/

/** @throws UsageError that shows how to type it. */
export function refuseSwallowed(
  words: readonly string[],
  options: readonly string[],
  takesValue: (option: string) => boolean,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const script = env['npm_lifecycle_event']
  if (script === undefined) return
  const kept = options.filter((name) => env[`npm_config_${name}`] !== undefined && !OWN_OF_NPM.has(name))
  if (kept.length === 0) return
  // `--port 9000` leaves the 9000 among the words; `--port=9000` is kept whole.
  const left = [...words]
  const takeValue = () => {
    const at = left.findLastIndex((word) => !LAB.test(word))
    if (at < 0 && left.length === 1) return '…'
    return left.splice(at, 1)[0] ?? '…'
  }
  const shown = kept.map((name) => {
    const value = env[`npm_config_${name}`] ?? ''
    if (value !== 'true' && value !== '') return `--${name} ${value.split('\n\n').join(` --${name} `)}`
    return takesValue(name) ? `--${name} ${kept.length === 1 ? takeValue() : '…'}` : `--${name}`
  })
  const names = kept.map((name) => `--${name}`).join(' and ')
  const command = ['npm run', script, ...left, '--', ...shown].join(' ')
  throw new UsageError(`npm kept ${names} for itself; options come after a --: ${command}`)
}
