/** A lab with everything that belongs to it, as the catalogue found it on disk. */

import type { Lab } from './lab.ts'
import type { AnyNarration } from './narration.ts'

export type LoadedLab = {
  id: string
  /** The folder in which the labs lie, as a path of this machine. */
  folder: string
  /** Why the lab cannot be run as it is, or null. Its checks are then inconclusive for this reason. */
  defect: string | null
  lab: Lab
  narration: AnyNarration
  /** What the documents say, by claim id. */
  claims: Readonly<Record<string, { document: string; says: string }>>
  /** The lab's file relative to the project, and for each check the line on which it is declared. */
  file: string
  lines: Readonly<Record<string, number>>
  programFile: (program: string) => string
}
