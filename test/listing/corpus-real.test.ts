/**
 * What the tools of this machine really print of many kinds of sockets, in a network of their own: read without a line
 * left over, held against what was opened, and tool against tool.
 */

import { join } from 'node:path'

import { execaSync } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'

import { isWildcard } from '../../harness/domain/endpoint.ts'
import type { ReadListing } from '../../harness/domain/look.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { namespaced, whyNot } from '../namespace.ts'
import { problemsOf, silentProblems } from './accounted.ts'
import { toldHost } from './corpus/told.ts'

type Opened = { protocol: string; address: string; port: number; takesIPv4: boolean | null; device: string | null }
type Seen = {
  opened: Opened[]
  pids: number[]
  /** By command; `null` where the tool is not installed. */
  listings: Record<string, string | null>
  scans: Record<string, string | null>
}

/** Nobody answers behind it. `nodad`: the addresses serve at once. */
const DEVICE = [
  'ip link add d0 type veth peer name d1',
  'ip link set d0 addrgenmode none',
  ...['192.0.2.7/24', '2001:db8::7/64 nodad', 'fe80::7/64 nodad'].map((address) => `ip address add dev d0 ${address}`),
  'ip link set d0 up',
  'ip link set d1 up',
  // Otherwise the kernel gives up a connection after the three seconds in which it asks for the neighbour.
  'ip neighbour add 192.0.2.99 lladdr 02:00:00:00:00:63 dev d0',
].join(' && ')

const NETWORK = namespaced(DEVICE)
const whyNone = whyNot([...NETWORK, 'python3', '--version'])

const COMMANDS = {
  lsof: ['lsof -nP -i', 'lsof +c 0 -nP -i', 'lsof -nP -i -F', 'lsof -nP -i -F0', 'lsof -nP -i -FpcLftPnTd'],
  ss: ['ss -tunap', 'ss -tunape', 'ss -tunapH', 'ss -tunapemoi'],
  netstat: ['netstat -tunapW', 'netstat -tunaopeW'],
  proc: ['cat', 'grep -H .'].map((tool) => `${tool} /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6`),
}

const [, PROC_GREP = ''] = COMMANDS.proc
const SCANS = ['nmap', 'nmap -oN', 'nmap -oG', 'nmap -oX']

const socketOf = ({ protocol, family, local, peer, state }: SocketRow) =>
  JSON.stringify([protocol, family, local, peer, state])

