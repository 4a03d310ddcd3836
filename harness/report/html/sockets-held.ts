/** Follows the steps of an act: which socket was where, who found no place, and what arrived. Only what was seen counts. */

import { addressFamily, isWildcard } from '../../domain/endpoint.ts'
import type { Step } from '../../domain/evidence.ts'
import { isOnNeighbour } from '../../domain/evidence.ts'
import type { Started } from '../../domain/observation.ts'
import type { Holder, SocketRow } from '../../domain/socket-row.ts'
import { drawingWords } from '../../words/drawings.en.ts'
import type { ActRecord } from '../record.ts'
import { askedBy } from './sequence-start.ts'
import type { Arrival, Held, Refusal, Who } from './sockets-rows.ts'
import { canonical, isPlace, isSame } from './sockets-rows.ts'
import { SocketTable } from './sockets-table.ts'

export type Territory = { held: readonly Held[]; refusals: readonly Refusal[]; arrivals: readonly Arrival[] }

export function territoryOf({ header, steps, evidence }: ActRecord): Territory {
  const following = new Following(header.network === 'own')
  const ends = [...(evidence?.ends ?? [])]
  for (const step of steps) {
    // Between two steps a process may have ended.
    while (ends[0] && ends[0].atMs <= step.atMs) following.leave(ends.shift()?.pid ?? 0, step.number - 0.5)
    following.step(step)
  }
  const { table, refusals, arrivals } = following
  return { held: table.held, refusals, arrivals }
}

/** Commands after which a refusal may come from a filter, and not from a place where nobody is. */
const FILTERS = /\b(nft|iptables|ip6tables|tc|pfctl)\b/

const ANY = { IPv4: '0.0.0.0', IPv6: '::' } as const

class Following {
  readonly table = new SocketTable()
  readonly refusals: Refusal[] = []
  readonly arrivals: Arrival[] = []
  readonly #names = new Map<number, string>()
  readonly #neighbours = new Set<number>()
  readonly #isOwnNetwork: boolean
  #mayFilter = false

  constructor(isOwnNetwork: boolean) {
    this.#isOwnNetwork = isOwnNetwork
  }

  step(step: Step): void {
    if (step.kind === 'start' || step.kind === 'proceed') {
      if (step.kind === 'start') this.#names.set(step.saw.pid, step.program)
      if (isOnNeighbour(step)) this.#neighbours.add(step.saw.pid)
      this.#start(step.number, step.saw)
    } else if (step.kind === 'ended' || step.kind === 'stop' || step.kind === 'kill') this.leave(step.pid, step.number)
    else if (step.kind === 'list') this.#list(step)
    else if (step.kind === 'connect') this.#connect(step)
    else if (step.kind === 'send') this.#send(step)
    else if (step.kind === 'said') this.#names.set(step.saw.pid, step.saw.program)
    else if (step.kind === 'run') this.#mayFilter ||= FILTERS.test(step.saw.command)
    else if (step.kind === 'connect-many') this.#connectMany(step)
  }

  leave(pid: number, at: number): void {
    this.table.leave(pid, at)
  }

  #start(step: number, saw: Started): void {
    const { outcome, pid, protocol, local, rows } = saw
    if (outcome === 'connected' || outcome === 'running') return
    if (outcome !== 'listening' && outcome !== 'bound') return this.#refuse(step, saw)
    const who = this.#who(step, { pid })
    const onNeighbour = this.#neighbours.has(pid)
    const wish = askedBy(saw)
    if (local && protocol) {
      const row = rows.find(
        (one) => isPlace(one) && one.local.port === local.port && one.local.address === local.address,
      )
      // libuv sets IPV6_V6ONLY for TCP in any case; over UDP the system's own setting stays.
      const told = wish?.protocol === 'tcp' && local.address === '::' ? !wish.ipv6Only : wish?.ipv6Only ? false : null
      this.table.tell(
        {
          protocol,
          local,
          onNeighbour,
          state: outcome,
          takesIPv4: row?.takesIPv4 ?? told,
          reusePort: wish?.reusePort ?? null,
          peer: row?.peer ?? null,
          holders: [who],
          inode: row?.inode ?? null,
          from: step,
          isFirst: 'bound',
        },
        who,
      )
    }
    // Of a program with several sockets the tables show the others.
    for (const row of rows.filter(isPlace)) {
      const holders = row.holders.length > 0 ? row.holders.map((one) => this.#who(step, one)) : [who]
      this.table.see(row, { from: step, isFirst: 'bound', onNeighbour, holders, namesAllHolders: false })
    }
  }

