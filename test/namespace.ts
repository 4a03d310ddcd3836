/** Network namespaces for tests: a network of one's own, without root. Where they are not allowed, tests skip by name. */

import { execaSync } from 'execa'

/** Puts a command into a new user and network namespace whose loopback is up, after running `setup` in it. */
export function namespaced(setup = ''): string[] {
  const script = `ip link set lo up && { ${setup === '' ? ':' : setup}; } && exec "$@"`
  return ['unshare', '-rn', 'sh', '-c', script, 'sh']
}

/** Why there are no namespaces here, or null where there are: found by making one. */
export function whyNoNamespace(): string | null {
  return whyNot([...namespaced(), 'true'])
}

/** Why this command fails, in one line; null where it does not. */
export function whyNot([file = '', ...args]: readonly string[]): string | null {
  const { exitCode, stderr, shortMessage } = execaSync(file, args, { reject: false })
  return exitCode === 0 ? null : ((stderr || shortMessage || 'unshare failed').split('\n')[0] ?? null)
}

/** The part of a test's title that says why it is skipped. */
export const noNamespace = whyNoNamespace()
