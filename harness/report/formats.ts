/** The report formats by name. A new one is one file and one line here. Only those that are used are loaded. */

import type { Reporter } from '../domain/event.ts'
import type { Layout } from './layout.ts'

type Format = { summary: string; load: () => Promise<(layout: Layout) => Reporter> }

export const FORMATS = {
  narrated: {
    summary: 'for reading along: what is done, seen, expected, and why',
    load: async () => (await import('./narrated.ts')).createNarrated,
  },
  brief: {
    summary: 'one line for each check; failures in full',
    load: async () => (await import('./brief.ts')).createBrief,
  },
  html: {
    summary: 'a page to look at, with drawings: one file, at the end',
    load: async () => (await import('./html.ts')).createHtml,
  },
  json: {
    summary: 'one document at the end, for programs',
    load: async () => (await import('./json.ts')).createJson,
  },
  ndjson: {
    summary: 'a line of JSON for each event, as it happens',
    load: async () => (await import('./ndjson.ts')).createNdjson,
  },
  junit: {
    summary: 'XML at the end, for GitLab, Jenkins and the like',
    load: async () => (await import('./junit.ts')).createJunit,
  },
  tap: {
    summary: 'Test Anything Protocol 14, as it happens',
    load: async () => (await import('./tap.ts')).createTap,
  },
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS

/** A reporter of this format. */
export async function createReporter(format: FormatName, layout: Layout): Promise<Reporter> {
  return (await FORMATS[format].load())(layout)
}
