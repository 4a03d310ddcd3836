/** Runs of the fixtures with networks of their own, and what came of them. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execaSync } from 'execa'
import { afterAll } from 'vitest'

import type { RunEvent } from '../../harness/domain/event.ts'
import type { ActEvidence } from '../../harness/domain/evidence.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import type { LabRunOptions } from '../lab-command.ts'
import { lab } from '../lab-command.ts'
import { leftoversAfter, newMark } from '../leftovers.ts'
import { noNamespace } from '../namespace.ts'

export const LABS = { SOCKET_LABS_FOLDER: join(import.meta.dirname, '../fixtures/networks') }
export const scratch = mkdtempSync(join(tmpdir(), 'own-network-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** Runs a fixture to its end, and looks for what it left. */
export async function tell(args: readonly string[], { env = {}, prefix = [] }: LabRunOptions = {}) {
  const mark = newMark()
  const { exitCode, stdout, stderr } = await lab([...args, '--report', 'ndjson'], {
    prefix,
    env: { ...LABS, ...mark.env, ...env },
  })
  return { exitCode, stderr, ...read(stdout), left: await leftoversAfter(mark) }
}

/** The answers and the acts, from a report in ndjson. */
export function read(ndjson: string): { results: CheckResult[]; acts: ActEvidence[] } {
  const events = ndjson.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RunEvent]))
  return {
    results: events.flatMap((event) => (event.type === 'check' ? [event.result] : [])),
    acts: events.flatMap((event) => (event.type === 'act-end' ? [event.evidence] : [])),
  }
}

export const verdicts = (results: readonly CheckResult[]) => results.map(({ verdict }) => verdict)
export const reasons = (results: readonly CheckResult[]) => [...new Set(results.map(({ seen }) => seen))]

/** A folder with nothing but these tools, for a PATH. */
export function only(...tools: string[]): Record<string, string> {
  const folder = join(scratch, `only-${tools.join('-')}`)
  mkdirSync(folder, { recursive: true })
  for (const tool of tools) symlinkSync(whereIs(tool), join(folder, tool))
  return { PATH: folder }
}

function whereIs(tool: string): string {
  return execaSync('/bin/sh', ['-c', `command -v ${tool}`]).stdout
}

/** For the name of a suite. */
export const skipped = noNamespace ? ` (skipped: ${noNamespace})` : ''
