/** The ports of a machine as text, as Markdown and as JSON. */

import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'

import { NOTHING_KNOWN } from '../../harness/domain/about.ts'
import type { PortsView } from '../../harness/domain/ports-view.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { portsView } from '../../harness/ports/view.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { portsJson } from '../../harness/report/ports-json.ts'
import { portsMarkdown } from '../../harness/report/ports-markdown.ts'
import { portsText } from '../../harness/report/ports-text.ts'
import { displayWidth } from '../../harness/report/width.ts'
import { ALL, NMAP, PROC, SS } from '../ports/listings.ts'
import { HOSTILE } from './stream.ts'

const viewOf = (text: string) => portsView(readListings(text))
const text = (view: PortsView, columns: number | undefined = 80, color = false) =>
  [...portsText(createLayout({ columns, color }), view)].join('')
const markdown = (view: PortsView) => [...portsMarkdown(view)].join('')

const EXAMPLE = viewOf(SS)

describe('text', () => {
  test('begins with a table of every socket of a service, all on their lines', () => {
    expect(text(EXAMPLE).split('\n').slice(0, 4)).toEqual([
      'ss (lines 1 to 8), 7 sockets',
      'Proto  IP      Address  Port  Service  State      PID    Command  User',
      'tcp    IPv4    0.0.0.0  3000  -        LISTEN x2  40,41  node     -',
      'tcp    IPv6+4  ::       9229  -        LISTEN     40     node     -',
    ])
  })

  test('tells who reaches what, and what deserves a look, with the reason', () => {
    expect(text(EXAMPLE)).toContain('- From other machines at every address over IPv4 and IPv6: TCP 9229 (node).\n')
    expect(text(EXAMPLE)).toContain('- A debugger: TCP 9229 (node), usually the debugger of Node. Who reaches a')
  })

  test('tells connections and clients apart', () => {
    const [, after = ''] = text(EXAMPLE).split('No services: connections and clients\n')
    const kinds = after.split('\n\n')[0]?.match(/^\S.*\(1\)$/gm)
    expect(kinds).toEqual(
      [
        'Connections of clients to services here (1)',
        'Connections that are being closed, or are (2)',
        'Perhaps short-lived clients over UDP (1)',
      ].filter((one) => one.endsWith('(1)')),
    )
  })

  test.each([20, 33, 50, 80, 120])('fits a screen of %s columns', (columns) => {
    for (const one of ALL) {
      const lines = text(viewOf(one), columns).split('\n')
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns)
    }
  })

  test('loses no service on a narrow screen', () => {
    const words = text(EXAMPLE, 20).replace(/\s+/g, ' ')
    expect(words).toContain('TCP 3000 (node) tcp 0.0.0.0 IPv4, LISTEN x2, process 40,41')
    expect(words).toContain('tcp :: IPv6+4')
  })

  test('is wide where the screen is', () => {
    const long = SS.replaceAll('"node"', '"a-name-of-15-ch"').replaceAll(
      '0.0.0.0:3000',
      '0.0.0.0%enp0s31f6-lan-of-upstairs:3000',
    )
    const table = (columns: number) => text(viewOf(long), columns).split('\n').slice(1, 4).join('\n')
    expect(table(80)).toMatch(/^TCP 3000/)
    expect(table(100)).toMatch(/^Proto [^…]*$/)
    expect(text(viewOf(long), undefined)).toContain('0.0.0.0%enp0s31f6-lan-of-upstairs')
  })

  test('says the same without colour, and marks nothing by colour alone', () => {
    const painted = text(EXAMPLE, 80, true)
    expect(painted).not.toBe(text(EXAMPLE))
    expect(stripVTControlCharacters(painted)).toBe(text(EXAMPLE))
  })

  test('two listings of one paste come one after the other', () => {
    const both = text(viewOf(`${SS}\n${NMAP}`))
    expect(both).toMatch(/^Listing 1 of 2: ss \(lines 1 to 8\), 7 sockets\n[^]*\nListing 2 of 2: nmap /)
  })

  test('lines that could not be read are pointed out, with number and reason', () => {
    const view = viewOf(`${SS}tcp   LISTEN 0 128 0.0.0.0\n`)
    expect(text(view)).toMatch(/\nNot read\n- line 9 was not read: .+\n {4}tcp LISTEN 0 128 0\.0\.0\.0\n/)
    expect(text({ listings: [], unread: [{ line: 3, text: 'hello', why: 'no form' }] })).toBe(
      'No listing was recognised. Known are those of lsof, ss, netstat, fstat, sockstat\nand nmap, and the tables under /proc/net.\n\nNot read, being in no listing\n- line 3 was not read: no form\n    hello\n',
    )
  })

  test('a listing without a service says so', () => {
    expect(text(viewOf(SS.split('\n').slice(0, 1).join('\n')))).toContain('No service in this listing.')
  })

  test('of many clients the first stand for all, and the others are counted', () => {
    const many = Array.from(
      { length: 1500 },
      (_, index) => `tcp ESTAB 0 0 192.0.2.20:22 198.51.100.7:${10_000 + index}`,
    )
    const told = text(viewOf([...SS.split('\n').slice(0, 2), ...many].join('\n')))
    expect(told).toContain('Connections of programs here to others (1,500)')
    expect(told).toContain('  and 1,490 more\n')
  })
})

