/** M8 against this kernel with random sequences of socket calls. fast-check is loaded here, and only when it is asked for. */

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Capability } from '../domain/lab.ts'
import type { RandomResult } from '../domain/verification.ts'
import { OTHER_USER_ID, probe } from '../host/capabilities.ts'
import { readNetworkSetting } from '../host/network-setting.ts'
import { postGuardian } from '../process/guardian.ts'
import { killMarked, newMarker } from '../process/marker.ts'
import { THEORIES } from '../theories/theories.ts'
import type { Theory } from '../theories/theory.ts'
import type { Followed } from './random-follow.ts'
import { follow } from './random-follow.ts'
import { Kernel } from './random-kernel.ts'
import type { Ground, Operation } from './random-operation.ts'
import { PROCESSES } from './random-operation.ts'
import type { LeasedPorts } from './random-ports.ts'
import { leasePorts } from './random-ports.ts'
import type { Users } from './random-told.ts'
import { byHand, spell } from './random-told.ts'

export type RandomOptions = {
  sequences: number
  seed: number
  signal: AbortSignal
  onProgress?: (done: number, total: number) => void
  /** M8, unless another theory is to be held against the kernel. */
  theory?: Theory
  /** Hears what came of each sequence, also of those tried while a disagreement is shrunk. */
  onFollowed?: (followed: Followed) => void
}

/** @throws Inconclusive where there is no loopback address, no free port, or a process of it was ended from outside. */
export async function foretellRandomly(options: RandomOptions): Promise<RandomResult> {
  const { sequences, seed, signal, onProgress = () => {} } = options
  signal.throwIfAborted()
  const since = performance.now()
  const [{ default: fc }, { sequencesOn }] = await Promise.all([import('fast-check'), import('./random-operation.ts')])
  const { ground, users } = await findGround()
  const trial = await Trial.begin(users, options)
  try {
    let done = 0
    const property = fc.asyncProperty(sequencesOn(ground), async (operations) => {
      // Whatever ended the trial, what is left of it fails at once: fast-check makes that shorter within a moment, where
      // it would otherwise go on to make every sequence that was asked for.
      if (trial.isOver) return false
      const isFirst = trial.shortest === null
      const agrees = await trial.agrees(operations)
      // Those that make a disagreement shorter are not of the sequences that were asked for.
      if (isFirst && !trial.isOver) onProgress((done += 1), sequences)
      return agrees
    })
    await fc.check(property, { numRuns: sequences, seed })
    const { shortest } = trial
    // What was seen stays seen, though it might have been made shorter.
    if (shortest === null) trial.throwIfOver(`${done} of ${sequences} had been tried`)
    return {
      seed,
      sequences: done,
      steps: trial.steps,
      disagreement: shortest && { story: storyOf(shortest, users), byHand: byHand(shortest.told, users) },
      durationMs: Math.round(performance.now() - since),
    }
  } finally {
    await trial.end()
  }
}

function storyOf({ told }: Followed, users: Users) {
  const steps = spell(told, users)
  return told.map(({ foretold, happened }, index) => ({ step: steps[index] ?? '', foretold: foretold ?? '', happened }))
}

/** Asks the kernel with one set of ports, and with another one where the answer is not the theory's. */
class Trial {
  /** How many steps were foretold and answered. */
  steps = 0
  /** The last sequence on which theory and kernel were seen to disagree: shrinking goes from longer to shorter ones. */
  shortest: Followed | null = null
  readonly #kernel: Kernel
  readonly #users: Users
  readonly #options: RandomOptions
  readonly #setting = { os: process.platform, ...readNetworkSetting() }
  readonly #end: () => void
  #ports: LeasedPorts
  #spare: LeasedPorts | null = null
  #problem: Error | null = null

  /** @throws Inconclusive where no port is free. */
  static async begin(users: Users, options: RandomOptions): Promise<Trial> {
    return new Trial(users, options, await leasePorts())
  }

  private constructor(users: Users, options: RandomOptions, ports: LeasedPorts) {
    const marker = newMarker()
    const guardian = postGuardian(marker)
    const kernel = new Kernel({ users, marker })
    const stop = () => kernel.end()
    options.signal.addEventListener('abort', stop)
    this.#kernel = kernel
    this.#users = users
    this.#options = options
    this.#ports = ports
    this.#end = () => {
      options.signal.removeEventListener('abort', stop)
      kernel.end()
      killMarked(marker)
      guardian.dismiss()
    }
  }

  get isOver(): boolean {
    return this.#problem !== null || this.#options.signal.aborted
  }

  /** @throws Inconclusive that says also how far it came. */
  throwIfOver(extent: string): void {
    const { signal } = this.#options
    const why = signal.aborted ? (signal.reason as Error) : this.#problem
    if (why !== null) throw why instanceof Inconclusive ? new Inconclusive(`${why.message}; ${extent}`) : why
  }

  /** True also where the trial came to its end meanwhile. */
  async agrees(operations: readonly Operation[]): Promise<boolean> {
    try {
      const followed = await this.#follow(operations)
      if (!followed.isDisagreement) return true
      // A stranger's socket that came between is not on other ports as well.
      const again = await this.#followElsewhere(operations)
      if (!again.isDisagreement) return true
      this.shortest = again
      return false
    } catch (error) {
      this.#problem ??= error instanceof Error ? error : new Error(String(error))
      return true
    }
  }

  async end(): Promise<void> {
    this.#end()
    await Promise.all([this.#ports.release(), this.#spare?.release()])
  }

  async #follow(operations: readonly Operation[]): Promise<Followed> {
    const { theory = THEORIES.M8, onFollowed } = this.#options
    const [kernel, ports, users, setting] = [this.#kernel, this.#ports, this.#users, this.#setting]
    const followed = await follow(operations, { theory, setting, users, kernel, ports })
    // What is asked again while a disagreement is shrunk is not of the sequences.
    if (this.shortest === null) this.steps += followed.judged
    onFollowed?.(followed)
    return followed
  }

  async #followElsewhere(operations: readonly Operation[]): Promise<Followed> {
    const before = this.#ports
    this.#ports = this.#spare ?? (await leasePorts())
    this.#spare = before
    const again = await this.#follow(operations)
    if (!again.isDisagreement) {
      // Something was on those ports: they are given back, and not used again.
      await before.release()
      this.#spare = null
    }
    return again
  }
}

/** What there is here, by the probes of the labs; and as whom the processes run. */
async function findGround(): Promise<{ ground: Ground; users: Users }> {
  const has = async (capability: Capability) => (await probe(capability)).why === null
  const [ipv4, ipv6, loopbackBlock, reusePort, boundSocket, anotherUser] = await Promise.all(
    (['ipv4-loopback', 'ipv6-loopback', 'loopback-block', 'reuse-port', 'bound-socket', 'another-user'] as const).map(
      has,
    ),
  )
  const ground = {
    ipv4: ipv4 === true,
    ipv6: ipv6 === true,
    loopbackBlock: loopbackBlock === true,
    reusePort: reusePort === true,
    boundSocket: boundSocket === true,
  }
  if (!ground.ipv4 && !ground.ipv6) throw new Inconclusive('random sequences need a loopback address, and here is none')
  const users = PROCESSES.map((name) => (anotherUser === true && name === 'C' ? String(OTHER_USER_ID) : null))
  return { ground, users }
}
