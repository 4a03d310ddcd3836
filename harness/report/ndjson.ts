/** The NDJSON report: every event as it happens, one line of JSON each, described in docs/reports.md. */

import type { Reporter, RunEvent } from '../domain/event.ts'
import { seen, typed } from '../words/en.ts'
import { toJson } from './plain.ts'

const EVENTS_FORMAT = 'socket-labs-events'
/** Raised when a field changes its meaning or goes; a new field or a new type of event does not raise it. */
const EVENTS_VERSION = 1

export function createNdjson(): Reporter {
  return async function* (events) {
    let first: object = { format: EVENTS_FORMAT, version: EVENTS_VERSION }
    for await (const event of events) {
      yield toJson({ ...first, ...event, ...wordsFor(event) }) + '\n'
      first = {}
    }
  }
}

/** A reader of the lines should not have to know how a step is told. */
function wordsFor(event: RunEvent): { typed?: string | null; seen?: string } {
  return event.type === 'step' ? { typed: typed(event.step), seen: seen(event.step) } : {}
}