describe('Markdown', () => {
  test('has a heading, a table and lists', () => {
    const lines = markdown(EXAMPLE).split('\n')
    expect(lines.slice(0, 5)).toEqual([
      '## ss (lines 1 to 8), 7 sockets',
      '',
      '| Proto | IP | Address | Port | Service | State | PID | Command | User |',
      '| --- | --- | --- | ---: | --- | --- | --- | --- | --- |',
      '| tcp | IPv4 | 0.0.0.0 | 3000 | \\- | LISTEN x2 | 40,41 | node | \\- |',
    ])
    expect(lines).toContain('### Who can reach what')
  })

  test('every row of a table has as many cells as its heading, whatever programs call themselves', () => {
    const about = { ...NOTHING_KNOWN, usualNames: new Map([['3000/tcp', HOSTILE]]) }
    const told = [...portsMarkdown(portsView(readListings(SS), about))].join('')
    const tables = told.split('\n\n').filter((part) => part.startsWith('|'))
    expect(tables.length).toBeGreaterThan(1)
    for (const table of tables) {
      const counts = table
        .trim()
        .split('\n')
        .map((line) => line.replaceAll(/\\./g, '').split('|').length)
      expect(new Set(counts).size).toBe(1)
    }
    expect(told).not.toContain('\u001b')
    expect(told).not.toMatch(/(?<!\\)<i>/)
  })

  test('says all that the text says', () => {
    const bare = (one: string) => one.replaceAll(/\\(.)/g, '$1').replaceAll(/[\s|#-]+/g, ' ')
    for (const { listings } of [EXAMPLE, viewOf(NMAP)]) {
      const said = bare(markdown({ listings, unread: [] }))
      const paragraphs = text({ listings, unread: [] }, undefined).match(/^- .+(?:\n {2}\S.*)*/gm) ?? []
      expect(paragraphs.length).toBeGreaterThan(5)
      for (const one of paragraphs) expect(said).toContain(bare(one).trim())
    }
  })
})

describe('JSON', () => {
  test('has a version, and of each listing the services with their reasons', () => {
    const told = JSON.parse(portsJson(EXAMPLE))
    expect(told).toMatchObject({ format: 'socket-labs-ports', version: 1, unread: [] })
    expect(told.listings[0]).toMatchObject({ format: 'ss', lines: { from: 1, to: 8 }, rows: 7 })
    expect(told.listings[0].services[1]).toMatchObject({
      port: 9229,
      reach: { kind: 'every-address', families: ['IPv4', 'IPv6'] },
      concerns: [{ concern: 'debugger', usually: 'the debugger of Node' }],
    })
    expect(told.listings[0].services[1].concerns[0].reason).toContain('127.0.0.1')
  })

  test('of a scanned host, what its open numbers may be', () => {
    const telnet = NMAP.replace('22/tcp  open       ssh', '23/tcp  open       telnet')
    const [host] = JSON.parse(portsJson(viewOf(telnet))).listings[0].hosts
    const raised = host.ports.map(({ port, concerns }: { port: number; concerns: { concern: string }[] }) => [
      port,
      concerns.map(({ concern }) => concern),
    ])
    expect(raised).toEqual([
      [23, ['login-in-clear']],
      [25, []],
      [80, []],
    ])
    const [own] = JSON.parse(portsJson(viewOf(telnet.replace('192.0.2.20', '127.0.0.1')))).listings[0].hosts
    expect(own.ports[0].concerns).toEqual([])
  })

  test('keeps every row: those of services and those of clients', () => {
    for (const one of ALL) {
      for (const listing of JSON.parse(portsJson(viewOf(one))).listings) {
        const sockets = listing.services.flatMap((service: { sockets: { sockets: number }[] }) => service.sockets)
        const sum = sockets.reduce((total: number, { sockets: count }: { sockets: number }) => total + count, 0)
        expect(sum + listing.clients.length).toBe(listing.rows)
      }
    }
  })

  test('has the words of what is explained, and of what the listing cannot say', () => {
    const [listing] = JSON.parse(portsJson(viewOf(NMAP))).listings
    expect(listing.explained.map(({ says }: { says: string }) => says).join(' ')).toContain('No program was asked')
    const [proc] = JSON.parse(portsJson(viewOf(PROC))).listings
    expect(proc.cannotSay.map(({ what }: { what: string }) => what)).toEqual(['processes', 'udp', 'IPv6'])
  })

  test('asks for more rights only where the listing was not made with those of root', () => {
    const listing = (command: string) =>
      [
        `$ ${command}`,
        'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process',
        'tcp   LISTEN 0      128    0.0.0.0:22         0.0.0.0:*         users:(("sshd",pid=9,fd=3))',
        'tcp   LISTEN 0      64     0.0.0.0:2049       0.0.0.0:*',
      ].join('\n')
    const said = (command: string) =>
      JSON.parse(portsJson(viewOf(listing(command)))).listings[0].cannotSay[0].says as string
    expect(said('ss -ltnp')).toMatch(/more rights to see the program \(sudo ss\)\.$/)
    expect(said('sudo ss -ltnp')).toMatch(/of the kernel, or of processes in another container\.$/)
  })

  test('says that what it does not show may be on a line that was not read', () => {
    const said = (text: string) =>
      JSON.parse(portsJson(viewOf(text))).listings[0].cannotSay.map(({ says }: { says: string }) => says)
    const other = /Or it is on a line that was not read\.$/
    expect(said(PROC).filter((words: string) => other.test(words))).toEqual([])
    const cut = said(`${PROC.trimEnd()}\n   7: 0100007F:1F\n`)
    expect(cut.map((words: string) => other.test(words))).toEqual([false, true, true])
  })
})

test('names an interface that has a number only as one', () => {
  const windows =
    'Active Connections\n\n  Proto  Local Address  Foreign Address  State  PID\n  UDP    [fe80::7f1a%7]:1900  *:*    2948\n'
  expect(text(viewOf(windows))).toContain('at fe80::7f1a through interface number 7')
})

describe('what is no listing at all', () => {
  const page = viewOf(Array.from({ length: 3000 }, (_, index) => `<p>line ${index}</p>`).join('\n'))

  test('is pointed out by its first lines and counted, and JSON has all of it', () => {
    expect(text(page)).toContain('- line 20 was not read')
    expect(text(page)).not.toContain('- line 21 was not read')
    expect(text(page)).toContain('- and 2,980 lines more, all of them with --json')
    expect(markdown(page)).toContain('- and 2,980 lines more')
    expect((JSON.parse(portsJson(page)) as PortsView).unread.length).toBe(3000)
  })

  test('does not come back whole, however long its lines are', () => {
    expect(text(viewOf('x'.repeat(1_000_000))).length).toBeLessThan(1000)
  })
})

test('a port that a scan found open is looked at by its number, unless the scan was of loopback', () => {
  const scan = (address: string) =>
    `Nmap scan report for ${address}\nHost is up.\n\nPORT    STATE    SERVICE\n23/tcp  open     telnet\n6379/tcp filtered redis\n`
  expect(text(viewOf(scan('192.0.2.7')))).toContain('- Login in clear: TCP 23, usually telnet.')
  expect(text(viewOf(scan('192.0.2.7')))).not.toContain('Redis')
  expect(text(viewOf(scan('127.0.0.1')))).not.toContain('Login in clear')
})
