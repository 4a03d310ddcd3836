/** The report formats by name. A new one is one file and one line here. */

import type { Reporter } from '../domain/event.ts'
import { createBrief } from './brief.ts'
import { createJson } from './json.ts'
import { createJunit } from './junit.ts'
import type { Layout } from './layout.ts'
import { createNarrated } from './narrated.ts'
import { createNdjson } from './ndjson.ts'
import { createTap } from './tap.ts'

export type Format = { summary: string; create: (layout: Layout) => Reporter }

export const FORMATS = {
  narrated: { summary: 'for reading along: what is done, seen, expected, and why', create: createNarrated },
  brief: { summary: 'one line for each check; failures in full', create: createBrief },
  json: { summary: 'one document at the end, for programs', create: createJson },
  ndjson: { summary: 'a line of JSON for each event, as it happens', create: createNdjson },
  junit: { summary: 'XML at the end, for GitLab, Jenkins and the like', create: createJunit },
  tap: { summary: 'Test Anything Protocol 14, as it happens', create: createTap },
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS
