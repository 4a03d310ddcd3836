import { describe, expect, it } from 'vitest'
import type { Listing, ListingSource, SocketRow } from '../../harness/domain/socket-row.ts'
import { disagreements } from '../../harness/listing/agree.ts'
import { bareRow } from '../../harness/listing/reading.ts'

type Change = Partial<Omit<SocketRow, 'local' | 'holders'>> & { address?: string; port?: number; pids?: number[] }

/** A listener on 127.0.0.1:8080 that process 5 holds, but for the changes. */
function row({ address = '127.0.0.1', port = 8080, pids = [5], ...change }: Change = {}): SocketRow {
  const listener = bareRow({
    protocol: 'tcp',
    family: 'IPv4',
    local: { address, port },
    peer: null,
    state: 'LISTEN',
    stateAsPrinted: '',
  })
  return { ...listener, holders: pids.map((pid) => ({ pid, command: 'node', fd: 3 })), ...change }
}

function listing(source: ListingSource, rows: SocketRow[], unread: string[] = []): Listing {
  return { source, command: source, printed: [], rows, unread }
}

describe('disagreements', () => {
  it('are none where all say the same, in any order', () => {
    const rows = [row(), row({ protocol: 'udp', state: null }), row({ address: '::', family: 'IPv6' })]
    const sources: ListingSource[] = ['lsof', 'ss', 'netstat', 'proc']
    expect(
      disagreements(
        sources.map((source, index) => listing(source, index % 2 === 0 ? rows : rows.toReversed())),
        8080,
      ),
    ).toEqual([])
  })

  it.each([
    ['the protocol', row({ protocol: 'udp', state: null }), 'UDP 127.0.0.1:8080 (IPv4)'],
    ['the family', row({ family: 'IPv6' }), 'TCP 127.0.0.1:8080 (IPv6)'],
    ['the address', row({ address: '0.0.0.0' }), 'TCP 0.0.0.0:8080 (IPv4)'],
  ])('name %s that differs', (_, other, name) => {
    expect(disagreements([listing('lsof', [row()]), listing('ss', [other])], 8080).toSorted()).toEqual(
      [
        `TCP 127.0.0.1:8080 (IPv4) is shown by lsof, and not by ss.`,
        `${name} is shown by ss, and not by lsof.`,
      ].toSorted(),
    )
  })

  it('say in one sentence who shows a listener and who does not', () => {
    const listings = [
      listing('lsof', [row()]),
      listing('ss', [], ['?']),
      listing('netstat', [row()]),
      listing('proc', []),
    ]
    expect(disagreements(listings, 8080)).toEqual([
      "TCP 127.0.0.1:8080 (IPv4) is shown by lsof and netstat, and not by ss (lines that could not be read: 1) and the kernel's own table.",
    ])
  })

  it('name holders that differ', () => {
    expect(disagreements([listing('lsof', [row()]), listing('ss', [row({ pids: [6, 7] })])], 8080)).toEqual([
      'The holder of TCP 127.0.0.1:8080 (IPv4) differs: process 5 by lsof and processes 6 and 7 by ss.',
    ])
    expect(
      disagreements([listing('ss', [row({ pids: [6, 7] })]), listing('netstat', [row({ pids: [8] })])], 8080),
    ).toHaveLength(1)
    expect(disagreements([listing('netstat', [row({ pids: [8] })]), listing('proc', [row()])], 8080)).toHaveLength(1)
  })

  it('name numbers of sockets that differ', () => {
    expect(disagreements([listing('ss', [row(), row()]), listing('netstat', [row()])], 8080)).toEqual([
      'The number of sockets at TCP 127.0.0.1:8080 (IPv4) differs: ss shows 2 and netstat shows 1.',
    ])
    expect(disagreements([listing('lsof', [row()]), listing('ss', [row(), row()])], 8080)).toHaveLength(1)
    expect(disagreements([listing('lsof', [row(), row()]), listing('ss', [row()])], 8080)).toHaveLength(1)
  })

  it('are not made of what a listing cannot know', () => {
    const foreign = row({ pids: [] })
    expect(disagreements([listing('lsof', []), listing('ss', [foreign])], 8080)).toEqual([])
    expect(disagreements([listing('lsof', [row()]), listing('ss', [row(), foreign])], 8080)).toEqual([])
    expect(disagreements([listing('ss', [row()]), listing('proc', [foreign])], 8080)).toEqual([])
    expect(
      disagreements([listing('ss', [row({ pids: [5, 6] })]), listing('netstat', [row({ pids: [6] })])], 8080),
    ).toEqual([])
  })

  it('are made of what only lsof shows, and of what lsof ought to show', () => {
    expect(disagreements([listing('lsof', [row()]), listing('ss', [])], 8080)).toHaveLength(1)
    expect(disagreements([listing('lsof', []), listing('ss', [row()])], 8080)).toHaveLength(1)
    expect(disagreements([listing('ss', [row({ pids: [] })]), listing('netstat', [])], 8080)).toHaveLength(1)
  })

  it('leave out connections and other ports', () => {
    const connection = row({ state: 'ESTABLISHED', peer: { address: '127.0.0.1', port: 9 } })
    expect(disagreements([listing('ss', [connection, row({ port: 81 })]), listing('proc', [])], 8080)).toEqual([])
  })

  it('take the star that lsof prints for ::ffff:0.0.0.0 as it is meant', () => {
    const mapped = row({ family: 'IPv6', address: '::ffff:0.0.0.0' })
    expect(
      disagreements([listing('lsof', [row({ family: 'IPv6', address: '::' })]), listing('ss', [mapped])], 8080),
    ).toEqual([])
  })
})
