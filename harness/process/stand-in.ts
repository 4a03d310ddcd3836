/**
 * A handed-in program that stands in for one of a lab's. It knows nothing of the harness, and its word counts for
 * nothing: what it prints is kept as data. It runs under a supervisor, a shell script, which tells how it ended and then
 * stays, so that what the program left behind can be seen before everything is ended.
 */

import { constants } from 'node:os'

import type { Role } from '../domain/role.ts'
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
  /** How many clients it has served, as seen from outside. */
  served = 0
  /** It was seen with the socket that it was to have. */
  isReady = false
  /** Its end is not its own doing; or a client was served, and it is not known by whom. */
  isExcused = false
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
    const killOutermost = this.killGroup
    // With the first process of its process namespace the kernel ends all others in it, and that one goes last. Where the
    // outermost went first, it would be told as gone while others still have their sockets.
    this.killGroup = () => {
      const first = descendantsOf(this.pid).find(({ innerPid, pid }) => innerPid === 1 && pid !== 1)
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

  override takeOtherOutput(line: string): void {
    super.takeOtherOutput(line)
    // Of a long piece of standard error only the beginning comes here, so this counts less than there was.
    this.#characters += line.length + 1
    if (this.#characters > FLOOD_CHARACTERS && !this.flooded) {
      this.flooded = true
      this.killGroup()
    }
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
    return descendantsOf(this.pid, { isQuick }).filter(
      // The first process of a process namespace is the sandbox's own.
      ({ innerPid, state }) => innerPid !== 1 && innerPid !== inner.supervisor && state !== 'Z',
    )
  }

  get pids(): number[] {
    return this.processes().map(({ pid }) => pid)
  }

  /** Sends a signal to each of its processes. */
  override signal(signal: NodeJS.Signals): void {
    for (const pid of this.pids) killIfThere(pid, signal)
  }
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
