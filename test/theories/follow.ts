/** Lets the kernel do a sequence, and says where a theory disagrees. */

import { addressFamily, formatEndpoint } from '../../harness/domain/endpoint.ts'
import type { Endpoint } from '../../harness/domain/endpoint.ts'
import { reachOf } from '../../harness/theories/reach.ts'
import type { Theory } from '../../harness/theories/theory.ts'
import type { Setting, Wish, World } from '../../harness/theories/world.ts'
import { accept, bind, close, connect, emptyWorld, listen } from '../../harness/theories/world.ts'
import type { Kernel } from './kernel.ts'
import type { Operation } from './operation.ts'
import { PEER_PORT, PROCESSES } from './operation.ts'

/** The first disagreement, and all that happened up to it as a story. */
export type Followed = { disagreement: string | null; story: string[] }

/** How often each thing was seen, so that one sees that a test looked at something. */
export type Tally = Record<string, number>

export async function follow(
  operations: readonly Operation[],
  theory: Theory,
  kernel: Kernel,
  setting: Setting,
  tally: Tally,
): Promise<Followed> {
  const run = new Follower(theory, kernel, setting, tally)
  try {
    for (const operation of operations) {
      const disagreement = await run.do(operation)
      if (disagreement !== null) return { disagreement, story: run.story }
    }
    return { disagreement: null, story: run.story }
  } finally {
    await kernel.reset()
  }
}

class Follower {
  readonly story: string[] = []
  readonly #theory: Theory
  readonly #kernel: Kernel
  readonly #tally: Tally
  #world: World

  constructor(theory: Theory, kernel: Kernel, setting: Setting, tally: Tally) {
    this.#theory = theory
    this.#kernel = kernel
    this.#tally = tally
    this.#world = emptyWorld(setting)
  }

  /** The disagreement, or null. An operation that no socket can take is passed over. */
  async do(operation: Operation): Promise<string | null> {
    switch (operation.do) {
      case 'open':
        return await this.#open(operation)
      case 'listen':
        return await this.#listen(operation)
      case 'connect':
        return await this.#connect(operation)
      case 'arrive':
        return await this.#arrive(operation)
      case 'close': {
        const held = pick(this.#world.sockets, operation.which)
        if (!held) return null
        await this.#kernel.order(held.process, { do: 'close', id: held.id })
        this.#world = close(this.#world, ({ id }) => id === held.id)
        this.#tell(`socket ${held.id} is closed`)
        return null
      }
    }
  }

  async #open({ process, asked }: Operation & { do: 'open' }): Promise<string | null> {
    const wish: Wish = { process, user: this.#kernel.users[process] ?? '', asked }
    const id = this.#world.next
    const said = this.#theory.mayBind(this.#world, wish)
    const { outcome, local } = await this.#kernel.order(process, { do: 'open', id, asked })
    const options = (['ipv6Only', 'reusePort', 'reuseAddr'] as const).filter((name) => asked[name])
    const who = `process ${PROCESSES[process]}${wish.user === 'one user' ? '' : ` (${wish.user})`}`
    const how = options.length > 0 ? ` with ${options.join(' and ')}` : ''
    const made = outcome === 'ok' ? `: socket ${id}` : `: ${outcome}`
    const what = `${asked.protocol.toUpperCase()} ${formatEndpoint(asked)}${how}${asked.listens ? ' and listens' : ''}`
    this.#tell(`${who} binds ${what}${made}`)
    this.#count(asked.listens ? 'listen' : `bind ${asked.protocol}`, outcome)
    if (local) this.#world = bind(this.#world, wish, { address: asked.address, port: local.port })
    const chosen = asked.port === 0 && local ? this.#whyNotFree(wish, local) : null
    return chosen ?? compare(said, outcome)
  }

  /** Port 0: the system must have chosen one on which nothing was in the way. */
  #whyNotFree(wish: Wish, { port }: Endpoint): string | null {
    const before = { ...this.#world, sockets: this.#world.sockets.slice(0, -1) }
    const said = this.#theory.mayBind(before, { ...wish, asked: { ...wish.asked, port } })
    return compare(said, 'ok')
  }

  async #listen({ which }: { which: number }): Promise<string | null> {
    const held = pick(
      this.#world.sockets.filter(({ protocol, state }) => protocol === 'tcp' && state === 'bound'),
      which,
    )
    if (!held) return null
    const said = this.#theory.mayListen(this.#world, held)
    const { outcome } = await this.#kernel.order(held.process, { do: 'listen', id: held.id })
    this.#tell(`socket ${held.id} listens: ${outcome}`)
    this.#count('listen on a bound socket', outcome)
    this.#world = outcome === 'ok' ? listen(this.#world, held.id) : close(this.#world, ({ id }) => id === held.id)
    return compare(said, outcome)
  }

