/** Hands out what was found: on standard output, and as a page (`--report html`) where one was asked for. */

import type { Seen } from '../report/html/ports-page.ts'
import type { PageRequest } from './ports-options.ts'
import { EXIT_BROKEN_PIPE, writeOut } from './ports-output.ts'
import type { Sink } from './sink.ts'

/** The page's file, open; null where there is none, or the page takes the place of the text. */
export async function openPage(page: PageRequest | null): Promise<Sink | null> {
  const file = page?.file ?? null
  if (file === null) return null
  // Loaded where it is needed: a look takes less time than some of Node's modules.
  const { isStandardOutput, openFile } = await import('./sink.ts')
  return isStandardOutput(file) ? null : openFile(file)
}

/** `opened`: what `openPage` gave. It is opened after a look, so that one that is interrupted leaves nothing behind. */
export async function tell(
  page: PageRequest | null,
  text: Iterable<string>,
  html: (seen: Seen) => Promise<string>,
  opened?: Sink | null,
): Promise<void> {
  const sink = opened === undefined ? await openPage(page) : opened
  try {
    const isHeard = await writeOut(page !== null && sink === null ? [await html(await seenNow())] : text)
    if (sink !== null) await sink.write(await html(await seenNow()))
    sink?.finish()
    if (!isHeard) process.exitCode = EXIT_BROKEN_PIPE
  } finally {
    sink?.discard()
  }
}

/** A look takes less than a second: where it is told is when it was. */
async function seenNow(): Promise<Seen> {
  const { readHostFacts } = await import('../host/facts.ts')
  return { at: new Date().toISOString(), host: readHostFacts() }
}
