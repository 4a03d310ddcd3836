/** Real sockets of this process, listed by every tool that is here: held against each other and against the truth. */

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ListingSource, SocketRow } from '../../harness/domain/socket-row.ts'
import { readHolders } from '../../harness/listing/holders.ts'
import { readKernelTables } from '../../harness/listing/kernel-tables.ts'
import { listSockets } from '../../harness/listing/list.ts'
import { bindUdp, connection, listen } from './real-sockets.ts'

const SOURCES: ListingSource[] = ['lsof', 'ss', 'netstat', 'proc']
const hasTables = existsSync('/proc/net/tcp')
const hasIPv6 = !hasTables || existsSync('/proc/net/if_inet6')

/** The listings that this machine gives for a port, with the proof that they do not contradict one another. */
async function listingsOf(port: number) {
  const { shown, others, absent, disagreements } = await listSockets({ port })
  expect(disagreements).toEqual([])
  const listings = [shown, ...others]
  expect([...listings, ...absent].map(({ source }) => source).toSorted()).toEqual(SOURCES.toSorted())
  for (const { unread } of listings) expect(unread).toEqual([])
  return listings
}

function text({ protocol, family, local, peer, state, holders }: SocketRow): string {
  const ends = `${local.address}:${local.port}${peer === null ? '' : `->${peer.address}:${peer.port}`}`
  return `${protocol} ${family} ${ends} ${state} ${[...new Set(holders.map(({ pid }) => pid))].join()}`
}

describe('listSockets', () => {
  it('finds an IPv4 listener and its connection by every tool', async () => {
    const { server, port } = await listen({ host: '0.0.0.0', port: 0 })
    const client = await connection(server, port, '127.0.0.1')
    for (const { rows } of await listingsOf(port)) {
      expect(rows.map(text).toSorted()).toEqual([
        `tcp IPv4 0.0.0.0:${port} LISTEN ${process.pid}`,
        `tcp IPv4 127.0.0.1:${port}->127.0.0.1:${client.localPort} ESTABLISHED ${process.pid}`,
      ])
    }
  })

  it.skipIf(!hasIPv6)(
    'finds a dual-stack listener with an IPv4 client, and a UDP socket on the same port',
    async () => {
      const { server, port } = await listen({ host: '::', port: 0 })
      const client = await connection(server, port, '127.0.0.1')
      await bindUdp('0.0.0.0', port)
      const listings = await listingsOf(port)
      for (const { source, rows } of listings) {
        expect(rows.map(text).toSorted()).toEqual([
          `tcp IPv6 :::${port} LISTEN ${process.pid}`,
          `tcp IPv6 ::ffff:127.0.0.1:${port}->::ffff:127.0.0.1:${client.localPort} ESTABLISHED ${process.pid}`,
          `udp IPv4 0.0.0.0:${port} null ${process.pid}`,
        ])
        expect(rows.find(({ state }) => state === 'LISTEN')?.takesIPv4).toBe(source === 'ss' ? true : null)
      }
    },
  )

  it.skipIf(!hasIPv6)('finds an IPv6-only listener beside an IPv4 one, and an IPv6-only UDP socket', async () => {
    const { port } = await listen({ host: '::', port: 0, ipv6Only: true })
    await listen({ host: '127.0.0.1', port })
    await bindUdp('::', port)
    for (const { source, rows } of await listingsOf(port)) {
      expect(rows.map(text).toSorted()).toEqual([
        `tcp IPv4 127.0.0.1:${port} LISTEN ${process.pid}`,
        `tcp IPv6 :::${port} LISTEN ${process.pid}`,
        `udp IPv6 :::${port} null ${process.pid}`,
      ])
      expect(rows.filter(({ takesIPv4 }) => takesIPv4 === false)).toHaveLength(source === 'ss' ? 2 : 0)
    }
  })

  it('finds a connected UDP socket with its peer', async () => {
    const socket = await bindUdp('127.0.0.1', 0)
    socket.connect(9, '127.0.0.1')
    await once(socket, 'connect')
    const { port } = socket.address()
    for (const { rows } of await listingsOf(port)) {
      expect(rows.map(text)).toEqual([`udp IPv4 127.0.0.1:${port}->127.0.0.1:9 null ${process.pid}`])
    }
  })

  it('lists nothing of a port that nobody has, and of the other protocol', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    const { shown, others, disagreements } = await listSockets({ port, protocol: 'udp' })
    expect(disagreements).toEqual([])
    expect([shown, ...others].flatMap(({ rows }) => rows)).toEqual([])
    const listed = await listSockets({ port, protocol: 'tcp' })
    expect([listed.shown, ...listed.others].map(({ rows }) => rows.length)).toEqual([shown, ...others].map(() => 1))
  })

  it('leaves the rows of clients to those who ask for the port of the client', async () => {
    const { server, port } = await listen({ host: '127.0.0.1', port: 0 })
    const client = await connection(server, port, '127.0.0.1')
    const clientPort = client.localPort ?? 0
    for (const { rows } of await listingsOf(clientPort)) {
      expect(rows.map(text)).toEqual([`tcp IPv4 127.0.0.1:${clientPort}->127.0.0.1:${port} ESTABLISHED ${process.pid}`])
    }
  })

  it.skipIf(!hasTables)('shows the listing that is preferred', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    expect((await listSockets({ port }, 'proc')).shown.source).toBe('proc')
  })

  it.skipIf(!hasTables)('knows inodes and descriptors that the tables and the tools agree on', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    const listings = await listingsOf(port)
    const inode = listings.find(({ source }) => source === 'proc')?.rows[0]?.inode
    const fd = readHolders([process.pid]).get(inode ?? 0)?.[0]?.fd
    expect(fd).toBeGreaterThan(2)
    for (const { source, rows } of listings) {
      expect(rows[0]?.inode).toBe(source === 'lsof' || source === 'proc' ? inode : null)
      expect(rows[0]?.holders[0]?.fd).toBe(source === 'netstat' ? null : fd)
    }
  })
})

