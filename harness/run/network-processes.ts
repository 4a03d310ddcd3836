/** The processes of one run that perform acts in networks of their own. One that is free serves the next act of any lab. */

import { NetworkProcess } from './network-process.ts'

export class NetworkProcesses {
  readonly #runId: string
  readonly #jobs: number
  readonly #free: NetworkProcess[] = []
  readonly #all: NetworkProcess[] = []

  /** `jobs`: how many labs run side by side. */
  constructor(runId: string, jobs: number) {
    this.#runId = runId
    this.#jobs = jobs
  }

  /** Whether one may be taken for a later act: as many as there are labs perform, and one is got ready meanwhile. */
  get hasOneAhead(): boolean {
    return this.#free.length > 0 || this.#all.filter((process) => !process.hasEnded).length <= this.#jobs
  }

  /** One that is free, else a new one. */
  take(): NetworkProcess {
    for (let free = this.#free.pop(); free; free = this.#free.pop()) if (free.isThere) return free
    const started = new NetworkProcess(this.#runId)
    this.#all.push(started)
    return started
  }

  /** For a process whose network is fresh. */
  giveBack(process: NetworkProcess): void {
    process.onMessage = () => {}
    process.hasServed = true
    this.#free.push(process)
  }

  /** Until all are gone with their networks. */
  async end(limitMs: number): Promise<void> {
    await Promise.all(this.#all.map((process) => process.end(limitMs)))
  }
}
