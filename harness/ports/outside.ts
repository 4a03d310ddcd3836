/**
 * Asks the ports of this machine's own addresses as another program would, between two looks at its sockets, and holds
 * both together. A TCP connection that comes about is closed at once, and not reset: a service that somebody needs must not
 * end by it. To a UDP port goes a datagram of one line.
 *
 * To use it: `findTargets(host)`, and `readAskedPorts(text)` or `ALL_PORTS` (scan-targets.ts; both throw Unfit: exit code
 * 2). Say `scanBeginsInWords(targets, ports)` before anything is asked (words/ports-changes-outside.en.ts). Then
 * `await scanOutside({ ...targets, ports, look, signal, onProgress })`, with `look` giving the listing of this machine;
 * `onProgress` has what `Progress.show` takes. Lay it out with `outsideText` or `outsideJson` (report/ports-scan.ts).
 * Where every scan has a `problem`, nothing was seen: exit code 3.
 */

import type { Protocol } from '../domain/endpoint.ts'
import { Inconclusive } from '../domain/inconclusive.ts'
import type { ReadListing } from '../domain/look.ts'
import type { AskedPorts, OutsideView, ScanOfAddress } from '../domain/ports-outside.ts'
import { isOpen } from '../domain/services.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { scan } from '../network/scan.ts'
import { readAddresses } from './about-machine.ts'
import type { Sight } from './outside-findings.ts'
import { findingsOf, isAsked, shortLived, silentPorts } from './outside-findings.ts'
import type { Targets } from './scan-targets.ts'

export type ScanProgress = { done: number; total: number; what: string }

export type OutsideOptions = Targets & {
  ports: readonly AskedPorts[]
  look: () => Promise<ReadListing> | ReadListing
  /** Its reason is what the promise rejects with. */
  signal: AbortSignal
  /** How long a UDP port may take to answer. */
  silenceMs?: number
  onProgress?: (progress: ScanProgress) => void
}

const SILENCE_MS = 1_000
const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp']

/** Open ports that no list has are asked again, to tell a service from a program that came and went. */
const MOST_ASKED_AGAIN = 64

export async function scanOutside(options: OutsideOptions): Promise<OutsideView> {
  const { ports, look, leftOut } = options
  const first = await look()
  const before = openOf(first)
  const addresses = [...options.addresses, ...furtherLoopback(before, options)]
  const scans: ScanOfAddress[] = []
  for (const address of addresses) {
    for (const protocol of PROTOCOLS) scans.push(await scanOf(protocol, address, ports, options))
  }
  const after = openOf(await look())
  const sight: Sight = {
    before,
    after,
    isHidden: first.blind.includes('other-users'),
    gone: new Set(),
    devices: readDevices(),
  }
  sight.gone = await goneMeanwhile(sight, scans, options)
  return {
    ports: [...ports],
    scans,
    findings: findingsOf(scans, ports, sight),
    silent: silentPorts(scans, sight),
    shortLived: shortLived(ports, sight),
    leftOut,
  }
}

function readDevices(): Map<string, string> {
  return new Map(readAddresses().map(({ address, device }) => [address, device]))
}

function openOf({ rows }: ReadListing): SocketRow[] {
  return rows.filter((row) => isOpen(row) && row.local.port > 0)
}

/** All of 127.0.0.0/8 is this machine, though only 127.0.0.1 is in its list: where a socket is bound there, it is asked too. */
function furtherLoopback(rows: readonly SocketRow[], { addresses, ports }: OutsideOptions): string[] {
  if (addresses.length < 2) return []
  const bound = rows.filter(({ local }) => local.address.startsWith('127.') && isAsked(local.port, ports))
  return [...new Set(bound.map(({ local }) => local.address))].filter((one) => !addresses.includes(one)).sort()
}

async function scanOf(
  protocol: Protocol,
  address: string,
  ports: readonly AskedPorts[],
  { signal, silenceMs = SILENCE_MS, onProgress }: OutsideOptions,
): Promise<ScanOfAddress> {
  const found: ScanOfAddress = { address, protocol, open: [], closed: 0, silent: [], problem: null }
  const total = ports.reduce((sum, { from, to }) => sum + to - from + 1, 0)
  const what = `${protocol.toUpperCase()} ${address}`
  let before = 0
  try {
    for (const range of ports) {
      const tell = (done: number) => onProgress?.({ done: before + done, total, what })
      const saw = await scan(protocol, address, range, { signal, silenceMs, onProgress: tell, ending: 'close' })
      found.open = found.open.concat(saw.open)
      found.silent = found.silent.concat(saw.silent)
      found.closed += saw.closed
      before += range.to - range.from + 1
    }
    return found
  } catch (error) {
    // An abort is the caller's wish; what a port has answered is a fact about this address alone.
    if (signal.aborted || !(error instanceof Inconclusive)) throw error
    return { address, protocol, open: [], closed: 0, silent: [], problem: error.message }
  }
}

async function goneMeanwhile(
  sight: Sight,
  scans: readonly ScanOfAddress[],
  options: OutsideOptions,
): Promise<Set<string>> {
  const gone = new Set<string>()
  const ranges = scans.flatMap(({ open }) => open.map((port) => ({ from: port, to: port })))
  const unlisted = findingsOf(scans, ranges, sight).filter(({ kind }) => kind === 'open-not-listed')
  const asked = unlisted.flatMap(({ protocol, port, at }) => at.map((address) => ({ protocol, port, address })))
  for (const { protocol, port, address } of asked.slice(0, MOST_ASKED_AGAIN)) {
    const again = await scanOf(protocol, address, [{ from: port, to: port }], { ...options, onProgress: () => {} })
    if (again.open.length === 0) gone.add(`${protocol} ${address} ${port}`)
  }
  return gone
}
