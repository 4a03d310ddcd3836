/** Lets the kernel do a sequence, asks a theory before each step, and stops where the two disagree. */

import { addressFamily } from '../domain/endpoint.ts'
import { reachOf } from '../theories/reach.ts'
import type { Theory } from '../theories/theory.ts'
import type { HeldSocket, Setting, Wish, World } from '../theories/world.ts'
import { accept, bind, close, connect, emptyWorld, listen } from '../theories/world.ts'
import type { Kernel } from './random-kernel.ts'
import type { Operation } from './random-operation.ts'
import { PEER_PORT } from './random-operation.ts'
import type { LeasedPorts } from './random-ports.ts'
import type { Deed, Told, Users } from './random-told.ts'

export type Followed = {
  told: Told[]
  /** Whether the last step went otherwise than the theory had said. */
  isDisagreement: boolean
  /** Of how many steps the theory said something, and the kernel answered. */
  judged: number
}

/** How a step ended: as foretold, otherwise, or unseen, and then nothing is known of what comes after it. */
type Verdict = 'goes on' | 'disagrees' | 'unseen'

export type FollowOptions = { theory: Theory; setting: Setting; users: Users; kernel: Kernel; ports: LeasedPorts }

export async function follow(operations: readonly Operation[], options: FollowOptions): Promise<Followed> {
  const run = new Follower(options)
  try {
    for (const operation of operations) {
      const verdict = await run.do(operation)
      if (verdict !== 'goes on') return run.followed(verdict === 'disagrees')
    }
    return run.followed(false)
  } finally {
    await options.kernel.reset()
  }
}

class Follower {
  readonly #told: Told[] = []
  readonly #options: FollowOptions
  /** For each socket of the world the step that opened it. */
  readonly #steps = new Map<number, number>()
  #judged = 0
  #world: World

  constructor(options: FollowOptions) {
    this.#options = options
    this.#world = emptyWorld(options.setting)
  }

