/** What as-in-c tells of the port that it asked for: the one that it was told, and so much more. */

import type { Said } from '../../harness/lab.ts'

export function askedFor({ value }: Said): { port: number; more: number } {
  return value as { port: number; more: number }
}
