/** Where a client of ours came to: the lane of the one program that can have been meant, as far as the steps tell. */

import type { Endpoint } from '../../domain/endpoint.ts'
import { isWildcard } from '../../domain/endpoint.ts'
import type { Step } from '../../domain/evidence.ts'

type Listener = { pid: number; local: Endpoint }

/** Follows the steps, and knows who listens at the moment and is not stopped. */
export class Listeners {
  #open: Listener[] = []
  readonly #stopped = new Set<number>()

  follow(step: Step): void {
    if (step.kind === 'start' || step.kind === 'proceed') {
      const { outcome, pid, rows, local, protocol } = step.saw
      if (outcome !== 'listening' || protocol !== 'tcp' || !local) return
      this.#open.push({ pid, local }, ...rows.map((row) => ({ pid, local: row.local })))
    } else if (step.kind === 'pause') this.#stopped.add(step.pid)
    else if (step.kind === 'resume') this.#stopped.delete(step.pid)
    else if (step.kind === 'ended' || step.kind === 'stop' || step.kind === 'kill') this.leave(step.pid)
  }

  leave(pid: number): void {
    this.#open = this.#open.filter((one) => one.pid !== pid)
  }

  /** Null where nobody or several could be meant, and where the one who is meant is stopped: then only the kernel answers. */
  at({ address, port }: Endpoint): number | null {
    const meant = this.#open.filter(
      ({ local }) => local.port === port && (local.address === address || isWildcard(local.address)),
    )
    const [pid, ...others] = new Set(meant.map((one) => one.pid))
    return pid === undefined || others.length > 0 || this.#stopped.has(pid) ? null : pid
  }
}
