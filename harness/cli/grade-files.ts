/**
 * The files of a class that is being graded: the gradebook, and the reports that were asked for. They are written before
 * the first process is started, now and then on the way, and at the end. Each is whole at every moment, and says of which
 * submissions it has no result yet.
 */

import { basename, join, relative, resolve } from 'node:path'

import type { AnyGradebook, SandboxFacts } from '../domain/graded.ts'
import type { Kept } from '../grade/gradebook.ts'
import { gradebookOf } from '../grade/gradebook.ts'
import { unstarted } from '../grade/unstarted.ts'
import { gradebookCsv } from '../report/graded/csv.ts'
import { gradebookJson } from '../report/graded/json.ts'
import { CSV, GRADEBOOK_FILE, USUAL_FOLDER } from './grade-folder.ts'
import type { GradeOptions } from './grade-options.ts'
import { renderClass, writeAll, writeFileWhole } from './grade-reports.ts'
import type { Setting } from './grade-setting.ts'
import { runOf } from './grade-setting.ts'

/** Between two writes lies that much time, and so many times what the last one took: grading has the rest. */
const LEAST_MS = 10_000
const TIMES_OF_A_WRITE = 20

export class ClassFiles {
  readonly out: string
  readonly #setting: Setting
  readonly #startedAt: string
  readonly #options: GradeOptions
  readonly #kept: Kept[] = []
  /** The names of those that are to come. */
  readonly #toCome: string[]
  #nextAt = 0

  constructor(folders: readonly string[], options: GradeOptions, setting: Setting, startedAt: string) {
    this.out = options.out ?? USUAL_FOLDER
    this.#options = options
    this.#setting = setting
    this.#startedAt = startedAt
    this.#toCome = folders.map((folder) => basename(resolve(folder)))
  }

  get done(): number {
    return this.#kept.length
  }

  keep(one: Kept): void {
    const index = this.#toCome.indexOf(one.name)
    if (index >= 0) this.#toCome.splice(index, 1)
    this.#kept.push(one)
  }

  /** What there is so far, unless it was written just now. */
  async writeNowAndThen(sandbox: SandboxFacts | null): Promise<void> {
    if (performance.now() >= this.#nextAt) await this.write(sandbox, { toStdout: false })
  }

  async write(sandbox: SandboxFacts | null, { toStdout }: { toStdout: boolean }): Promise<void> {
    const since = performance.now()
    const { plan } = this.#setting
    const toCome = this.#toCome.map((name): Kept => ({ name, read: () => unstarted(name, plan) }))
    const book = gradebookOf(runOf(this.#setting, this.#startedAt, sandbox), [...this.#kept, ...toCome])
    await writeGradebook(this.out, book)
    await writeAll(renderClass(book, this.#options), { toStdout })
    const now = performance.now()
    this.#nextAt = now + Math.max(LEAST_MS, TIMES_OF_A_WRITE * (now - since))
  }

  /** `graded/gradebook.csv and graded/gradebook.json`. */
  inWords(): string {
    const shown = (file: string) => relative('', file) || basename(file)
    return [CSV, GRADEBOOK_FILE].map((name) => shown(join(this.out, name))).join(' and ')
  }
}

export async function writeGradebook(out: string, book: AnyGradebook): Promise<void> {
  await writeFileWhole(join(out, CSV), gradebookCsv(book))
  await writeFileWhole(join(out, GRADEBOOK_FILE), gradebookJson(book))
}
