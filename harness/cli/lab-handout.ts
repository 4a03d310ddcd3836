/** `npm run lab:handout`: writes the folder that students start from, and a rubric to change. Never over anything. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'

import { findLabs } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import { loadRoles } from '../catalog/roles.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import { LANGUAGES } from '../grade/handout-starters.ts'
import type { Language } from '../grade/handout-starters.ts'
import { handout, rubricTemplate } from '../grade/handout.ts'
import { rubricSchema } from '../grade/rubric-schema.ts'
import { chooseLabs } from './choice.ts'
import { performCommand } from './perform-command.ts'
import { UsageError } from './usage.ts'

const HELP = `Writes a folder for students to start from: the tasks, the questions, an empty sheet for the answers, and a
starter program for each role that the labs have. No answer is in it. Nothing is ever written over.

  npm run lab:handout -- 01 02 04 --out DIR            writes the folder DIR
  npm run lab:handout -- 04 --out DIR --language c     starters in ${LANGUAGES.join(', ')}; python where nothing is said
  npm run lab:handout -- 01 02 04 --rubric FILE        writes a rubric for you, with every check at one point
  npm run lab:handout -- --help                        this text

Students check themselves with npm run grade -- DIR. docs/grading says how it goes on.
Exit codes: 0 written, 2 wrong usage.
`

const LANGUAGE_NAMES = `one of ${LANGUAGES.join(', ')}`

await performCommand({
  name: 'lab:handout',
  help: HELP,
  switches: [],
  values: { out: 'the name of a folder', language: LANGUAGE_NAMES, rubric: 'the name of a file' },
  async perform(words, _isOn, valueOf) {
    const [out, rubric] = [valueOf('out'), valueOf('rubric')]
    const language = languageOf(valueOf('language'))
    if (words.length === 0) throw new UsageError('name the labs, such as 01 02 04; npm run lab lists them')
    if (out === null && rubric === null) throw new UsageError('say --out DIR for the folder of the students')
    const labs = await Promise.all(chooseLabs(words, findLabs()).map((id) => loadSound(id)))
    const { book } = await loadRoles()
    const files =
      out === null ? [] : handout(labs, book, language).map(({ name, text }) => ({ file: join(out, name), text }))
    write([...files, ...(rubric === null ? [] : rubricFiles(labs, rubric, out))])
    if (out !== null) process.stdout.write(`\nStudents check themselves with: npm run grade -- ${shown(out)}\n`)
  },
})

function languageOf(word: string | null): Language {
  const language = LANGUAGES.find((one) => one === (word ?? 'python'))
  if (language) return language
  throw new UsageError(`--language needs ${LANGUAGE_NAMES}`)
}

async function loadSound(id: string): Promise<LoadedLab> {
  const lab = await loadLab(id)
  if (lab.defect !== null) throw new UsageError(`${id} cannot be handed out: ${lab.defect}`)
  return lab
}

/** The rubric, and beside it the schema by which an editor knows it. */
function rubricFiles(labs: readonly LoadedLab[], file: string, out: string | null): Files {
  if (out !== null && `${resolve(file)}${sep}`.startsWith(`${resolve(out)}${sep}`)) {
    throw new UsageError('--rubric is for you: name a file outside of the folder for students')
  }
  const schema = `${basename(file).replace(/\.json$/, '')}.schema.json`
  return [
    { file, text: rubricTemplate(labs, schema) },
    { file: join(dirname(file), schema), text: rubricSchema(labs) },
  ]
}

type Files = readonly { file: string; text: string }[]

/** All of them, or none where one of the names is taken. */
function write(files: Files): void {
  const taken = files.find(({ file }) => existsSync(file))
  if (taken) throw new UsageError(`${shown(taken.file)} is there already, and nothing is written over`)
  for (const { file, text } of files) {
    try {
      mkdirSync(dirname(file), { recursive: true })
      // Fails where the name was taken a moment ago, and where it is a link that leads nowhere.
      writeFileSync(file, text, { flag: 'wx' })
    } catch (error) {
      throw new UsageError(`cannot write ${shown(file)}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
    }
    process.stdout.write(`wrote ${shown(file)}\n`)
  }
}

function shown(file: string): string {
  return relative(process.cwd(), file)
}