  #refuse(step: number, saw: Started): void {
    const { outcome: code, pid, rows, error } = saw
    const wish = askedBy(saw)
    const protocol = wish?.protocol ?? rows[0]?.protocol ?? 'tcp'
    const { address, port } = wish ?? error ?? {}
    const wanted =
      address && port ? { address: canonical(address), port } : code === 'EADDRINUSE' ? rows[0]?.local : null
    if (!wanted) return
    const holders = rows.filter((row) => row.protocol === protocol).flatMap((row) => row.holders)
    const names = holders.map((one) => calledBy(this.#who(step, one)))
    this.refusals.push({
      step,
      protocol,
      wanted,
      takesIPv4: wanted.address === '::' && wish?.ipv6Only !== true,
      onNeighbour: this.#neighbours.has(pid),
      who: calledBy(this.#who(step, { pid })),
      pid,
      code,
      holders: [...new Set(names)],
    })
  }

  #list({ number: step, port, saw }: Step & { kind: 'list' }): void {
    const listings = [saw, ...saw.others]
    for (const [index, { source, rows }] of listings.entries()) {
      const namesAllHolders = index === 0 && source !== 'netstat'
      for (const row of rows.filter((one) => isPlace(one) && this.#isOurs(one, port))) {
        const holders = row.holders.map((one) => this.#who(step, one))
        this.table.see(row, { from: step, isFirst: 'seen', onNeighbour: false, holders, namesAllHolders })
      }
    }
    const all = listings.flatMap(({ rows }) => rows)
    if (saw.disagreements.length > 0) return
    this.table.missing(
      (one) => !one.onNeighbour && (port === 'all' || port === one.local.port) && !all.some((row) => isSame(one, row)),
      step,
    )
  }

  /** In a network that others use too, only the sockets of the act are of interest. */
  #isOurs({ holders, local }: SocketRow, port: number | 'all'): boolean {
    if (this.#isOwnNetwork || port !== 'all') return true
    return (
      holders.some(({ pid }) => this.#names.has(pid)) || this.table.held.some((one) => one.local.port === local.port)
    )
  }

  #connect({ number: step, from, saw }: Step & { kind: 'connect' }): void {
    const { outcome, to, servedBy, local } = saw
    // A client that chooses its own end binds it first: what is refused then has not left.
    if (from?.port && (outcome === 'EADDRINUSE' || outcome === 'EADDRNOTAVAIL')) {
      const wanted = { address: from.address ?? ANY[addressFamily(to.address)], port: from.port }
      const who = drawingWords.client
      const asked = { step, protocol: 'tcp' as const, wanted, takesIPv4: false, onNeighbour: false }
      this.refusals.push({ ...asked, who, pid: null, code: outcome, holders: [] })
      return
    }
    const pid = servedBy?.pid ?? null
    if (servedBy) this.#infer('tcp', to, servedBy, step)
    const kind = outcome === 'connected' ? 'arrived' : outcome === 'timed-out' ? 'silent' : failure(outcome)
    const text = kind === 'failed' ? outcome : outcome === 'connected' && local ? `from :${local.port}` : ''
    this.arrivals.push({ step, protocol: 'tcp', to, outcome: kind, text, pid })
    if (kind === 'refused' && !this.#mayFilter) this.table.contradict(to, step)
  }

  #send({ number: step, saw }: Step & { kind: 'send' }): void {
    const { outcome, to, text: sent, receivedBy } = saw
    if (receivedBy) this.#infer('udp', to, receivedBy, step)
    const kind = outcome === 'received' ? 'arrived' : outcome === 'silent' ? 'silent' : failure(outcome)
    const text = kind === 'failed' ? outcome : outcome === 'received' ? JSON.stringify(sent.trimEnd()) : ''
    this.arrivals.push({ step, protocol: 'udp', to, outcome: kind, text, pid: receivedBy?.pid ?? null })
  }

  #connectMany({ number: step, address, port, saw }: Step & { kind: 'connect-many' }): void {
    for (const { pid, connections } of saw.servedBy) {
      const text = `${connections} of ${saw.connections}`
      this.arrivals.push({ step, protocol: 'tcp', to: { address, port }, outcome: 'arrived', text, pid })
    }
  }

  #infer(
    protocol: Held['protocol'],
    to: Arrival['to'],
    { pid, program }: { pid: number; program: string },
    step: number,
  ): void {
    if (isWildcard(to.address)) return
    this.#names.set(pid, program)
    this.table.infer(protocol, to, this.#who(step, { pid }), step)
  }

  #who(since: number, { pid, command = null }: Pick<Holder, 'pid'> & Partial<Holder>): Who {
    return { pid, name: this.#names.get(pid) ?? command ?? 'process', since, left: null }
  }
}

function calledBy({ name, pid }: Who): string {
  return `${name} (${pid})`
}

function failure(code: string): Arrival['outcome'] {
  return code === 'ECONNREFUSED' ? 'refused' : 'failed'
}
