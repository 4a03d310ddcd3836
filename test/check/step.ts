/** One step of `npm run check`: a tool that runs on the Node that runs us, and what came of it. */

import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'

export type StepResult = { ok: boolean; seconds: number; output: string }

export class Step {
  readonly name: string
  /** The command with which a person runs this step alone. */
  readonly alone: string
  readonly #args: readonly string[]
  #child: ChildProcess | undefined

  constructor(name: string, alone: string, args: readonly string[]) {
    this.name = name
    this.alone = alone
    this.#args = args
  }

  async run(folder: string): Promise<StepResult> {
    const since = performance.now()
    const args = ['--disable-warning=ExperimentalWarning', ...this.#args]
    // Not through execa: what checks the project should run where the project's own packages are broken.
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    let output = ''
    const take = (piece: string) => {
      output += piece
    }
    child.stdout.setEncoding('utf8').on('data', take)
    child.stderr.setEncoding('utf8').on('data', take)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    child.on('error', (error) => {
      take(`${error.message}\n`)
      resolve(false)
    })
    child.on('close', (code, signal) => {
      if (signal) take(`ended by ${signal}\n`)
      resolve(code === 0)
    })
    const ok = await promise
    return { ok, seconds: (performance.now() - since) / 1000, output }
  }

  end(signal: NodeJS.Signals): void {
    if (this.#child?.exitCode === null) this.#child.kill(signal)
  }
}
