/** Grades many submissions side by side, and yields each as it is done. One that was graded before is not graded again. */

import { basename, resolve } from 'node:path'

import type { GradedSubmission, SandboxFacts } from '../domain/graded.ts'
import type { Place } from './lines.ts'
import type { Grading } from './grade-submission.ts'
import { gradeSubmission } from './grade-submission.ts'
import type { Journal } from './journal.ts'
import { keyOfSubmission } from './journal.ts'

/** `place`: where the journal has it. */
export type ClassEvent = {
  graded: GradedSubmission
  sandbox: SandboxFacts | null
  place: Place
  isFromBefore: boolean
}

export type ClassOptions = { jobs: number; journal: Journal; key: string }

export async function* gradeClass(
  folders: readonly string[],
  grading: Grading,
  { jobs, journal, key }: ClassOptions,
): AsyncGenerator<ClassEvent> {
  const waiting = [...folders]
  const done: ClassEvent[] = []
  let failure: Error | undefined
  let wake = () => {}
  const work = async () => {
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      if (grading.signal.aborted) return
      done.push(await gradeOne(folder, { ...grading, toCome: () => waiting.length }, journal, key))
      wake()
    }
  }
  const workers = Array.from({ length: Math.max(1, jobs) }, work)
  let isOver = false
  void Promise.all(workers)
    .catch((error: unknown) => (failure = error instanceof Error ? error : new Error(String(error))))
    .finally(() => {
      isOver = true
      wake()
    })
  try {
    for (;;) {
      const woken = new Promise<void>((resolve_) => (wake = resolve_))
      for (let event = done.shift(); event; event = done.shift()) yield event
      if (failure !== undefined) throw failure
      if (isOver && done.length === 0) break
      if (done.length === 0) await woken
    }
    grading.signal.throwIfAborted()
  } finally {
    waiting.length = 0
    await Promise.allSettled(workers)
  }
}

async function gradeOne(folder: string, grading: Grading, journal: Journal, key: string): Promise<ClassEvent> {
  const own = await keyOfSubmission(key, basename(resolve(folder)), folder).catch(() => null)
  const before = own === null ? undefined : journal.find(own)
  if (before) return { ...journal.read(before), place: before, isFromBefore: true }
  const { graded, sandbox } = await gradeSubmission(folder, grading)
  grading.signal.throwIfAborted()
  return { graded, sandbox, place: journal.keep({ key: own, graded, sandbox }), isFromBefore: false }
}
