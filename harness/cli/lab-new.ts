/** `npm run lab:new NAME`: writes a small lab that runs green, to start from. Never writes over anything. */

import { findLabFolders, labsFolder } from '../catalog/find.ts'
import { performCommand } from './perform-command.ts'
import { harnessFrom, nextCommands, writeLab } from './lab-files.ts'
import { chooseId } from './lab-new-name.ts'
import { newLab } from './lab-new-template.ts'

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
  for (const file of await writeLab(folder, id, newLab({ id, harness: harnessFrom(folder, id) }))) {
    process.stdout.write(`wrote ${file}\n`)
  }
  process.stdout.write(nextCommands(id))
}
