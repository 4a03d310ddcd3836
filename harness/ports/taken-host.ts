/** The facts about this machine that stand in a snapshot: they name neither it, nor its addresses, nor its users. */

import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { arch, platform, release } from 'node:os'

import type { TakenHost } from '../domain/ports-taken.ts'
import { SNAPSHOT_FORMAT } from '../domain/ports-taken.ts'

export function readTakenHost(): TakenHost {
  return { os: platform(), kernel: release(), architecture: arch(), machine: readMachine() }
}

/** machine-id(5) asks not to give the number away: what is derived from it with a name of one's own says nothing of it. */
function readMachine(): string | null {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const id = readOrNull(file)
    if (id !== null && /^[\da-f]{32}$/.test(id)) {
      return createHmac('sha256', id).update(SNAPSHOT_FORMAT).digest('hex').slice(0, 16)
    }
  }
  return null
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'latin1').trim()
  } catch {
    return null
  }
}
