/** `npm run lab:new NAME`: writes a small lab that runs green, to start from. Never writes over anything. */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

import { findLabFolders, labsFolder } from '../catalog/find.ts'
import { loadLab } from '../catalog/load.ts'
import { labPage } from './docs-page.ts'
import { performCommand } from './perform-command.ts'
import { chooseId } from './lab-new-name.ts'
import { newLab } from './lab-new-template.ts'
import { UsageError } from './usage.ts'

const HELP = `Writes a new lab that runs green, for you to change: labs/NN-name with lab.ts, narration.en.ts and README.md.

  npm run lab:new my-port               takes the next number
  npm run lab:new 31-my-port            takes this number, if no lab has it
  npm run lab:new -- --help             this text

SOCKET_LABS_FOLDER names another folder than labs/.
`

await performCommand({
  name: 'lab:new',
  help: HELP,
  switches: [],
  async perform(words) {
    const folder = labsFolder()
    await create(folder, chooseId(words, findLabFolders(folder)))
  },
})

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
