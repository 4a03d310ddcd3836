/** `npm run lab:new NAME`: writes a small lab that runs green, to start from. Never writes over anything. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

import { findLabFolders, isLabName, labsFolder } from '../catalog/find.ts'
import { freeNumber } from '../catalog/inconsistencies.ts'
import { loadLab } from '../catalog/load.ts'
import { labPage } from './docs-page.ts'
import { performCommand } from './lab-check-arguments.ts'
import { newLab } from './lab-new-template.ts'
import { UsageError } from './usage.ts'

const HELP = `Writes a new lab that runs green, for you to change: labs/NN-name with lab.ts, narration.en.ts and README.md.

  npm run lab:new my-port               takes the next number
  npm run lab:new 31-my-port            takes this number, if no lab has it
  npm run lab:new -- --help             this text

SOCKET_LABS_FOLDER names another folder than labs/.
`

const NAME = /^(?:(\d\d)-)?([a-z0-9]+(?:-[a-z0-9]+)*)$/
const LONGEST_NAME = 40

await performCommand({
  name: 'lab:new',
  help: HELP,
  switches: [],
  async perform(words) {
    const [word, ...more] = words
    if (word === undefined) throw new UsageError('it needs a name, such as my-port: npm run lab:new my-port')
    if (more.length > 0) throw new UsageError(`it takes one name; join the words with hyphens: ${words.join('-')}`)
    const folder = labsFolder()
    await create(folder, chooseId(word, findLabFolders(folder)))
  },
})

function chooseId(word: string, folders: readonly string[]): string {
  const [, number, name] = NAME.exec(word) ?? []
  if (name === undefined || word.length > LONGEST_NAME) {
    const allowed = `a name is words in lower case with hyphens between them, at most ${LONGEST_NAME} letters in all`
    throw new UsageError(`'${word.slice(0, 60)}' is no name of a lab; ${allowed}: my-port or 31-my-port`)
  }
  const labs = folders.filter(isLabName)
  const next = freeNumber(labs)
  if (next === undefined) throw new UsageError('all numbers from 01 to 99 are taken')
  const namesake = labs.find((id) => id.slice(3) === name)
  if (namesake !== undefined) throw new UsageError(`there is a lab of that name: ${namesake}; take another name`)
  const holder = labs.find((id) => id.slice(0, 2) === number)
  if (holder !== undefined) throw new UsageError(`${holder} has the number ${number}; ${next} is free`)
  return `${number ?? next}-${name}`
}

async function create(folder: string, id: string): Promise<void> {
  const lab = join(folder, id)
  const harness = relative(lab, resolve(import.meta.dirname, '../lab.ts')).replaceAll('\\', '/')
  const files = newLab({ id, harness })
  try {
    // Fails where anything of that name is there, also something that came a moment ago.
    mkdirSync(lab)
  } catch (error) {
    throw new UsageError(`cannot make the folder ${lab}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  }
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(lab, name), text)
    writeFileSync(join(lab, 'README.md'), labPage(await loadLab(id, folder), null))
  } catch (error) {
    rmSync(lab, { recursive: true })
    throw error
  }
  for (const name of [...Object.keys(files), 'README.md']) {
    process.stdout.write(`wrote ${relative(process.cwd(), join(lab, name))}\n`)
  }
  process.stdout.write(`
Next:
  npm run lab ${id}                        runs it
  npm run lab:check ${id}                  says what is wrong with it, whenever you have changed something
  npm run docs -- --record ${id}           records a run, and writes its page and the list of labs
`)
}
