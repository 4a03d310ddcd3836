/** The report to look at: one page at the end, with drawings. A browser shows it without a network and without a program. */

import type { Reporter, RunEvent } from '../domain/event.ts'
import type { RunEnd } from './end-text.ts'
import { Extent } from './extent.ts'
import { runHtml } from './html/run.ts'
import type { Layout } from './layout.ts'
import { oneLine } from './plain.ts'
import { gather } from './record.ts'

/** A page breaks its lines itself, and has colours of its own. */
const SENTENCES: Layout = {
  width: Infinity,
  columns: Infinity,
  isScreen: false,
  paint: (_format, text) => text,
  paragraph: (text) => `${oneLine(text)}\n`,
}

export function createHtml(): Reporter {
  return async function* (events) {
    const extent = new Extent()
    let end: RunEnd | null = null
    async function* heard(): AsyncGenerator<RunEvent> {
      for await (const event of events) {
        extent.hear(event)
        if (event.type === 'run-end') end = event
        yield event
      }
    }
    const run = await gather(heard())
    yield runHtml(run, sentencesOf(extent, end))
  }
}

function sentencesOf(extent: Extent, end: RunEnd | null): string[] {
  if (!extent.isInterrupted || end === null) return []
  return extent.text(SENTENCES, end).trimEnd().split('\n')
}
