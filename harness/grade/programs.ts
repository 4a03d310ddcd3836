/** The handed-in programs of one submission: enclosed in a sandbox, built, and ready to stand in. */

import type { SandboxFacts } from '../domain/graded.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { Role } from '../domain/role.ts'
import { holdMemory } from '../process/sandbox-memory.ts'
import type { FoundSandbox, Sandbox } from '../process/sandbox.ts'
import { findSandbox } from '../process/sandbox.ts'
import type { Enclosed, StandIn } from '../process/stand-in.ts'
import { launchStandIn, supervised } from '../process/stand-in.ts'
import { waitFor } from '../process/wait.ts'
import type { Understudy } from '../run/cast.ts'
import type { Limits } from '../run/limits.ts'
import type { HandedIn, Printed, ToExaminer } from './examine-messages.ts'
import { PROGRAM_LIMITS } from './program-limits.ts'

/** How many seconds a build may take, on a machine that is not slow. */
const BUILD_MS = 30_000
const KEPT_CHARACTERS = 4000

type Task = ToExaminer & { tell: 'examine' }
type Made = { facts: SandboxFacts; found: FoundSandbox | null; enclose: Enclose }
type Enclose = (command: readonly string[], writable: boolean, env: Readonly<Record<string, string>>) => Enclosed

export class Programs {
  readonly sandbox: SandboxFacts
  /** For the next submission, so that nothing is tried twice; null where there is no sandbox. */
  readonly found: FoundSandbox | null
  readonly understudies = new Map<string, Understudy>()
  readonly #task: Task
  readonly #limits: Limits
  readonly #signal: AbortSignal
  readonly #enclose: Enclose
  readonly #printed = new Map<string, Printed>()

  static async prepare(task: Task, { limits, signal }: { limits: Limits; signal: AbortSignal }): Promise<Programs> {
    const found = await findSandbox(PROGRAM_LIMITS, task.sandbox === null ? {} : { known: task.sandbox })
    if ('why' in found && task.requireSandbox) throw new Inconclusive(`there is no sandbox here: ${found.why}`)
    const made =
      'why' in found
        ? withoutSandbox(found.why, task.stage)
        : { facts: found.facts, found: found.found, enclose: within(found, task) }
    return new Programs(task, { limits, signal, ...made })
  }

  private constructor(
    task: Task,
    { limits, signal, facts, found, enclose }: Made & { limits: Limits; signal: AbortSignal },
  ) {
    this.#task = task
    this.#limits = limits
    this.#signal = signal
    this.#enclose = enclose
    this.sandbox = facts
    this.found = found
    for (const [name, role] of Object.entries(task.roles)) {
      const program = task.programs[name]
      if (program) this.understudies.set(name, this.#understudy(role, program))
    }
  }

  /** Builds what is to be built, the same words once, and takes away the programs whose build failed. */
  async build(): Promise<{ role: string; why: string }[]> {
    const outcomes = new Map<string, Promise<string | null>>()
    const failed: { role: string; why: string }[] = []
    for (const [role, { build }] of Object.entries(this.#task.programs)) {
      if (build === null || !this.understudies.has(role)) continue
      const words = JSON.stringify(build)
      const outcome = outcomes.get(words) ?? this.#buildOne(role, build)
      outcomes.set(words, outcome)
      const why = await outcome
      if (why === null) continue
      failed.push({ role, why })
      this.understudies.delete(role)
    }
    return failed
  }

  /** The programs that stand in for these roles; the others are the lab's own. */
  of(roles: readonly string[]): ReadonlyMap<string, Understudy> {
    return new Map([...this.understudies].filter(([role]) => roles.includes(role)))
  }

  /** What was printed since this was asked last. */
  takePrinted(): Printed[] {
    const printed = [...this.#printed.values()]
    this.#printed.clear()
    return printed
  }

  hear(standIn: StandIn): void {
    const { program, printed, isCut } = standIn
    const before = this.#printed.get(program)?.text ?? ''
    const text = before === '' ? printed : before + printed
    const cut = isCut || text.length > KEPT_CHARACTERS
    if (text !== '') this.#printed.set(program, { role: program, text: text.slice(0, KEPT_CHARACTERS), cut })
  }

  #understudy(role: Role, { run }: HandedIn): Understudy {
    return {
      role,
      enclose: (args, env) => this.#enclose([...run, ...args], false, env),
      hold: ({ pid }) => holdMemory(pid, PROGRAM_LIMITS),
      onEnd: (standIn) => this.hear(standIn),
    }
  }

  async #buildOne(name: string, build: readonly string[]): Promise<string | null> {
    const role = this.#task.roles[name] as Role
    const marker = this.#task.runId
    const enclosed = this.#enclose(build, true, {})
    const building = await launchStandIn(enclosed, { program: name, role, told: 0, marker })
    const limitMs = BUILD_MS * this.#limits.scale
    const startedAt = performance.now()
    const isLate = () => performance.now() - startedAt > limitMs
    const end = await waitFor(() => building.end ?? (isLate() || building.flooded ? null : undefined), {
      limitMs: 2 * limitMs,
      signal: this.#signal,
      what: `the build of ${name}`,
      onChange: (look) => building.onChange(look),
    })
    building.killGroup()
    await waitFor(() => building.isGone || undefined, {
      limitMs: this.#limits.stepMs,
      signal: this.#signal,
      what: `the build of ${name} to be gone`,
      onChange: (look) => building.onChange(look),
    })
    // Compilers end with a drawing of the place; what is wrong stands in their first line with the word.
    const said = building.printed.split('\n').find((line) => /\berror\b/i.test(line)) ?? building.otherOutput.at(-1)
    const last = said === undefined ? '' : `; it said: ${said}`
    if (building.flooded) return 'the build printed more than a megabyte and was stopped'
    if (end === null) return `the build had not ended after ${Math.round(limitMs / 1000)} s${last}`
    return end.exitCode === 0 ? null : `the build ended with ${end.signal ?? `exit code ${end.exitCode}`}${last}`
  }
}

function within(sandbox: Sandbox, { stage }: Task): Enclose {
  return (command, writable, env) => sandbox.enclose(command, { folder: stage, writable, env, telling: true })
}

/** Nothing is promised but another working folder and another environment. */
function withoutSandbox(why: string, stage: string): Made {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8' }
  const enclose: Enclose = (command, _writable, more) => ({
    file: '/bin/sh',
    args: ['-c', 'cd "$0" && exec "$@"', stage, ...supervised(command)],
    env: { ...env, ...more },
  })
  return { facts: { kind: 'none', promises: [{ what: 'a sandbox', kept: false, how: why }] }, found: null, enclose }
}
