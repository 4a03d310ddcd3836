import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { findLabs, OWN_LABS } from '../../harness/catalog/find.ts'
import { recordingFile } from '../../harness/cli/docs-recording.ts'
import { readAnswered, readSaved } from '../../harness/cli/saved.ts'
import type { SavedRun } from '../../harness/domain/evidence.ts'
import type { PacketFilter } from '../../harness/domain/machine.ts'
import { lab, PROJECT } from '../lab-command.ts'
import { machine, saved } from '../verify/saved-runs.ts'
import type { Schema } from './json-schema.ts'
import { judgeBy } from './json-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'saved-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The name of a file that holds this. */
function written(content: unknown): string {
  const file = join(folder, `${Math.random()}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

/** What is said of a file, without its name. */
function refusal(content: unknown, read = readSaved): string {
  const file = written(content)
  try {
    read(file)
  } catch (error) {
    return (error as Error).message.replaceAll(file, 'FILE')
  }
  return 'it was read'
}

const FILTER: PacketFilter = {
  why: null,
  chains: [
    {
      hook: 'input',
      policy: 'accept',
      shownBy: 'nft list ruleset',
      rules: [
        {
          text: 'tcp dport 8080 drop',
          wants: [{ of: 'destination-port', values: ['8080'], isNot: false }],
          does: 'drop',
          chain: null,
        },
      ],
    },
  ],
}

const whole = () => saved({ '01-a/one': 'connected', '01-a/two': 'skip: no ss' }, { machine: machine() })

test('a file is read as it was written', () => {
  expect(readAnswered(written(whole()))).toEqual(whole())
})

describe('a file', () => {
  test('of version 1 is read, and has no answers to compare with', () => {
    // JSON leaves out what is undefined.
    const old = { ...whole(), version: 1, answers: undefined, machine: undefined, durationMs: undefined }
    expect(readSaved(written(old))).toMatchObject({ version: 2, machine: null, answers: [] })
    expect(refusal(old, readAnswered)).toBe(
      'FILE has no answers to compare with; make it anew on that machine: npm run verify -- --save FILE',
    )
  })

  test('of version 2 without what was added to it later is read, and has all that it had', () => {
    const old = whole()
    expect(old.machine).not.toHaveProperty('filter')
    expect(readAnswered(written(old))).toEqual(old)
  })

  test('has what was added to version 2 later, or is refused where that is wrong', () => {
    const now = { ...whole(), machine: machine({ filter: FILTER, ownNetwork: { 'ipv4-loopback': null } }) }
    expect(readAnswered(written(now))).toEqual(now)
    const wrong = { ...now, machine: machine({ filter: { ...FILTER, why: 7 as unknown as string } }) }
    expect(refusal(wrong)).toBe('FILE cannot be told: machine.filter.why is no text')
  })

  test('of a newer version is refused, with what to do', () => {
    expect(refusal({ ...whole(), version: 3 })).toBe(
      'FILE has version 3 of the format; this program reads versions 1 and 2; a newer one of these labs wrote it, so bring this one up to date',
    )
  })

  test.each([0, '2', null, undefined, 1.5])('of version %j is refused', (version) => {
    expect(refusal({ ...whole(), version })).toMatch(/^FILE has version .*; this program reads versions 1 and 2$/)
  })

  test('that was cut short is refused', () => {
    expect(refusal(JSON.stringify(whole()).slice(0, -20))).toMatch(/not whole JSON: it was cut short/)
  })
})

describe('a file that somebody changed is refused by the name of the part that is wrong', () => {
  test.each([
    ['startedAt', 7, 'startedAt is no text'],
    ['durationMs', '7', 'durationMs is no number'],
    ['machine', 'mine', 'machine is no object'],
    ['machine.settings', null, 'machine.settings is no list'],
    ['machine.settings.0.value', 1, 'machine.settings[0].value is no text'],
    ['machine.rights.packet-filter', true, 'machine.rights.packet-filter is no object'],
    ['machine.runtime.nodeOrigin', 'borrowed', 'machine.runtime.nodeOrigin is none of bundled, system'],
    ['machine.openFiles.hard', 'many', 'machine.openFiles.hard is no number'],
    ['machine.capabilities.lsof', 0, 'machine.capabilities.lsof is no text'],
    ['answers', {}, 'answers is no list'],
    ['answers.1.verdict', 'passed', 'answers[1].verdict is none of pass, fail, noted, skip, inconclusive'],
    ['answers.0.expected.outcomes', 'connected', 'answers[0].expected.outcomes is no list'],
    ['answers.0.observed', undefined, 'answers[0].observed is no text'],
  ])('%s: %j', (path, value, message) => {
    const changed: unknown = JSON.parse(JSON.stringify(whole()))
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    const holder = keys.reduce<Record<string, unknown>>(
      (at, key) => at[key] as Record<string, unknown>,
      changed as Record<string, unknown>,
    )
    holder[last] = value
    expect(refusal(changed)).toBe(`FILE cannot be told: ${message}`)
  })
})

describe('docs/saved-run.schema.json', () => {
  const schema = JSON.parse(readFileSync(join(PROJECT, 'docs/saved-run.schema.json'), 'utf8')) as Schema
  const recordings = findLabs(OWN_LABS).flatMap((id) => {
    const file = recordingFile(OWN_LABS, id)
    return existsSync(file) ? [[id, file] as const] : []
  })

  test.each(recordings)('knows every field of the recorded run of %s, and finds nothing wrong', (_, file) => {
    expect(judgeBy(schema, readSaved(file))).toEqual({ errors: [], unknown: [] })
  })

  test('knows every field of a run that was just saved, and finds nothing wrong', async () => {
    const file = join(folder, 'fresh.json')
    const env = { SOCKET_LABS_FOLDER: join(PROJECT, 'test/fixtures/short') }
    const { exitCode } = await lab(['--save', file], { command: 'harness/cli/verify.ts', env })
    expect(exitCode).toBe(0)
    const fresh = JSON.parse(readFileSync(file, 'utf8')) as SavedRun
    expect(judgeBy(schema, fresh)).toEqual({ errors: [], unknown: [] })
    expect(fresh.machine?.settings).not.toEqual([])
    expect(fresh.answers).toHaveLength(1)
  })

  test('finds what is wrong', () => {
    const { errors } = judgeBy(schema, { ...whole(), version: 3, answers: [{ lab: '01-a' }] })
    expect(errors).toContain('.version is not 2')
    expect(errors).toContain('.answers[0].verdict is missing')
    expect(judgeBy(schema, { ...whole(), more: 1 }).unknown).toEqual(['.more'])
  })
})
