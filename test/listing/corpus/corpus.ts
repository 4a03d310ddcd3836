/** The texts of the corpus, with the rows that each of them means. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type CorpusCase = {
  /** `ss/old`: the folder is the tool. */
  name: string
  text: string
  rows: string[]
  /** Whether ports are printed by name. */
  needsNames: boolean
}

const FOLDER = import.meta.dirname

export const CORPUS: readonly CorpusCase[] = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.txt'))
  .map((file) => file.slice(0, -'.txt'.length).replaceAll('\\', '/'))
  .toSorted()
  .map((name) => ({
    name,
    text: readFileSync(join(FOLDER, `${name}.txt`), 'utf8'),
    rows: readFileSync(join(FOLDER, `${name}.rows`), 'utf8')
      .trimEnd()
      .split('\n'),
    needsNames: name.endsWith('names') && !name.endsWith('odd-names'),
  }))
