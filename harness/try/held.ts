/** Who holds what in a session: for each step that opened a socket its process, its user, and what became of it. */

import type { Asked } from '../domain/program-event.ts'
import type { TryOutcome } from '../domain/tried.ts'
import type { Running } from '../process/running.ts'

export type Held = {
  step: number
  /** The step that started the process: it stands for the process in the theories' world. */
  process: number
  running: Running
  /** The number of the user, as a text. */
  user: string
  asked: Asked
  outcome: TryOutcome
  /** The socket's number in the theories' world. */
  id: number
  isOpen: boolean
}

/** A step that was not begun, and why: skipped, or not possible as things are. The system is as it was. */
export class NotBegun extends Error {
  readonly isSkip: boolean

  constructor(why: string, { isSkip }: { isSkip: boolean }) {
    super(why)
    this.isSkip = isSkip
  }
}

export class HeldSockets {
  readonly #all: Held[] = []
  /** Processes of whose end it is known. */
  readonly #ended = new Set<number>()

  add(held: Held): void {
    this.#all.push(held)
  }

  /** The one of a step. @throws NotBegun where that step was skipped or came to nothing. */
  of(step: number): Held {
    const held = this.#all.find((one) => one.step === step)
    if (!held) throw new NotBegun(`step ${step} was not done`, { isSkip: true })
    return held
  }

  /** @throws NotBegun where its process is gone. */
  runningOf(step: number): Held {
    const held = this.of(step)
    const { end, pid } = held.running
    if (!end) return held
    throw new NotBegun(`process ${pid} of step ${step} has ended already`, { isSkip: false })
  }

  /** @throws NotBegun where it has no socket. */
  openOf(step: number): Held {
    const held = this.runningOf(step)
    if (held.isOpen) return held
    const why = held.outcome.startsWith('E') ? `the system answered ${held.outcome}` : 'it is closed'
    throw new NotBegun(`step ${step} has no open socket: ${why}`, { isSkip: false })
  }

  /** One for each process that is gone although no step ended it. */
  lost(): Held[] {
    return this.#all.filter(
      ({ step, process, running }) => step === process && !this.#ended.has(process) && isGone(running),
    )
  }

  /** The open ones of a process that stand in the system's tables. */
  shownIn(process: number): Asked[] {
    return this.shown().flatMap((held) => (held.process === process ? [held.asked] : []))
  }

  /** The open ones that stand in the system's tables: a TCP socket that is bound and does not listen is in none. */
  shown(): Held[] {
    return this.#all.filter(({ isOpen, asked }) => isOpen && (asked.protocol === 'udp' || asked.listens))
  }

  /** The step and the process of a socket of the theories' world. */
  named(id: number): { step: number; pid: number } | undefined {
    const held = this.#all.find((one) => one.id === id && one.isOpen)
    return held && { step: held.step, pid: held.running.pid }
  }

  close(step: number): void {
    this.of(step).isOpen = false
  }

  /** A process ends, and its sockets with it. */
  end(process: number): void {
    this.#ended.add(process)
    for (const held of this.#openOf(process)) held.isOpen = false
  }

  #openOf(process: number): Held[] {
    return this.#all.filter((one) => one.process === process && one.isOpen)
  }
}

/** Node tells of an end some turns of its loop later, once all output is read; the kernel knows at once. */
function isGone({ pid, end }: Running): boolean {
  if (end) return true
  try {
    return !process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is there, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
