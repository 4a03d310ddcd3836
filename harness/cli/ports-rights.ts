/** What to do where programs are not seen: another command line, which this user can type. */

import { relative, resolve } from 'node:path'

import type { Blind } from '../domain/look.ts'
import type { MachineLook } from '../ports/machine.ts'
import { unseenByRoot, unseenByUser } from '../words/ports-rights.en.ts'

/** `command` is to be pasted: it is never wrapped. `blind`: what remains to be said of the listing itself. */
export type Rights = { advice: string; command: string | null; blind: Blind[] }

/** `null` where all programs are seen. */
export function onRights({ listing }: MachineLook): Rights | null {
  const hidden: Blind[] = ['processes', 'some-processes', 'other-users']
  const blind = listing.blind.filter((one) => !hidden.includes(one))
  if (blind.length === listing.blind.length) return null
  const unseen = listing.rows.filter(({ holders, state }) => holders.length === 0 && state !== 'TIME-WAIT').length
  if (process.geteuid?.() !== 0) return { advice: unseenByUser(unseen), command: commandAsRoot(), blind }
  return unseen === 0 ? null : { advice: unseenByRoot(unseen), command: null, blind }
}

/**
 * sudo has a PATH of its own (secure_path in sudoers(5)), on which npm and this Node need not be: so both are spelled
 * out. Windows has no sudo.
 */
function commandAsRoot(): string | null {
  if (process.platform === 'win32') return null
  const launcher = resolve(import.meta.dirname, 'launch.cjs')
  return ['sudo', ...[process.execPath, launcher].map(fromHere), 'ports', ...process.argv.slice(2).map(quoted)].join(
    ' ',
  )
}

function fromHere(file: string): string {
  const short = relative(process.cwd(), file)
  return quoted(short.startsWith('..') ? file : short)
}

/** A word as a shell takes it for one. */
export function quoted(word: string): string {
  return /^[\w+:./=,@%-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