describe.skipIf(whyNone !== null)(`real output${whyNone === null ? '' : ` (skipped: ${whyNone})`}`, () => {
  let seen: Seen

  beforeAll(() => {
    const [file, ...args] = [...NETWORK, 'python3', join(import.meta.dirname, 'rich-sockets.py')]
    seen = JSON.parse(
      execaSync(file ?? 'unshare', args, { env: { LC_ALL: 'C.UTF-8' }, timeout: 55_000 }).stdout,
    ) as Seen
  })

  /** The one listing of a command, or `null` where there is no such tool here. */
  function listingOf(command: string): ReadListing | null {
    const text = seen.listings[command]
    if (text === null || text === undefined) return null
    const { listings } = readListings(text)
    expect(listings, command).toHaveLength(1)
    return listings[0] ?? null
  }

  const present = (commands: readonly string[]) =>
    commands.flatMap((command) => {
      const listing = listingOf(command)
      return listing === null ? [] : [{ command, rows: listing.rows }]
    })

  const proc = () => listingOf(PROC_GREP)?.rows ?? []

  it('is read to the last line', () => {
    for (const [command, text] of Object.entries({ ...seen.listings, ...seen.scans })) {
      if (text === null) continue
      const read = readListings(text)
      expect([...read.unread, ...read.listings.flatMap(({ unread }) => unread)], command).toEqual([])
      expect([...problemsOf(text, read), ...silentProblems(text, readListings)], command).toEqual([])
    }
  })

  it('means the same with the line ends of Windows, and with the command in front', () => {
    for (const [command, text] of Object.entries(seen.listings)) {
      if (text === null) continue
      const rows = readListings(text).listings.flatMap((listing) => listing.rows)
      for (const other of [text.replaceAll('\n', '\r\n'), `$ ${command}\n${text}`]) {
        expect(
          readListings(other).listings.flatMap((listing) => listing.rows),
          command,
        ).toEqual(rows)
      }
    }
  })

  it.for([...COMMANDS.lsof, ...COMMANDS.ss, ...COMMANDS.netstat, ...COMMANDS.proc])(
    '%s has every socket that was opened',
    (command, { skip }) => {
      const rows = listingOf(command)?.rows
      if (rows === undefined) return skip(`there is no ${command.split(' ', 1)[0]} here`)
      for (const { protocol, address, port, takesIPv4, device } of seen.opened) {
        const found = rows.filter(({ protocol: other, local, state }) => {
          const isService = protocol === 'udp' || state === 'LISTEN'
          return isService && other === protocol && local.port === port && local.address === address
        })
        expect(found, `${protocol} ${address} ${port}`).toHaveLength(1)
        if (!command.startsWith('ss')) continue
        expect(found[0]?.takesIPv4, `${protocol} ${address} ${port}`).toBe(takesIPv4)
        if (device !== null) expect(found[0]?.device).toBe(device)
      }
      expect(rows.some(({ state }) => state === 'ESTABLISHED')).toBe(true)
    },
  )

  it('shows the same sockets, whichever tool is asked', () => {
    const all = proc().map(socketOf).toSorted()
    expect(all.length).toBeGreaterThan(25)
    for (const state of ['LISTEN', 'ESTABLISHED', 'FIN-WAIT-2', 'CLOSE-WAIT', 'TIME-WAIT', 'SYN-SENT']) {
      expect(proc().map((row) => row.state)).toContain(state)
    }
    for (const { command, rows } of present([...COMMANDS.ss, ...COMMANDS.netstat, ...COMMANDS.proc])) {
      expect(rows.map(socketOf).toSorted(), command).toEqual(all)
    }
    // lsof finds sockets by their descriptors: not those that no process has.
    const [ss] = present(COMMANDS.ss)
    const held = ss?.rows.filter(({ holders }) => holders.length > 0).map(socketOf)
    for (const { command, rows } of present(COMMANDS.lsof)) {
      if (held !== undefined) expect(rows.map(socketOf).toSorted(), command).toEqual(held.toSorted())
    }
  })

  it('names the same processes, descriptors and inodes, whichever tool is asked', () => {
    const held = new Map<string, string>()
    const inodes = new Map<string, number>()
    for (const { command, rows } of present([
      ...COMMANDS.lsof,
      ...COMMANDS.ss,
      ...COMMANDS.netstat,
      ...COMMANDS.proc,
    ])) {
      for (const row of rows) {
        const known = inodes.get(socketOf(row)) ?? row.inode
        if (known !== null) inodes.set(socketOf(row), known)
        if (row.inode !== null) expect(row.inode, `${command}: ${socketOf(row)}`).toBe(known)
        const pids = row.holders.map(({ pid, fd }) => `${pid} ${fd}`).toSorted()
        if (pids.length === 0) continue
        expect(
          row.holders.filter(({ pid }) => !seen.pids.includes(pid)),
          command,
        ).toEqual([])
        // netstat names one process and no descriptor.
        if (command.startsWith('netstat')) continue
        expect(pids.join(), `${command}: ${socketOf(row)}`).toBe(held.get(socketOf(row)) ?? pids.join())
        held.set(socketOf(row), pids.join())
      }
    }
    expect(inodes.size).toBeGreaterThan(20)
  })

  it('has the name of the process as it is', () => {
    for (const { command, rows } of present(['ss -tunap', 'lsof +c 0 -nP -i', 'lsof -nP -i -F'])) {
      const told = new Set(rows.flatMap(({ holders }) => holders.map((holder) => holder.command)))
      expect([...told], command).toContain('a b "c,[1]')
    }
  })

  it('leaves out what it was not asked for', () => {
    for (const { command, rows } of present([
      'ss -ltunp',
      'netstat -tulpn',
      'ss -ltn',
      'ss -lun',
      'lsof -nP -iTCP -sTCP:LISTEN',
    ])) {
      const wanted = proc().filter(({ protocol, state, peer }) =>
        protocol === 'tcp' ? state === 'LISTEN' : peer === null,
      )
      const asked = wanted.filter(({ protocol }) => {
        if (command === 'ss -ltunp' || command === 'netstat -tulpn') return true
        return protocol === (command === 'ss -lun' ? 'udp' : 'tcp')
      })
      expect(rows.map(socketOf).toSorted(), command).toEqual(asked.map(socketOf).toSorted())
    }
    for (const { command, rows } of present(['ss -anp', 'netstat -an'])) {
      expect(new Set(rows.map(socketOf)).isSubsetOf(new Set(proc().map(socketOf))), command).toBe(true)
      expect(
        rows.some(({ local }) => isWildcard(local.address)),
        command,
      ).toBe(true)
    }
  })

  it.skipIf(whyNot(['nmap', '--version']) !== null)('says the same of a scan in every form of nmap', () => {
    const hosts = SCANS.map((scan) => readListings(seen.scans[scan] ?? '').listings.map((one) => one.hosts))
    const ports = hosts.map((lists) => lists.flatMap((list) => list.flatMap((host) => host.ports)))
    expect(ports[0]).toMatchObject([
      ...[4001, 4002, 4003].map((port) => ({ protocol: 'tcp', port, state: 'open' })),
      ...[4004, 4005, 4006].map((port) => ({ protocol: 'tcp', port, state: 'closed' })),
      { protocol: 'tcp', port: 4007, state: 'open' },
      { protocol: 'tcp', port: 4099, state: 'closed' },
      { protocol: 'udp', port: 4008, state: 'open|filtered' },
      ...[4010, 4099].map((port) => ({ protocol: 'udp', port, state: 'closed' })),
    ])
    for (const others of ports) expect(others).toEqual(ports[0])
    expect(hosts.map(([list]) => list?.flatMap(toldHost).at(0))).toEqual(SCANS.map(() => 'host 127.0.0.1'))
  })
})
