/** The programs of one act: started together with their marker, heard, and ended whatever happens. */

import { existsSync } from 'node:fs'
import { basename } from 'node:path'

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Ended } from '../domain/observation.ts'
import type { Finding, FindingKind, Role } from '../domain/role.ts'
import { pythonFile } from '../host/tools.ts'
import { findMarked, killMarked, newMarker } from '../process/marker.ts'
import { launch } from '../process/launch.ts'
import type { NeighbourHost } from '../process/neighbour.ts'
import { joinNeighbour } from '../process/neighbour.ts'
import type { Running } from '../process/running.ts'
import type { HeldMemory } from '../process/sandbox-memory.ts'
import type { Enclosed } from '../process/stand-in.ts'
import { launchStandIn, MOST_AT_ONCE, MOST_STARTED, StandIn } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { Limits } from './limits.ts'
import { howItEnded, isCrash, lastWords } from './stand-in-sockets.ts'

/** What a lie or a sandbox puts between the harness and a program. */
export type Fault = {
  /** A command that starts the program, such as strace(1), and leaves it the process id. */
  command?: readonly string[]
  /** Further arguments for Node, such as a module to load first. */
  nodeArguments: readonly string[]
  env: Readonly<Record<string, string>>
}

export const NO_FAULT: Fault = { nodeArguments: [], env: {} }

/** A handed-in program for a role, and the words that start it in its sandbox, under the supervisor. */
export type Understudy = {
  role: Role
  enclose: (args: readonly string[], env: Record<string, string>) => Enclosed
  /** Holds each program that was started below a limit of memory. */
  hold?: (standIn: StandIn) => Promise<HeldMemory>
  /** Called with each program that was started, once it is gone. */
  onEnd?: (standIn: StandIn) => void
}

export type CastOptions = {
  runId: string
  /** By the name of the program whose place it takes. */
  understudies?: ReadonlyMap<string, Understudy>
  programFile: (name: string) => string
  fault: Fault
  limits: Limits
  signal: AbortSignal
}

export class Cast {
  readonly members: Running[] = []
  readonly #findings: Finding[] = []
  readonly #neighbours: NeighbourHost[] = []
  readonly #holding: Promise<void>[] = []
  readonly #held = new Map<StandIn, HeldMemory>()
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
    const { programFile, fault, understudies } = this.#options
    const understudy = understudies?.get(program)
    if (understudy) return await this.#startUnderstudy(program, understudy, args)
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

  /** A second network, which ends with the act. */
  async joinNeighbour(): Promise<NeighbourHost> {
    const { limits, signal } = this.#options
    const host = await joinNeighbour({ marker: this.marker, limitMs: limits.stepMs, signal })
    this.#neighbours.push(host)
    return host
  }

  /** A handed-in program gets the port as its first argument and in PORT, and the address in HOST. */
  async #startUnderstudy(
    program: string,
    { role, enclose, hold }: Understudy,
    args: readonly string[],
  ): Promise<StandIn> {
    const port = args.find((word) => /^\d+$/.test(word)) ?? '0'
    const enclosed = enclose([port], { PORT: port, HOST: role.address })
    // A client meets servers that stand still, and they go on once it was seen whether it waits for them.
    if (role.part === 'client') for (const member of this.members) member.signal('SIGSTOP')
    const running = await launchStandIn(enclosed, { program, role, told: Number(port), marker: this.marker })
    this.members.push(running)
    // It begins at once, and takes the kernel longer than the start itself.
    const holding = hold?.(running).then((held) => void this.#held.set(running, held))
    if (holding) this.#holding.push(holding)
    return running
  }

  /** What was seen of handed-in programs that is not as their roles say, and which of their limits they have reached. */
  get findings(): readonly Finding[] {
    for (const standIn of this.standIns) {
      const { program, end, flooded } = standIn
      // One last look at those that run.
      if (!standIn.isGone) standIn.processes()
      const hasTooMuch = this.#held.get(standIn)?.exceeded() === true
      if (flooded) this.find('too-much-output', program)
      if (standIn.hasTooManyProcesses)
        this.find('too-many-processes', program, { atOnce: MOST_AT_ONCE, started: MOST_STARTED })
      if (hasTooMuch) this.find('too-much-memory', program)
      // getrlimit(2): the kernel sends SIGXCPU at the limit of RLIMIT_CPU.
      if (end?.signal === 'SIGXCPU') this.find('too-much-time', program)
      else if (end && !standIn.tookTooMuch && !hasTooMuch) {
        const kind = wentWrong(standIn, end) ? 'crashed' : isEarly(standIn) ? 'ended-early' : null
        const facts = { how: howItEnded(end), said: lastWords(standIn) }
        if (kind !== null) this.find(kind, program, facts)
      }
    }
    return this.#findings
  }

  /** Notes what was seen of a handed-in program; the same thing only once. */
  find(kind: FindingKind, role: string, facts: Finding['facts'] = {}): void {
    if (!this.knows(kind, role)) this.#findings.push({ kind, role, facts })
  }

  /** Whether this was seen of it before: then it is not waited for as long again. */
  knows(kind: FindingKind, role: string): boolean {
    return this.#findings.some((one) => one.kind === kind && one.role === role)
  }

  get standIns(): StandIn[] {
    return this.members.filter((member) => member instanceof StandIn)
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
    const ofStandIns = this.standIns.flatMap(({ pids }) => pids)
    return [...new Set([...this.pids, ...ofStandIns, ...findMarked(this.marker, this.#first)])]
  }

  onChange = (listener: () => void): (() => void) => {
    const leave = this.members.map((member) => member.onChange(listener))
    return () => leave.forEach((stop) => stop())
  }

  /** Ends all programs and all that they started. */
  async endAll(): Promise<void> {
    for (const member of this.members) if (!member.isGone) member.killGroup()
    // A killed process is gone when its parent, this process, has been told.
    await waitFor(() => this.members.every(({ isGone }) => isGone) || undefined, {
      limitMs: this.#options.limits.stepMs,
      signal: new AbortController().signal,
      what: 'killed programs to be gone',
      onChange: this.onChange,
    })
    killMarked(this.marker, this.#first)
    await Promise.all(this.#neighbours.map((host) => host.leave()))
    await Promise.allSettled(this.#holding)
    await Promise.all([...this.#held.values()].map((held) => held.release()))
    for (const standIn of this.standIns) this.#options.understudies?.get(standIn.program)?.onEnd?.(standIn)
  }
}

/**
 * A signal of the kernel's for what it did, whenever. Another one, or an exit code, only after it has done its part, and
 * where it closed before its client: a server whose client is gone first gets SIGPIPE or ECONNRESET for it.
 */
function wentWrong({ isReady, isExcused, served, wasLeft, role }: StandIn, end: Ended): boolean {
  if (!isReady || isExcused) return false
  if (isCrash(end)) return true
  return served >= role.serves && !wasLeft && (end.signal !== null || end.exitCode !== 0)
}

/** A server that had its socket, and ended by itself before it had served as many clients as it has to. */
function isEarly({ isReady, isExcused, served, role }: StandIn): boolean {
  return isReady && !isExcused && served < role.serves
}