  async #connect({ which, overIPv6 }: Operation & { do: 'connect' }): Promise<string | null> {
    const unconnected = this.#world.sockets.filter(({ protocol, peer }) => protocol === 'udp' && peer === null)
    const held = pick(unconnected, which)
    if (!held) return null
    const isIPv6 = addressFamily(held.local.address) === 'IPv6'
    const reach = reachOf(held.local, held.ipv6Only || (isIPv6 && this.#world.setting.bindV6Only === true))
    const ofIPv4 = isIPv6 ? '::ffff:127.0.0.1' : '127.0.0.1'
    const address = reach.IPv4 === null || (overIPv6 && reach.IPv6 !== null) ? '::1' : ofIPv4
    // No route leads from the network's broadcast address, nor from one that is not local.
    if (!['127.0.0.1', '127.0.0.2', '127.0.0.6', '::1', '*'].includes(reach.IPv4 ?? reach.IPv6 ?? '')) return null
    const peer = { address, port: PEER_PORT }
    const { outcome, local } = await this.#kernel.order(held.process, { do: 'connect', id: held.id, peer })
    this.#tell(`socket ${held.id} is connected to ${formatEndpoint(peer)}: ${outcome}`)
    this.#count('connect', outcome)
    if (!local) return `a UDP socket could not be connected: ${outcome}`
    this.#world = connect(this.#world, held.id, local, peer)
    return null
  }

  async #arrive({ protocol, to, port, fromPeer, ends }: Operation & { do: 'arrive' }): Promise<string | null> {
    const target = { address: to, port }
    const wanted = fromPeer && protocol === 'udp' ? { address: ORIGINS[to] ?? '127.0.0.1', port: PEER_PORT } : null
    const { got, from } = await this.#kernel.arrive(protocol, target, wanted, ends)
    const said = this.#theory.whoGets(this.#world, { protocol, to: target, from: wanted ?? from })
    const outcome = typeof got === 'number' ? `socket ${got} gets it` : got
    const origin = wanted ? ` from ${formatEndpoint(wanted)}` : ''
    const then = protocol === 'tcp' && typeof got === 'number' ? `, and the connection ${ENDS[ends]}` : ''
    this.#tell(`${protocol.toUpperCase()} to ${formatEndpoint(target)}${origin}: ${outcome}${then}`)
    const kind =
      got === 'ECONNREFUSED'
        ? got
        : typeof got === 'string'
          ? got
          : (said?.length ?? 0) > 1
            ? 'one of a group'
            : 'one socket'
    this.#count(`arrival over ${protocol}`, kind)
    if (protocol === 'tcp' && typeof got === 'number' && ends === 'stays') this.#world = accept(this.#world, port)
    if (said === null) return null
    const isAsSaid = said.length === 0 ? got === 'ECONNREFUSED' : said.some(({ id }) => id === got)
    if (isAsSaid) return null
    return `${said.length === 0 ? 'it is refused' : `it is for socket ${said.map(({ id }) => id).join(' or ')}`}; the kernel: ${outcome}`
  }

  #tell(sentence: string): void {
    this.story.push(`${this.story.length + 1}. ${sentence}`)
  }

  #count(what: string, outcome: string): void {
    const name = `${what}: ${outcome}`
    this.#tally[name] = (this.#tally[name] ?? 0) + 1
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

const ENDS = { reset: 'is reset', stays: 'stays' }

function pick<T>(all: readonly T[], which: number): T | undefined {
  return all[which % Math.max(1, all.length)]
}

/** M1 to M7 know of one error only, and of others say nothing. */
function compare(said: string | null, outcome: string): string | null {
  return said === null || said === outcome ? null : `${said}; the kernel: ${outcome}`
}
