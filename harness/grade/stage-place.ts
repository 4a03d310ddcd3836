/**
 * Names the folder on which the copy of a submission is mounted. The name says whose it is, so that the folder of a
 * grader that was killed can be told from one that is in use. What was mounted there went with the last process that saw
 * it; the empty folder stays until somebody removes it.
 */

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { isStillThere, ownIdentity } from '../process/identity.ts'

const NAME = /^socket-labs-stage-(?<pid>\d{1,10})-(?<start>\d*)-(?<place>[0-9a-f]{16})-\w{6}$/

export function makeStage(): string {
  const { pid, start, where } = ownIdentity()
  return mkdtempSync(join(tmpdir(), `socket-labs-stage-${pid}-${start}-${placeOf(where)}-`))
}

export function removeStage(stage: string): void {
  rmSync(stage, { recursive: true, force: true })
}

/** Removes the folders of graders that are gone. Those of other machines and containers are left alone. */
export function removeLeftStages(): void {
  const { where } = ownIdentity()
  for (const name of readdirSync(tmpdir())) {
    const { pid, start = '', place } = NAME.exec(name)?.groups ?? {}
    if (pid === undefined || place !== placeOf(where)) continue
    if (isStillThere({ pid: Number(pid), start, where }) !== false) continue
    try {
      // Only an empty one, and never what a link leads to.
      rmdirSync(join(tmpdir(), name))
    } catch {
      // It is another user's, or another grader was faster.
    }
  }
}

function placeOf(where: string): string {
  return createHash('sha256').update(where).digest('hex').slice(0, 16)
}
