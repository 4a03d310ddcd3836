import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import type { FormatName } from '../../harness/report/formats.ts'
import { createReporter, FORMATS } from '../../harness/report/formats.ts'
import { everyVerdict, plainLayout, stream, written } from './stream.ts'

const text = readFileSync(new URL('../../docs/reports.md', import.meta.url), 'utf8')
const section = (name: string) => text.split(/^## /m).find((one) => one.startsWith(name)) ?? ''
const words = (from: string) => new Set([...from.matchAll(/`([^`]+)`/g)].map(([, word]) => word))

const events = stream({ checks: everyVerdict })
const create = (name: FormatName) => createReporter(name, plainLayout())

describe('docs/reports.md', () => {
  it.each(Object.keys(FORMATS))('names the format %s', (name) => {
    expect(words(text)).toContain(name)
  })

  it('names every field of the JSON report', async () => {
    const { labs, ...run } = JSON.parse(await written(await create('json'), events))
    const [lab] = labs
    const records = [run, run.host, lab, lab.acts[0], ...lab.acts[0].steps, ...lab.checks, lab.checks[0].expected]
    const fields = new Set(records.flatMap((record) => Object.keys(record as object)))
    expect([...fields].filter((field) => !words(section('`json`')).has(field))).toEqual([])
    expect(fields.size).toBeGreaterThan(40)
  })

  it('names every type of event, and what it carries', async () => {
    const lines = (await written(await create('ndjson'), events)).trimEnd().split('\n')
    const named = words(section('`ndjson`'))
    const preamble = new Set(['type', 'format', 'version'])
    for (const line of lines) {
      const event = JSON.parse(line) as Record<string, unknown>
      expect(named).toContain(event['type'])
      expect(Object.keys(event).filter((field) => !named.has(field) && !preamble.has(field))).toEqual([])
    }
  })

  it('names the diagnostics of the TAP report', async () => {
    const keys = [...(await written(await create('tap'), events)).matchAll(/^ {2}([a-zA-Z]+):/gm)].map(([, key]) => key)
    expect(keys).not.toEqual([])
    expect(keys.filter((key) => !words(section('`tap`')).has(key))).toEqual([])
  })
})
