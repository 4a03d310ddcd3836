/** Loads a module that somebody wrote: within a time, and with words for what is wrong with it. */

import { pathToFileURL } from 'node:url'

/** An upper bound for a module that waits at its top level for something that never comes. */
const LOADING_MS = 10_000

/** What a module exports. */
export async function importInTime(file: string): Promise<Readonly<Record<string, unknown>>> {
  const { promise, reject } = Promise.withResolvers<never>()
  const late = new Error(`it was not loaded after ${LOADING_MS / 1000} s`)
  const timer = setTimeout(() => reject(late), LOADING_MS)
  try {
    return (await Promise.race([import(pathToFileURL(file).href), promise])) as Record<string, unknown>
  } finally {
    clearTimeout(timer)
  }
}

/** The line in this file that the error comes from, where its stack says so. */
export function lineOfError(error: unknown, file: string): number {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return Number(new RegExp(`${file.replaceAll('.', '\\.')}:(\\d+)`).exec(stack)?.[1] ?? 1)
}

/** What the error says, in one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  // Node names the files by whole paths of this machine.
  return (message.split('\n')[0] ?? '').replaceAll(/'?(?:file:\/\/)?\/[^\s']*\/([^\s'/]+)'?/g, '$1')
}
