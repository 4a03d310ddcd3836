/**
 * A handed-in program that stands in for one of a lab's. It knows nothing of the harness, and its word counts for
 * nothing: what it prints is kept as data. It runs under a supervisor, a shell script, which tells how it ended and then
 * stays, so that what the program left behind can be seen before everything is ended.
 */

import { constants } from 'node:os'

import type { Role } from '../domain/role.ts'
import { readHolders } from '../listing/holders.ts'
import type { Descendant } from './descendants.ts'
import { descendantsOf } from './descendants.ts'
import { launch } from './launch.ts'
import { Running } from './running.ts'

/** A process, and whether it is still there: the sandbox outlives the program in it. */
export type Enclosed = {
  file: string
  args: readonly string[]
  /** The whole environment, not an addition to the harness's. */
  env: Readonly<Record<string, string>>
}

/** How long the outermost process of a sandbox may take to end after the first process in it. */
const OUTERMOST_MS = 1000
/** More on both streams together is a flood: the program is stopped. */
const FLOOD_CHARACTERS = 1_000_000
/** Zombies are among them. A program needs one process, and a shell calls a few dozen tools one after the other. */
export const MOST_AT_ONCE = 32
export const MOST_STARTED = 500
/** How much of its output is kept, in characters. */
const KEPT_OUTPUT = 4000

// The program gets neither the descriptor on which its end is told, nor anything else but its three. Without `<&0` the
// shell would give a program in the background an empty standard input. What the shell itself has to say, such as
// "Terminated", is nobody's output.
const SUPERVISE = `
"$@" <&0 3>&- &
exec 2>/dev/null
echo "started $$ $!" >&3
wait $!
echo "ended $?" >&3
exec 3>&- sleep 2147483647`

/**
 * The words that run a program under a supervisor where there is no sandbox: the first process of a sandbox is one, which
 * the program cannot reach. This one it could pretend to be.
 */
export function supervised(command: readonly string[]): string[] {
  return ['/bin/sh', '-c', SUPERVISE, 'supervisor', ...command]
}

export class StandIn extends Running {
  readonly role: Role
  /** The port that it was told. */
  readonly told: number
  /** The sockets that it was given as its standard input and output, by inode: those that the outermost process has. */
  readonly given: ReadonlySet<number>
  /** How many clients it has served, as seen from outside. */
  served = 0
  /** It was seen with the socket that it was to have. */
  isReady = false
  /** Its end is not its own doing; or a client was served, and it is not known by whom. */
  isExcused = false
  /** A client of it closed before it did: what then became of it may be the client's doing. */
  wasLeft = false
  /** It was seen to start processes without end. */
  hasTooManyProcesses = false
  /**
   * How many processes of it had ended when they were looked at last, and nobody has asked for them: wait(2). Those whose
   * parent is gone belong to the first process of the sandbox, which keeps them.
   */
  zombies = 0
  /** The first part of what it printed, both streams as they came. */
  printed = ''
  isCut = false
  #characters = 0
  /** Process ids of the supervisor and of the program, in their own process namespace. */
  #inner: { supervisor: number; program: number } | null = null

  constructor({ role, told }: { role: Role; told: number }, ...running: ConstructorParameters<typeof Running>) {
    super(...running)
    this.role = role
    this.told = told
    this.given = new Set(readHolders([this.pid]).keys())
    const killOutermost = this.killGroup
    // With the first process of its process namespace the kernel ends all others in it, and that one goes last. Where the
    // outermost went first, it would be told as gone while others still have their sockets.
    this.killGroup = () => {
      const first = firstBelow(this.pid, true) ?? firstBelow(this.pid, false)
      if (!first) return killOutermost()
      killIfThere(first.pid, 'SIGKILL')
      setTimeout(() => this.isGone || killOutermost(), OUTERMOST_MS).unref()
    }
  }

  /** Whether it was started at all. Until then only the sandbox has. */
  get hasStarted(): boolean {
    return this.#inner !== null
  }

