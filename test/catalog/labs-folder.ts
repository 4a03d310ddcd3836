/** A folder of labs for a test: inside the project, so that a lab's import of the harness resolves; kept out of git. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { execa } from 'execa'

import { labPage } from '../../harness/cli/docs-page.ts'
import { newLab } from '../../harness/cli/lab-new-template.ts'
import { loadLab } from '../../harness/catalog/load.ts'

export const PROJECT = join(import.meta.dirname, '../..')

let made = 0

export class LabsFolder {
  readonly top = join(PROJECT, 'test', `labs-${process.pid}-${made++}.tmp`)
  readonly path = join(this.top, 'labs')

  constructor() {
    mkdirSync(this.path, { recursive: true })
  }

  file(...names: string[]): string {
    return join(this.path, ...names)
  }

  read(...names: string[]): string {
    return readFileSync(this.file(...names), 'utf8')
  }

  /** Where a problem of this file is reported: the path as it is seen from the project. */
  shown(...names: string[]): string {
    return relative(PROJECT, this.file(...names))
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.file(name)), { recursive: true })
    writeFileSync(this.file(name), text)
  }

  /** A lab with which nothing is wrong. */
  addLab(id: string): void {
    const harness = '../../../../harness/lab.ts'
    for (const [name, text] of Object.entries(newLab({ id, harness }))) this.write(`${id}/${name}`, text)
  }

  /** Writes the pages that the labs should have, as far as they can be loaded. */
  async addPages(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const lab = await loadLab(id, this.path)
      if (lab.defect === null) this.write(`${id}/README.md`, labPage(lab, null))
    }
  }

  /** Replaces a piece of a file. The piece must be there once, or the test would break nothing. */
  edit(file: string, from: string, to: string): void {
    const pieces = this.read(file).split(from)
    if (pieces.length !== 2) throw new Error(`${file} has ${JSON.stringify(from)} ${pieces.length - 1} times`)
    this.write(file, pieces.join(to))
  }

  remove(...names: string[]): void {
    rmSync(this.file(...names), { recursive: true })
  }

  /** Runs a command of the harness on these labs, as a person would. */
  async run(
    command: string,
    ...args: string[]
  ): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
    const file = join(PROJECT, command)
    const { exitCode, stdout, stderr } = await execa(process.execPath, [file, ...args], {
      cwd: PROJECT,
      reject: false,
      timeout: 40_000,
      stdin: 'ignore',
      env: { SOCKET_LABS_FOLDER: this.path, npm_lifecycle_event: undefined, FORCE_COLOR: undefined, CI: undefined },
    })
    return { exitCode, stdout, stderr }
  }

  delete(): void {
    if (existsSync(this.top)) rmSync(this.top, { recursive: true })
  }
}

export const LAB = 'harness/cli/lab.ts'
export const CLAIMS = 'harness/cli/claims.ts'
export const LAB_CHECK = 'harness/cli/lab-check.ts'
export const LAB_NEW = 'harness/cli/lab-new.ts'
export const DOCS = 'harness/cli/docs.ts'
