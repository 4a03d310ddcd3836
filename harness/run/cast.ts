/** The programs of one act: started together with their marker, heard, and ended whatever happens. */

import { existsSync } from 'node:fs'
import { basename } from 'node:path'

import { Inconclusive } from '../domain/inconclusive.ts'
import { pythonFile } from '../host/tools.ts'
import { findMarked, killMarked, newMarker } from '../process/marker.ts'
import { launch } from '../process/launch.ts'
import type { NeighbourHost } from '../process/neighbour.ts'
import type { Running } from '../process/running.ts'
import { waitFor } from '../process/wait.ts'
import type { Limits } from './limits.ts'

/** What a lie or a sandbox puts between the harness and a program. */
export type Fault = {
  /** A command that starts the program, such as strace(1), and leaves it the process id. */
  command?: readonly string[]
  /** Further arguments for Node, such as a module to load first. */
  nodeArguments: readonly string[]
  env: Readonly<Record<string, string>>
}

export const NO_FAULT: Fault = { nodeArguments: [], env: {} }

export type CastOptions = {
  runId: string
  programFile: (name: string) => string
  fault: Fault
  limits: Limits
  signal: AbortSignal
}

export class Cast {
  readonly members: Running[] = []
  readonly #options: CastOptions
  /** Stands in the environment of all that belongs to this act. */
  readonly marker: string

  constructor(options: CastOptions) {
    this.#options = options
    this.marker = `${options.runId}/${newMarker()}`
  }

  /** `host`: a second network, in which the program is to run. */
  async start(
    program: string,
    args: readonly string[],
    env: Record<string, string> = {},
    host: NeighbourHost | null = null,
  ): Promise<Running> {
    const { programFile, fault } = this.#options
    const source = programFile(program)
    if (!existsSync(source))
      throw new Inconclusive(`there is no program ${program}: programs/${basename(source)} is missing`)
    const node = ['--disable-warning=ExperimentalWarning', ...fault.nodeArguments]
    // What Node cannot ask of the system a short Python program does: -u sends each line at once, -B writes no cache.
    const interpreter = source.endsWith('.py') ? [pythonFile(), '-uB'] : [process.execPath, ...node]
    const [file = '', ...words] = [...(host?.enter ?? []), ...(fault.command ?? []), ...interpreter]
    const running = await launch({
      program,
      file,
      args: [...words, source, ...args],
      marker: this.marker,
      env: { ...fault.env, ...env },
    })
    running.namespaceOf = host?.pid
    this.members.push(running)
    return running
  }

  /** The program of a process id; an experiment can only name programs that it started. */
  member(pid: number): Running {
    const found = this.members.find((member) => member.pid === pid)
    if (!found) throw new Error(`no program of this act has the process id ${pid}`)
    return found
  }

  /** When each process ended, in milliseconds since `startedAt`; those that still run are left out. */
  endsSince(startedAt: number): { pid: number; atMs: number }[] {
    return this.members.flatMap(({ pid, endedAt }) =>
      endedAt === undefined ? [] : [{ pid, atMs: Math.round(endedAt - startedAt) }],
    )
  }

  /** The oldest of our programs: all that they started is younger. */
  get #first(): number {
    return Math.min(...this.pids)
  }

  get pids(): number[] {
    return this.members.map(({ pid }) => pid)
  }

  /** For the tools that an experiment runs: those that set up a network can be lied about, as the programs can. */
  get faultEnv(): Readonly<Record<string, string>> {
    return this.#options.fault.env
  }

  /** Our programs and all that they started, whoever their parent is now. */
  family(): number[] {
    return [...new Set([...this.pids, ...findMarked(this.marker, this.#first)])]
  }

  onChange = (listener: () => void): (() => void) => {
    const leave = this.members.map((member) => member.onChange(listener))
    return () => leave.forEach((stop) => stop())
  }

  /** Ends all programs and all that they started. */
  async endAll(): Promise<void> {
    for (const member of this.members) if (!member.end) member.killGroup()
    // A killed process is gone when its parent, this process, has been told.
    await waitFor(() => this.members.every(({ end }) => end) || undefined, {
      limitMs: this.#options.limits.stepMs,
      signal: new AbortController().signal,
      what: 'killed programs to be gone',
      onChange: this.onChange,
    })
    killMarked(this.marker, this.#first)
  }
}
