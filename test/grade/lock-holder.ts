/** A process that takes the folder of a class, or makes a stage, says what came of it, and stays until it is killed. */

import { lockFolder } from '../../harness/grade/folder-lock.ts'
import { makeStage } from '../../harness/grade/stage-place.ts'

const folder = process.argv[2]
const locked = folder === undefined ? makeStage() : lockFolder(folder)
const said = typeof locked === 'string' ? locked : 'problem' in locked ? locked.problem : 'locked'
process.stdout.write(`${said}\n`)
setInterval(() => {}, 1000)