  /** No line of it is an event. */
  protected override takeLine(line: string): void {
    this.takeOtherOutput(line)
  }

  override takeOutput(piece: string): void {
    this.#count(piece)
    super.takeOutput(piece)
  }

  override takeErrorOutput(piece: string): void {
    this.#count(piece)
    super.takeErrorOutput(piece)
  }

  #count({ length }: string): void {
    this.#characters += length
    if (this.#characters <= FLOOD_CHARACTERS || this.flooded) return
    this.flooded = true
    this.killGroup()
  }

  override takeOtherOutput(line: string): void {
    super.takeOtherOutput(line)
    this.isCut ||= this.printed.length + line.length > KEPT_OUTPUT
    this.printed = (this.printed + line + '\n').slice(0, KEPT_OUTPUT)
  }

  /** Takes a line of the supervisor's. */
  takeWord(word: string): void {
    const [what, first, second] = word.split(' ')
    if (what === 'started') this.#inner = { supervisor: Number(first), program: Number(second) }
    else if (what === 'ended') this.takeEnd(...endOf(Number(first)))
  }

  /** Its own processes, without the supervisor and what the sandbox needs. A zombie has given everything back. */
  processes({ isQuick = true } = {}): Descendant[] {
    const inner = this.#inner
    if (inner === null) return []
    const own = descendantsOf(this.pid, { isQuick }).filter(
      // The first process of a process namespace is the sandbox's own.
      ({ innerPid }) => innerPid !== 1 && innerPid !== inner.supervisor,
    )
    const alive = own.filter(({ state }) => state !== 'Z')
    this.zombies = own.length - alive.length
    // Where a process namespace is its own, the kernel counts in it from 1 on.
    const started = Math.max(0, ...own.map(({ innerPid, pid }) => (innerPid === pid ? 0 : innerPid)))
    if ((own.length > MOST_AT_ONCE || started > MOST_STARTED) && !this.hasTooManyProcesses) {
      this.hasTooManyProcesses = true
      this.killGroup()
    }
    return alive
  }

  /** Whether it was stopped, or is about to be, because it took more than there is for it. */
  get tookTooMuch(): boolean {
    return this.flooded || this.hasTooManyProcesses
  }

  /**
   * Whether it has ended, and nothing of it goes on. In a chain of processes each starts the next and ends: the last one
   * that was seen may have been a zombie already, and its child not yet there when the list was made.
   */
  hasAllEnded(): boolean {
    if (this.end === undefined) return false
    const before = this.zombies
    return this.processes({ isQuick: false }).length === 0 && this.zombies === before
  }

  get pids(): number[] {
    return this.processes().map(({ pid }) => pid)
  }

  /** Sends a signal to each of its processes. */
  override signal(signal: NodeJS.Signals): void {
    for (const pid of this.pids) killIfThere(pid, signal)
  }
}

/** The first process of the process namespace that was made below the outermost process. */
function firstBelow(outer: number, isQuick: boolean): Descendant | undefined {
  return descendantsOf(outer, { isQuick }).find(({ innerPid, pid }) => innerPid === 1 && pid !== 1)
}

function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/** A shell tells the end by a signal as 128 and the signal's number. */
function endOf(code: number): [number | null, string | null] {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)
  return signal ? [null, signal[0]] : [code, null]
}

/** Starts a program that was enclosed together with its supervisor. */
export async function launchStandIn(
  { file, args, env }: Enclosed,
  { program, role, told, marker }: { program: string; role: Role; told: number; marker: string },
): Promise<StandIn> {
  let standIn: StandIn | undefined
  await launch({
    program,
    file,
    args,
    marker,
    env: { ...env },
    isWholeEnv: true,
    create: (...parts) => (standIn = new StandIn({ role, told }, ...parts)),
    onWord: (word) => standIn?.takeWord(word),
  })
  return standIn as StandIn
}
