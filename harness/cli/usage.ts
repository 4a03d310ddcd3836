/** Wrong usage: one line that says what is allowed, and exit code 2. */

export class UsageError extends Error {
  override name = 'UsageError'
}

export const EXIT_USAGE = 2
export const EXIT_INCONCLUSIVE = 3
