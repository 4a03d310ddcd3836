/** The running kernel, asked through processes that live as long as the questions. */

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'

import { refuseIfRanOut } from '../command/ran-out.ts'
import type { Endpoint, Protocol } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import { MARKER_VARIABLE } from '../process/marker.ts'
import { PROCESSES } from './random-operation.ts'
import type { Answer, Arrived, Order } from './random-order.ts'
import type { Users } from './random-told.ts'

const ENTRY = join(import.meta.dirname, 'random-entry.ts')

/** An upper bound: on the loopback interface an answer takes far less. */
const SILENCE_MS = 2_000

/** Who got it: the id of the socket, the error's name, or `silent`, which is no observation. `from`: the client's end. */
export type Seen = { got: number | string; from: Endpoint | null }

export class Kernel {
  readonly #workers: ChildProcess[]
  readonly #clients = new Set<Socket>()
  #sent = 0

  constructor({ users, marker }: { users: Users; marker: string }) {
    this.#workers = users.map((user) =>
      fork(ENTRY, {
        env: { ...process.env, [MARKER_VARIABLE]: marker, ...(user !== null && { SOCKET_LABS_UID: user }) },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        // Out of reach of a terminal's Ctrl-C, which is for the harness; it ends with its channel.
        detached: true,
      }),
    )
    for (const worker of this.#workers) worker.on('error', () => {})
  }

  /** @throws Inconclusive where the process is gone, or the machine has run out of something. */
  async order(process: number, order: Order): Promise<Answer> {
    const worker = this.#workers[process]
    const gone = new Inconclusive(`process ${PROCESSES[process]} of the random sequences ended at ${order.do}`)
    if (!worker?.connected) throw gone
    const answer = await new Promise<Answer>((resolve, reject) => {
      const onEnd = () => reject(gone)
      worker.once('exit', onEnd)
      const onMessage = (message: Answer | Arrived) => {
        if ('got' in message) return
        worker.off('exit', onEnd).off('message', onMessage)
        resolve(message)
      }
      worker.on('message', onMessage)
      worker.send(order, (error) => error && reject(gone))
    })
    refuseIfRanOut('a socket of a random sequence', answer.outcome)
    return answer
  }

  /** Closes every socket. Connections are reset, which leaves nothing behind in TIME-WAIT. */
  async reset(): Promise<void> {
    for (const client of this.#clients) client.resetAndDestroy()
    this.#clients.clear()
    await Promise.all(this.#workers.map((_worker, process) => this.order(process, { do: 'reset' })))
  }

  end(): void {
    for (const client of this.#clients) client.resetAndDestroy()
    for (const worker of this.#workers) if (worker.connected) worker.disconnect()
  }

  async arrive(protocol: Protocol, to: Endpoint, from: Endpoint | null, stays: boolean): Promise<Seen> {
    return protocol === 'tcp' ? await this.#dial(to, stays) : await this.#send(to, from)
  }

  async #dial({ address, port }: Endpoint, stays: boolean): Promise<Seen> {
    const client = createConnection({ host: address, port })
    this.#clients.add(client)
    // What has come is read first: docs/notes/node/timers-before-input.md.
    const limit = setTimeout(() => setImmediate(() => client.destroy(new Error('silent'))), SILENCE_MS)
    const got = await new Promise<number | string>((resolve) => {
      client.once('data', (id) => resolve(Number(String(id))))
      client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      client.on('close', () => resolve('silent'))
    })
    clearTimeout(limit)
    if (typeof got === 'string' || !stays) {
      client.resetAndDestroy()
      this.#clients.delete(client)
    }
    return { got, from: null }
  }

  /** The client is connected, so that the kernel hands it ICMP port unreachable as ECONNREFUSED (udp(7)). */
  async #send(to: Endpoint, from: Endpoint | null): Promise<Seen> {
    const client = createSocket({ type: to.address.includes(':') ? 'udp6' : 'udp4' })
    this.#sent += 1
    const token = String(this.#sent)
    let limit: NodeJS.Timeout | undefined
    let onMessage: ((message: Answer | Arrived) => void) | undefined
    try {
      const got = new Promise<number | string>((resolve) => {
        onMessage = (message) => {
          if ('got' in message && message.message === token) resolve(message.got)
        }
        for (const worker of this.#workers) worker.on('message', onMessage)
        client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        limit = setTimeout(() => setImmediate(() => resolve('silent')), SILENCE_MS)
      })
      if (from) {
        client.bind({ ...from })
        await Promise.race([once(client, 'listening').catch(() => {}), got])
      }
      let local: Endpoint | null = null
      // The callback is called for an error as well, although its type does not say so.
      client.connect(to.port, to.address, (error?: Error) => {
        if (error) return void client.emit('error', error)
        local = client.address()
        client.send(token)
      })
      return { got: await got, from: local }
    } finally {
      clearTimeout(limit)
      for (const worker of this.#workers) if (onMessage) worker.off('message', onMessage)
      client.close()
    }
  }
}
