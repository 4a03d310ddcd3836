/** Loads a lab with its words. What is wrong with it becomes its defect; nothing is thrown. */

import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Lab } from '../domain/lab.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { AnyNarration } from '../domain/narration.ts'
import { findLabs, labsFolder } from './find.ts'

const EMPTY_NARRATION: AnyNarration = { title: '', summary: '', acts: {}, remember: [] }

export async function loadLab(id: string, folder = labsFolder()): Promise<LoadedLab> {
  const labFile = join(folder, id, 'lab.ts')
  const lab = await importDefault<Lab>(labFile)
  const narration = await importDefault<AnyNarration>(join(folder, id, 'narration.en.ts'))
  const claims = await loadClaims(folder)
  const twin = findLabs(folder).find((other) => other !== id && other.slice(0, 2) === id.slice(0, 2))
  return {
    id,
    defect:
      (twin && `${id} and ${twin} have the same number; give one of them another`) ??
      lab.problem ??
      narration.problem ??
      missingText(lab.value, narration.value) ??
      null,
    lab: lab.value ?? { id, acts: { [id]: UNREADABLE } },
    narration: narration.value ?? { ...EMPTY_NARRATION, title: id },
    claims,
    file: `${basename(folder)}/${id}/lab.ts`,
    lines: lab.value ? linesOfChecks(labFile, lab.value) : {},
    programFile: (program) => join(folder, 'programs', `${program}.ts`),
  }
}

/** Stands for a lab that cannot be loaded, so that it is counted and never passed over. */
const UNREADABLE: Lab['acts'][string] = {
  experiment: () => Promise.reject(new Error('this lab cannot be loaded')),
  checks: {
    'lab-can-be-loaded': { outcomes: ['loaded'], outcome: () => 'loaded', expect: {}, lie: 'another-port' },
  },
}

type Imported<T> = { value?: T; problem?: string }

async function importDefault<T>(file: string): Promise<Imported<T>> {
  const name = `${basename(join(file, '..'))}/${basename(file)}`
  if (!existsSync(file)) return { problem: `${name} is missing` }
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: T }
    return module.default ? { value: module.default } : { problem: `${name} exports no default` }
  } catch (error) {
    return { problem: `${name} cannot be loaded: ${String(error).split('\n')[0]}` }
  }
}

async function loadClaims(folder: string): Promise<LoadedLab['claims']> {
  const own = join(folder, 'claims.ts')
  const file = existsSync(own) ? own : join(import.meta.dirname, '../../labs/claims.ts')
  const { claims } = (await import(pathToFileURL(file).href)) as { claims: LoadedLab['claims'] }
  return claims
}

/** The compiler finds a missing text first; this is for a lab that was never compiled. */
function missingText(lab: Lab | undefined, narration: AnyNarration | undefined): string | undefined {
  for (const [actName, act] of Object.entries(lab?.acts ?? {})) {
    const words = narration?.acts?.[actName]
    if (!words) return `narration.en.ts has no text for the act ${actName}`
    for (const [id, check] of Object.entries(act.checks)) {
      const text = words.checks?.[id]
      if (!text) return `narration.en.ts has no text for the check ${id}`
      const outcome = check.outcomes.find((one: string) => !text.outcomes?.[one])
      if (outcome !== undefined) return `narration.en.ts has no text for the outcome ${outcome} of ${id}`
    }
  }
  return undefined
}

function linesOfChecks(file: string, lab: Lab): Record<string, number> {
  const lines = readFileSync(file, 'utf8').split('\n')
  const ids = Object.values(lab.acts).flatMap(({ checks }) => Object.keys(checks))
  return Object.fromEntries(ids.map((id) => [id, 1 + Math.max(0, lines.findIndex((line) => line.includes(`'${id}'`)))]))
}
