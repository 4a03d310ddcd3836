/** Acts for the tests of drawings, written by hand or recorded, and a strict reader of what is drawn. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { ActEvidence, SavedRun, Step, StepKind } from '../../harness/domain/evidence.ts'
import type { ActRecord } from '../../harness/report/record.ts'
import { readPage } from './page-reader.ts'

type Over = Partial<ActEvidence> & { lab?: string; act?: string; title?: string }

/** An act of these steps, which began 100 ms apart. */
export function actOf(
  kinds: readonly StepKind[],
  { lab = '90-example', act = 'first', title = 'An act', ...over }: Over = {},
): ActRecord {
  const steps = kinds.map((kind, index): Step => ({ number: index + 1, atMs: index * 100, tookMs: 50, ...kind }))
  return {
    header: {
      lab,
      act,
      number: 1,
      of: 1,
      title,
      intro: '',
      port: 8080,
      notes: [],
      ...(over.network && { network: over.network }),
    },
    steps,
    evidence: {
      act,
      port: 8080,
      notes: [],
      steps,
      evidence: null,
      sources: {},
      skipped: null,
      problem: null,
      durationMs: 1000,
      ...over,
    },
  }
}

const LABS = join(import.meta.dirname, '../../labs')

/** Every act of the labs, as it was recorded. */
export function recordedActs(): ActRecord[] {
  const folders = readdirSync(LABS).filter((name) => /^\d\d-/.test(name))
  return folders.flatMap((folder) => {
    const run = JSON.parse(readFileSync(join(LABS, folder, 'recorded.json'), 'utf8')) as SavedRun
    return run.labs.flatMap(({ lab, acts }) =>
      acts.map((evidence): ActRecord => ({
        ...actOf([], { ...evidence, lab, title: evidence.act }),
        steps: evidence.steps,
        evidence,
      })),
    )
  })
}

/** What a drawing shows and says. It throws where it is no well-formed SVG, or names two places alike. */
export function readDrawing(...drawings: readonly string[]) {
  const { tags, text, ids } = readPage(`<!doctype html>\n${drawings.join('')}`)
  const valuesOf = (attribute: string) => tags.flatMap(({ attributes }) => attributes[attribute] ?? [])
  const kindsOf = (name: string) =>
    tags.filter((tag) => tag.name === name).flatMap(({ attributes }) => attributes.class?.split(' ') ?? [])
  const isDrawn = (kind: string) => tags.some(({ attributes }) => attributes.class?.split(' ').includes(kind))
  // The words of the description are no part of what is seen.
  const shown = drawings.join('').replace(/<desc[\s\S]*?<\/desc>/g, '')
  const words = shown.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
  return { tags, text, ids, words, valuesOf, kindsOf, isDrawn }
}
