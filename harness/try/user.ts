/** Who is meant by `as USER`, and whether this harness may start a process as that user. */

import { runTool } from '../command/tool.ts'

export type User = { uid: number } | { why: string }

export async function findUser(name: string): Promise<User> {
  const uid = /^\d+$/.test(name) ? Number(name) : await numberOf(name)
  if (typeof uid === 'string') return { why: uid }
  if (uid === process.geteuid?.()) return { uid }
  // Tried with a tool that does nothing: in a user namespace even root has no other user id to change to.
  const tried = await runTool('/bin/sh', ['-c', ':'], { uid, gid: uid })
  if (tried.outcome === 'ran') return { uid }
  const isRoot = process.geteuid?.() === 0
  const advice = isRoot ? 'this root has no other users, as in a user namespace' : 'it needs the rights of root'
  return { why: `as ${name}: starting a program as user ${uid} gives ${tried.reason}; ${advice}` }
}

/** The user's number, or why there is none. */
async function numberOf(name: string): Promise<number | string> {
  const asked = await runTool('id', ['-u', '--', name])
  if (asked.outcome !== 'ran')
    return `as ${name}: the tool id cannot be asked for the number of ${name} (${asked.reason})`
  const number = Number(asked.stdout.trim() || NaN)
  return asked.exitCode === 0 && Number.isInteger(number) ? number : `as ${name}: there is no user ${name} here`
}
