/** Whether to use colour: what was typed, else what the environment says, else whether a terminal reads along. */

export function wantsColor(
  typed: boolean | null,
  env: Readonly<Record<string, string | undefined>>,
  stream: { isTTY?: boolean },
): boolean {
  if (typed !== null) return typed
  // npm keeps `--no-color` and `--color=always` for itself and passes them on like this; of `--color` it leaves no trace.
  if (env['npm_config_color'] === '' || env['npm_config_color'] === 'false') return false
  if (env['npm_config_color'] === 'always') return true
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  // no-color.org: any value that is not empty.
  if (env['NO_COLOR']) return false
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}
