/** Takes the folders of people out of what tools have said: their names are nobody's business. */

import { homedir } from 'node:os'

/** The same with `~` for the user's folder, and for those of others. */
export function withoutHome<T>(value: T, home = readHome()): T {
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' ? shortened(one, home) : one,
  ) as T
}

function shortened(text: string, home: string): string {
  const own = home.length > 1 ? text.replaceAll(home, '~') : text
  return own.replaceAll(/\/(?:home|Users)\/[^/\s:;,'"]+/g, '~')
}

/** A user id that is in no database has no folder, unless HOME names one. */
function readHome(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}