  followed(isDisagreement: boolean): Followed {
    return { told: this.#told, isDisagreement, judged: this.#judged }
  }

  /** An operation that no socket can take is passed over. */
  async do(operation: Operation): Promise<Verdict> {
    switch (operation.do) {
      case 'open':
        return await this.#open(operation)
      case 'listen':
        return await this.#listen(operation)
      case 'connect':
        return await this.#connect(operation)
      case 'arrive':
        return await this.#arrive(operation)
      case 'close':
        return await this.#close(operation)
    }
  }

  async #open({ process, asked: named }: Operation & { do: 'open' }): Promise<Verdict> {
    const { theory, kernel, ports, users } = this.#options
    const asked = { ...named, port: ports.real(named.port) }
    const wish: Wish = { process, user: users[process] ?? 'own', asked }
    const id = this.#world.next
    const said = theory.mayBind(this.#world, wish)
    const { outcome, local } = await kernel.order(process, { do: 'open', id, asked })
    const inWords = (code: string) => (code !== 'ok' ? code : asked.listens ? 'listening' : 'bound')
    const before = this.#world
    const deed: Deed = { do: 'open', process, asked: named }
    if (local) {
      this.#world = bind(this.#world, wish, { address: asked.address, port: local.port })
      this.#steps.set(id, this.#told.length + 1)
    }
    // Port 0: the system must have chosen one on which nothing was in the way.
    const chosen = asked.port === 0 && local ? { ...wish, asked: { ...asked, port: local.port } } : null
    const saidOfChosen = chosen && theory.mayBind(before, chosen)
    if (saidOfChosen !== null && saidOfChosen !== 'ok') return this.#tell(deed, 'another port', inWords(outcome))
    return this.#tell(deed, said && inWords(said), inWords(outcome))
  }

  async #listen({ which }: { which: number }): Promise<Verdict> {
    const held = pick(
      this.#world.sockets.filter(({ protocol, state }) => protocol === 'tcp' && state === 'bound'),
      which,
    )
    if (!held) return 'goes on'
    const { theory, kernel } = this.#options
    const said = theory.mayListen(this.#world, held)
    const { outcome } = await kernel.order(held.process, { do: 'listen', id: held.id })
    const inWords = (code: string) => (code === 'ok' ? 'listening' : code)
    this.#world = outcome === 'ok' ? listen(this.#world, held.id) : close(this.#world, ({ id }) => id === held.id)
    return this.#tell({ do: 'listen', step: this.#stepOf(held) }, said && inWords(said), inWords(outcome))
  }

  async #connect({ which, overIPv6 }: Operation & { do: 'connect' }): Promise<Verdict> {
    const unconnected = this.#world.sockets.filter(({ protocol, peer }) => protocol === 'udp' && peer === null)
    const held = pick(unconnected, which)
    const address = held && this.#peerOf(held, overIPv6)
    if (!held || !address) return 'goes on'
    const { kernel, ports } = this.#options
    const peer = { address, port: ports.real(PEER_PORT) }
    const { outcome, local } = await kernel.order(held.process, { do: 'connect', id: held.id, peer })
    const deed: Deed = { do: 'connect', step: this.#stepOf(held), peer: { address, port: PEER_PORT } }
    // No theory speaks of it, and that it could fail was not thought of.
    if (!local) return this.#tell(deed, 'connected', outcome)
    this.#world = connect(this.#world, held.id, local, peer)
    return this.#tell(deed, null, 'connected')
  }

  /** The loopback address that a UDP socket can be connected to. */
  #peerOf(held: HeldSocket, overIPv6: boolean): string | null {
    const isIPv6 = addressFamily(held.local.address) === 'IPv6'
    const reach = reachOf(held.local, held.ipv6Only || (isIPv6 && this.#world.setting.bindV6Only === true))
    // No route leads from the network's broadcast address, nor from one that is not local.
    if (!['127.0.0.1', '127.0.0.2', '127.0.0.6', '::1', '*'].includes(reach.IPv4 ?? reach.IPv6 ?? '')) return null
    if (reach.IPv4 === null || (overIPv6 && reach.IPv6 !== null)) return '::1'
    return isIPv6 ? '::ffff:127.0.0.1' : '127.0.0.1'
  }

  async #arrive({ protocol, to, port, fromPeer, ends }: Operation & { do: 'arrive' }): Promise<Verdict> {
    const { theory, kernel, ports } = this.#options
    const target = { address: to, port: ports.real(port) }
    const origin = fromPeer && protocol === 'udp' ? (ORIGINS[to] ?? '127.0.0.1') : null
    const wanted = origin === null ? null : { address: origin, port: ports.real(PEER_PORT) }
    const stays = protocol === 'tcp' && ends === 'stays'
    const { got, from } = await kernel.arrive(protocol, target, wanted, stays)
    const said = theory.whoGets(this.#world, { protocol, to: target, from: wanted ?? from })
    if (typeof got === 'number' && stays) this.#world = accept(this.#world, target.port)
    const deed: Deed = {
      do: 'arrive',
      protocol,
      to: { address: to, port },
      from: origin === null ? null : { address: origin, port: PEER_PORT },
      stays: stays && typeof got === 'number',
    }
    const happened = typeof got === 'number' ? `step ${this.#steps.get(got)}` : got
    const takers = said?.map((held) => `step ${this.#stepOf(held)}`)
    const foretold = takers ? (takers.length === 0 ? 'ECONNREFUSED' : takers.join(' or ')) : null
    // Silence is no answer. And that the client itself found no port is not what was asked.
    if (UNSEEN.includes(got)) {
      this.#told.push({ deed, foretold, happened })
      return 'unseen'
    }
    return this.#tell(deed, foretold, happened, takers)
  }

  async #close({ which }: { which: number }): Promise<Verdict> {
    const held = pick(this.#world.sockets, which)
    if (!held) return 'goes on'
    await this.#options.kernel.order(held.process, { do: 'close', id: held.id })
    this.#world = close(this.#world, ({ id }) => id === held.id)
    return this.#tell({ do: 'close', step: this.#stepOf(held) }, null, 'closed')
  }

  #stepOf({ id }: HeldSocket): number {
    return this.#steps.get(id) ?? 0
  }

  /** `takers`: any of these may get it. */
  #tell(deed: Deed, foretold: string | null, happened: string, takers: readonly string[] = []): Verdict {
    this.#told.push({ deed, foretold, happened })
    if (foretold === null) return 'goes on'
    this.#judged += 1
    return foretold === happened || takers.includes(happened) ? 'goes on' : 'disagrees'
  }
}

/** From where the datagrams to an address come that have chosen their own end. A wildcard address then means another. */
const ORIGINS: Readonly<Record<string, string>> = {
  '0.0.0.0': '127.0.0.2',
  '::': '::1',
  '::1': '::1',
  '::ffff:0.0.0.0': '::ffff:127.0.0.2',
  '::ffff:127.0.0.1': '::ffff:127.0.0.1',
}

const UNSEEN: readonly (string | number)[] = ['silent', 'EADDRNOTAVAIL', 'EADDRINUSE']

function pick<T>(all: readonly T[], which: number): T | undefined {
  return all[which % Math.max(1, all.length)]
}
