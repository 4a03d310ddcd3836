/** Loads a lab with its words. What is wrong with it becomes its defect; nothing is thrown. */

import { basename } from 'node:path'

import type { Lab } from '../domain/lab.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { AnyNarration } from '../domain/narration.ts'
import { findLabs, labsFolder, programFile } from './find.ts'
import { labProblems } from './inconsistencies.ts'
import { lineOf } from './problem.ts'
import { loadLedger, readLab } from './read.ts'

export async function loadLab(id: string, folder = labsFolder()): Promise<LoadedLab> {
  const [files, { ledger, problems }] = await Promise.all([readLab(id, folder), loadLedger(folder)])
  const { claims } = ledger
  const stopping = [...problems, ...labProblems(files, claims)].filter(({ stops }) => stops)
  const twin = findLabs(folder).find((other) => other !== id && other.slice(0, 2) === id.slice(0, 2))
  const first = stopping[0]
  const defect =
    (twin && `${id} and ${twin} have the same number; give one of them another`) ??
    (first && `${basename(folder)}/${id}/${basename(first.file)}:${first.line}: ${first.what}`) ??
    null
  const untold = stopping.some(({ file }) => file === files.narration.file)
  const unreadable = stopping.some(({ file }) => file !== files.narration.file)
  const lab = unreadable ? substituteFor(id) : (files.lab.value as Lab)
  return {
    id,
    folder,
    defect,
    lab,
    narration: untold || unreadable ? withoutWords(id) : (files.narration.value as AnyNarration),
    claims,
    file: `${basename(folder)}/${id}/lab.ts`,
    lines: linesOfChecks(files.lab.text, lab),
    programFile: (program) => programFile(program, folder),
  }
}

/** Stands for a lab that cannot be run, so that it is counted and never passed over. */
function substituteFor(id: string): Lab {
  return {
    id,
    acts: {
      [id]: {
        experiment: () => Promise.reject(new Error('this lab cannot be loaded')),
        checks: {
          'lab-can-be-loaded': { outcomes: ['loaded'], outcome: () => 'loaded', expect: {}, lie: 'another-port' },
        },
      },
    },
  }
}

function withoutWords(id: string): AnyNarration {
  return { title: id, summary: '', acts: {}, remember: [] }
}

function linesOfChecks(text: string | null, lab: Lab): Record<string, number> {
  const acts = Object.entries(lab.acts)
  return Object.fromEntries(
    acts.flatMap(([act, { checks }]) => Object.keys(checks).map((id) => [id, lineOf(text, 'acts', act, id)])),
  )
}
