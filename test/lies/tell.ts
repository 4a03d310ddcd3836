/** Loaded with --import into the process of a lab program: tells the lie that SOCKET_LABS_LIE names. */

import type { Lie } from '../../harness/domain/lie.ts'
import { FAULTS } from './faults.ts'

const lie = process.env['SOCKET_LABS_LIE'] ?? ''
if (!Object.hasOwn(FAULTS, lie))
  throw new Error(`there is no lie '${lie}'; there are ${Object.keys(FAULTS).join(', ')}`)
FAULTS[lie as Lie]()
