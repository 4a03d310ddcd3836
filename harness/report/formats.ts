/** The report formats by name. A new one is one file and one line here. */

import type { Reporter } from '../domain/event.ts'
import type { Layout } from './layout.ts'
import { createNarrated } from './narrated.ts'

export type Format = { summary: string; create: (layout: Layout) => Reporter }

export const FORMATS = {
  narrated: { summary: 'for reading along: what is done, seen, expected, and why', create: createNarrated },
  brief: { summary: 'one line for each check; failures in full', create: createNarrated },
} as const satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS
