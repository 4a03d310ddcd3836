/** The class of the bench: right programs in Python, all alike. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Kind } from '../grade/class/generate.ts'
import { hand } from '../grade/class/generate.ts'
import type { Handed } from '../grade/class/programs.ts'
import { right } from '../grade/class/programs.ts'

function kindOf(roles: readonly string[]): Kind {
  const programs = Object.fromEntries(roles.map((role) => [role, right('python', role) as Handed]))
  return { name: roles.join('-'), parts: [], programs, lost: {} }
}

/** Three programs, and three acts of labs 01 and 04. */
export const THREE = kindOf(['server1', 'server2', 'server7'])
/** One program, and one short act of lab 03. */
export const ONE = kindOf(['server4'])

/** A folder with so many submissions. */
export function writeClass(folder: string, kind: Kind, size: number): string {
  mkdirSync(folder)
  for (let number = 0; number < size; number += 1) hand(join(folder, String(number).padStart(4, '0')), kind)
  return folder
}
