/** Every environment in which all labs must hold. */

import { ADDRESSES } from './addresses.ts'
import type { Environment } from './environment.ts'
import { FILTERS } from './filters.ts'
import { NODES } from './nodes.ts'
import { RESOURCES } from './resources.ts'
import { SETTINGS } from './settings.ts'
import { SURROUNDINGS } from './surroundings.ts'
import { TAKEN } from './taken.ts'
import { TOOLS } from './tools.ts'
import { USERS } from './users.ts'

export const ENVIRONMENTS: readonly Environment[] = [
  ...ADDRESSES,
  ...SETTINGS,
  ...USERS,
  ...TOOLS,
  ...FILTERS,
  ...SURROUNDINGS,
  ...TAKEN,
  ...RESOURCES,
  ...NODES,
]