/** What the tools tell an ordinary user of another user's listener; run as that user. */
const ASK_AS_NOBODY = `
  process.setgroups([]); process.setgid(65534); process.setuid(65534)
  const { listSockets } = await import(process.argv[1])
  const { shown, others, disagreements } = await listSockets({ port: Number(process.argv[2]) })
  const pids = [shown, ...others].flatMap(({ rows }) => rows.flatMap(({ holders }) => holders))
  const sources = [shown, ...others].filter(({ rows }) => rows.length > 0).map(({ source }) => source)
  console.log(JSON.stringify({ sources, pids, disagreements }))`

describe('an ordinary user', () => {
  it.skipIf(process.getuid?.() !== 0 || !hasTables)(
    'sees a listener of root without its process, and no disagreement',
    async () => {
      const { port } = await listen({ host: '127.0.0.1', port: 0 })
      const module = new URL('../../harness/listing/list.ts', import.meta.url).href
      const args = ['--input-type=module', '-e', ASK_AS_NOBODY, module, String(port)]
      const seen: unknown = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
      expect(seen).toMatchObject({ pids: [], disagreements: [] })
      expect(seen).toHaveProperty('sources', expect.not.arrayContaining(['lsof']))
      expect(seen).toHaveProperty('sources', expect.arrayContaining(['proc']))
    },
  )
})

describe.skipIf(!hasTables)('readKernelTables', () => {
  it('looks for holders among the processes given, or not at all', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    const holdersWith = (options: object) =>
      readKernelTables({ port, ...options })?.rows.map(({ holders }) => holders.length)
    expect(holdersWith({})).toEqual([1])
    expect(holdersWith({ pids: [process.pid] })).toEqual([1])
    expect(holdersWith({ pids: [1] })).toEqual([0])
    expect(holdersWith({ holders: false })).toEqual([0])
  })

  it('finds by port what it finds in the whole tables', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    const whole = readKernelTables()
    expect(whole?.unread).toEqual([])
    const found = readKernelTables({ port })?.rows
    expect(found).toHaveLength(1)
    expect(whole?.rows.filter(({ local }) => local.port === port)).toEqual(found)
  })

  it('is what its command prints', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    const listing = readKernelTables({ port })
    const printed = execFileSync('sh', ['-c', listing?.command ?? 'exit 1'], { encoding: 'utf8' })
    const withoutPlace = (lines: string[] = []) => lines.map((line) => line.replace(/^\s*\d+:/, '').trim())
    expect(withoutPlace(listing?.printed)).toEqual(withoutPlace(printed.trimEnd().split('\n')))
  })

  it('reads the tables of another process, and none of a process that is gone', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    expect(readKernelTables({ port, namespaceOf: process.pid })?.rows).toHaveLength(1)
    expect(readKernelTables({ port, namespaceOf: 2 ** 30 })).toBeUndefined()
  })
})

describe('readHolders', () => {
  it('passes over processes that are gone', () => {
    expect(readHolders([2 ** 30])).toEqual(new Map())
  })
})
