/** Runs the grader as a teacher does, and looks for what it leaves behind. */

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import type { Gradebook } from '../../../harness/domain/graded.ts'
import { descendantsOf } from '../../../harness/process/descendants.ts'
import { newMark } from '../../leftovers.ts'
import { startLab } from '../../lab-command.ts'
import { processesIn } from '../sandbox-stages.ts'
import type { Came } from './points.ts'
import { RUBRIC } from './rubric.ts'

/** A folder with room for submissions, for what the grader keeps for a while, and for what comes of it. */
export type Desk = {
  folder: string
  submissions: string
  temporary: string
  rubric: string
  out: (name: string) => string
}

export function makeDesk(): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'class-'))
  chmodSync(folder, 0o755)
  const [submissions, temporary, rubric] = ['submissions', 'temporary', 'rubric.json'].map((name) => join(folder, name))
  mkdirSync(submissions as string)
  mkdirSync(temporary as string)
  chmodSync(temporary as string, 0o1777)
  writeFileSync(rubric as string, JSON.stringify(RUBRIC))
  const out = (name: string) => join(folder, name)
  return { folder, submissions: submissions as string, temporary: temporary as string, rubric: rubric as string, out }
}

type GraderOptions = { timeoutMs?: number; prefix?: readonly string[]; mark?: ReturnType<typeof newMark> }

export function startGrader(
  { temporary }: Pick<Desk, 'temporary'>,
  args: readonly string[],
  { timeoutMs = 600_000, prefix = [], mark = newMark() }: GraderOptions = {},
) {
  const env = { ...mark.env, TMPDIR: temporary }
  return startLab(args, { command: 'harness/cli/grade.ts', timeoutMs, prefix, env })
}

/** Waits until it has printed so many lines, or is gone. */
export async function printedLines(running: ReturnType<typeof startGrader>, count: number): Promise<void> {
  let lines = 0
  const enough = new Promise<void>((resolve) => {
    running.stdout.on('data', (piece: Buffer | string) => {
      lines += String(piece).split('\n').length - 1
      if (lines >= count) resolve()
    })
  })
  await Promise.race([enough, running])
}

export function readBook(out: string): Gradebook {
  return JSON.parse(readFileSync(join(out, 'gradebook.json'), 'utf8')) as Gradebook
}

export function readCsv(out: string): string {
  return readFileSync(join(out, 'gradebook.csv'), 'utf8')
}

/** By name of the submission what came of each item. */
export function cameOf({ submissions }: Gradebook): Map<string, { points: number; items: Came }> {
  return new Map(
    submissions.map(({ name, points, items }) => [
      name,
      {
        points,
        items: Object.fromEntries(items.map(({ id, verdict, points: got }) => [id, { verdict, points: got }])),
      },
    ]),
  )
}

/** What the grader has not put away. */
export function leftIn({ temporary }: Pick<Desk, 'temporary'>): string[] {
  return readdirSync(temporary)
}

/** The process namespaces of the sandboxes below a grader: what runs in them carries no mark of ours. */
export function namespacesBelow(pid: number): string[] {
  const own = readlinkSync('/proc/self/ns/pid')
  const all = descendantsOf(pid).map((one) => namespaceOf(one.pid))
  return [...new Set(all)].filter((one) => one !== own && one !== '')
}

/** The processes that are left in these namespaces after a while: nobody, unless something outlived its grader. */
export async function untilGone(namespaces: readonly string[], limitMs = 10_000): Promise<number[]> {
  const until = performance.now() + limitMs
  for (;;) {
    const left = namespaces.flatMap(processesIn)
    if (left.length === 0 || performance.now() > until) return left
    await pause(50)
  }
}

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return ''
  }
}
