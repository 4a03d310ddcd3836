/** A started program: its events, what else it printed, and its end. */

import type { Ended } from '../domain/observation.ts'
import type { ProgramEvent } from '../domain/program-event.ts'
import { readProgramEvent } from '../domain/program-event.ts'

/** More than a megabyte of output is a flood: the program is stopped and its lab is inconclusive. */
const FLOOD_BYTES = 1_000_000
const KEPT_LINES = 5

export class Running {
  readonly program: string
  readonly pid: number
  readonly events: ProgramEvent[] = []
  /** How many words of each name a waiting step has taken already. */
  readonly heard = new Map<string, number>()
  /** A process in whose network it runs, where that is not the harness's own. */
  namespaceOf: number | undefined
  /** Set once the process is gone. */
  end: Ended | undefined
  /** When that was, on the clock of `performance.now()`. */
  endedAt: number | undefined
  /** Lines that are no event, the last few. */
  readonly otherOutput: string[] = []
  flooded = false
  /** The process that was started is gone; for a handed-in program that is the sandbox around it. */
  isGone = false
  readonly #listeners = new Set<() => void>()
  readonly #signal: (signal: NodeJS.Signals) => void
  /** Ends the program and its process group with SIGKILL. */
  killGroup: () => void
  readonly #write: (text: string) => void
  #bytes = 0
  #rest = ''

  constructor(
    program: string,
    pid: number,
    actions: { signal: (signal: NodeJS.Signals) => void; killGroup: () => void; write: (text: string) => void },
  ) {
    this.program = program
    this.pid = pid
    this.#signal = actions.signal
    this.killGroup = actions.killGroup
    this.#write = actions.write
  }

  /** Takes a piece of standard output. Lines end at a newline; a piece may hold half of one. */
  takeOutput(piece: string): void {
    if (this.flooded) return
    this.#bytes += piece.length
    if (this.#bytes > FLOOD_BYTES) {
      this.flooded = true
      this.#rest = ''
      this.killGroup()
      this.#changed()
      return
    }
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.takeLine(line)
    this.#changed()
  }

  protected takeLine(line: string): void {
    const event = readProgramEvent(line)
    if (event) this.events.push(event)
    else this.takeOtherOutput(line)
  }

  takeOtherOutput(line: string): void {
    // What Node prints for an uncaught error is mostly its stack; the few lines that are kept should say what it was.
    if (line.trim() === '' || /^ {4,}at /.test(line)) return
    this.otherOutput.push(line.slice(0, 200))
    if (this.otherOutput.length > KEPT_LINES) this.otherOutput.shift()
  }

  /** Takes a piece of standard error. Of a long one the beginning says what it is. */
  takeErrorOutput(piece: string): void {
    for (const line of piece.slice(0, 2000).split('\n')) this.takeOtherOutput(line)
  }

  /** The process that was started is gone. One that runs under a supervisor has ended before. */
  takeGone(exitCode: number | null, signal: string | null): void {
    this.isGone = true
    if (this.end) this.#changed()
    else this.takeEnd(exitCode, signal)
  }

  takeEnd(exitCode: number | null, signal: string | null): void {
    if (this.#rest !== '') this.takeOutput('\n')
    this.endedAt = performance.now()
    this.end = { program: this.program, pid: this.pid, exitCode, signal }
    this.#changed()
  }

  /** Sends a signal to this one process, as kill(1) does. */
  signal(signal: NodeJS.Signals): void {
    this.#signal(signal)
  }

  /** Writes a line to the program's standard input: what Enter is to a person. */
  write(text: string): void {
    this.#write(text)
  }

  /** Calls `listener` at every event and at the end; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
