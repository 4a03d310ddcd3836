/** The running kernel, asked through processes that live as long as the test. */

import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'

import type { Endpoint, Protocol } from '../../harness/domain/endpoint.ts'
import { readNetworkSetting } from '../../harness/host/network-setting.ts'
import type { Setting } from '../../harness/theories/world.ts'
import { PROCESSES } from './operation.ts'
import type { Answer, Arrived, Order } from './worker.ts'

const ANOTHER_USER = 65_534

/** Who got it: the id of the socket, the error's name, or `silent`. */
export type Seen = { got: number | string; from: Endpoint | null }

export class Kernel {
  readonly #workers: ChildProcess[]
  readonly #clients = new Set<Socket>()
  #sent = 0
  /** For each process its user. */
  readonly users: readonly string[]

  constructor() {
    // In a user namespace of one's own there is nobody else to become.
    const isRoot = process.getuid?.() === 0 && readFileSync('/proc/self/uid_map', 'utf8').includes('4294967295')
    this.users = PROCESSES.map((name) => (isRoot && name === 'C' ? 'another user' : 'one user'))
    this.#workers = this.users.map((user) =>
      fork(join(import.meta.dirname, 'worker.ts'), {
        env: { ...process.env, ...(user === 'another user' && { WORKER_UID: String(ANOTHER_USER) }) },
        execArgv: ['--disable-warning=ExperimentalWarning'],
      }),
    )
  }

  async order(process: number, order: Order): Promise<Answer> {
    const worker = this.#workers[process]
    if (!worker) throw new Error(`there is no process ${process}`)
    return await new Promise((resolve, reject) => {
      const onEnd = () => reject(new Error(`process ${PROCESSES[process]} ended at ${JSON.stringify(order)}`))
      worker.once('exit', onEnd)
      const onMessage = (message: Answer | Arrived) => {
        if ('got' in message) return
        worker.off('exit', onEnd).off('message', onMessage)
        resolve(message)
      }
      worker.on('message', onMessage)
      worker.send(order)
    })
  }

  /** Closes every socket. Connections are reset, which leaves nothing behind in TIME-WAIT. */
  async reset(): Promise<void> {
    for (const client of this.#clients) client.resetAndDestroy()
    this.#clients.clear()
    await Promise.all(this.#workers.map((_worker, process) => this.order(process, { do: 'reset' })))
  }

  end(): void {
    for (const worker of this.#workers) worker.disconnect()
  }

  async arrive(protocol: Protocol, to: Endpoint, from: Endpoint | null, ends: 'reset' | 'stays'): Promise<Seen> {
    return protocol === 'tcp' ? await this.#dial(to, ends) : await this.#send(to, from)
  }

  async #dial({ address, port }: Endpoint, ends: 'reset' | 'stays'): Promise<Seen> {
    const client = createConnection({ host: address, port })
    this.#clients.add(client)
    const limit = setTimeout(() => client.destroy(new Error('silent')), 2_000)
    const got = await new Promise<number | string>((resolve) => {
      client.once('data', (id) => resolve(Number(String(id))))
      client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      client.on('close', () => resolve('silent'))
    })
    clearTimeout(limit)
    if (typeof got === 'string' || ends === 'reset') client.resetAndDestroy()
    if (ends !== 'stays') this.#clients.delete(client)
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
        limit = setTimeout(() => resolve('silent'), 2_000)
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

/** All that M8 wants to know of this machine. */
export function readSetting(): Setting {
  return { os: process.platform, ...readNetworkSetting() }
}
