/** Which rows stand together as one service, and which belong to clients. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { NOTHING_KNOWN } from '../../harness/domain/about.ts'
import { servicesOf } from '../../harness/domain/services.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { readFstat } from '../../harness/listing/fstat.ts'
import { row } from '../labs/evidence.ts'

const held = (command: string, pid: number) => ({ pid, command, fd: 3 })
const at = (address: string, port: number, over: Partial<SocketRow> = {}) => row({ local: { address, port }, ...over })
const udp = (address: string, port: number, over: Partial<SocketRow> = {}) =>
  at(address, port, { protocol: 'udp', state: null, ...over })
const LINUX = { ...NOTHING_KNOWN, ephemeralRange: [32_768, 60_999] as const }

/** `tcp+udp 53 named`: protocols, number and programs of each service. */
const told = (rows: SocketRow[]) =>
  servicesOf(rows).services.map(({ protocols, port, processes }) =>
    [protocols.join('+'), port, ...new Set(processes.map(({ command }) => command))].join(' '),
  )

test('IPv4 and IPv6, TCP and UDP of one program stand together', () => {
  const rows = [udp('::', 53), at('127.0.0.1', 53), at('::', 53), udp('0.0.0.0', 53)]
  const { services } = servicesOf(rows.map((one) => ({ ...one, holders: [held('named', 7)] })))
  expect(services).toHaveLength(1)
  expect(services[0]?.sockets.map(({ protocol, address }) => `${protocol} ${address}`)).toEqual([
    'tcp 127.0.0.1',
    'tcp ::',
    'udp 0.0.0.0',
    'udp ::',
  ])
})

test('several processes on one socket, and others of the same program beside them', () => {
  const [master, worker, other] = [held('nginx', 10), held('nginx', 11), held('nginx', 12)]
  const { services } = servicesOf([
    at('0.0.0.0', 80, { holders: [worker, master] }),
    at('::', 80, { holders: [other] }),
  ])
  expect(services).toHaveLength(1)
  expect(services[0]?.processes.map(({ pid }) => pid)).toEqual([10, 11, 12])
  expect(services[0]?.sockets[0]?.pids).toEqual([10, 11])
})

test('a program that was started by another one on the same socket belongs to it', () => {
  const rows = [
    at('0.0.0.0', 22, { holders: [held('systemd', 1), held('sshd', 90)] }),
    at('::', 22, { holders: [held('sshd', 90)] }),
    udp('0.0.0.0', 22, { holders: [held('other', 5)] }),
  ]
  expect(told(rows)).toEqual(['tcp 22 systemd sshd', 'udp 22 other'])
})

test('several sockets that look alike are one line of so many', () => {
  const alike = [1, 2, 3].map((pid) => at('127.0.0.1', 8080, { holders: [held('server', pid)], inode: pid }))
  expect(servicesOf(alike).services[0]?.sockets).toMatchObject([{ sockets: 3, pids: [1, 2, 3] }])
})

test('two programs on one number are two services', () => {
  const rows = [
    udp('0.0.0.0', 5353, { holders: [held('avahi-daemon', 3)] }),
    udp('0.0.0.0', 5353, { holders: [held('chrome', 9)] }),
  ]
  expect(told(rows)).toEqual(['udp 5353 avahi-daemon', 'udp 5353 chrome'])
})

test('programs of one name and of different users are not taken for one', () => {
  const rows = ['alice', 'bob'].map((user, index) =>
    at(`127.0.0.${index + 1}`, 3000, { holders: [{ ...held('node', index + 1), user }] }),
  )
  expect(servicesOf(rows).services).toHaveLength(2)
})

test('where no program is shown, a number is one service for each protocol and owner', () => {
  const rows = [
    at('0.0.0.0', 514),
    at('::', 514),
    udp('0.0.0.0', 514),
    at('127.0.0.1', 80),
    at('127.0.0.1', 80, { uid: 33 }),
  ]
  expect(told(rows)).toEqual(['tcp 80', 'tcp 80', 'tcp 514', 'udp 514'])
})

test('users come from the row, or from what is known of the process', () => {
  const processes = new Map([
    [5, { uid: 33, user: 'www-data', isFileGone: true }],
    [6, { uid: 99, user: null, isFileGone: false }],
  ])
  const holders = [held('a', 5), held('a', 6), { ...held('a', 7), user: 'root' }]
  const userNames = new Map([[0, 'root']])
  const about = { ...NOTHING_KNOWN, processes, userNames }
  const [service] = servicesOf([at('0.0.0.0', 8080, { uid: 0, holders })], about).services
  expect(service?.processes.map(({ user }) => user)).toEqual(['www-data', '99', 'root'])
  expect(service?.sockets[0]).toMatchObject({ uid: 0, owner: 'root' })
})

test('names of numbers come from services(5), or from a short table', () => {
  const usualNames = new Map([['80/tcp', 'www']])
  const names = (about = NOTHING_KNOWN) =>
    servicesOf([at('::', 80), udp('::', 123), at('::', 123)], about).services.map(({ usualName }) => usualName)
  expect(names()).toEqual(['http', null, 'ntp'])
  expect(names({ ...NOTHING_KNOWN, usualNames })).toEqual(['www', null, 'ntp'])
})

const client = (over: Partial<SocketRow>, ...services: SocketRow[]) =>
  servicesOf([...services, row(over)], LINUX).clients.map(({ kind }) => kind)
const peer = { address: '203.0.113.9', port: 51_022 }

test('connections: of which end is the number of a service', () => {
  const web = at('0.0.0.0', 40_080)
  const local = { address: '192.0.2.1', port: 40_080 }
  expect(client({ local, peer, state: 'ESTABLISHED' }, web)).toEqual(['served'])
  expect(client({ local, peer, state: 'ESTABLISHED' })).toEqual(['calling'])
  expect(client({ local: { ...local, port: 22 }, peer, state: 'ESTABLISHED' })).toEqual(['served'])
  expect(client({ local, peer, state: 'TIME-WAIT' }, web)).toEqual(['closing'])
  expect(client({ protocol: 'udp', state: null, local, peer: { ...peer, port: 53 } })).toEqual(['calling'])
})

test('a TCP socket that has a port and does not listen is no service', () => {
  expect(client({ state: 'BOUND-INACTIVE', stateAsPrinted: '0D' })).toEqual(['not-listening'])
  expect(client({ state: 'CLOSED', stateAsPrinted: 'CLOSED' })).toEqual(['not-listening'])
  // fstat shows no states.
  expect(client({ state: null, stateAsPrinted: '' })).toEqual([])
})

test('a UDP socket without a peer is perhaps a client where its number is one that clients get', () => {
  expect(client({ protocol: 'udp', local: { address: '0.0.0.0', port: 40_000 } })).toEqual(['perhaps-client'])
  expect(client({ protocol: 'udp', local: { address: '0.0.0.0', port: 5353 } })).toEqual([])
  expect(servicesOf([udp('0.0.0.0', 40_000)]).services).toHaveLength(1)
})

test('a number that is held over TCP as well, or over both versions of IP, was chosen', () => {
  expect(servicesOf([udp('0.0.0.0', 40_000), at('0.0.0.0', 40_000)], LINUX).services).toHaveLength(2)
  expect(servicesOf([udp('0.0.0.0', 51_820), udp('::', 51_820)], LINUX).clients).toEqual([])
})

test('a client of which the program serves another port', () => {
  const rows = [udp('0.0.0.0', 53), udp('0.0.0.0', 41_000)].map((one) => ({ ...one, holders: [held('dnsmasq', 7)] }))
  expect(servicesOf(rows, LINUX).clients).toMatchObject([{ kind: 'perhaps-client', alsoServes: 53 }])
})

test('no row is lost: each is in a service or a client', () => {
  const text = readFileSync(new URL('../../labs/16-inside-view/fstat.txt', import.meta.url), 'utf8')
  const { rows } = readFstat(text)
  const { services, clients } = servicesOf(rows, LINUX)
  const sockets = services.flatMap((one) => one.sockets).reduce((sum, one) => sum + one.sockets, 0)
  expect(sockets + clients.length).toBe(rows.length)
  expect(new Set(services.flatMap(({ processes }) => processes.map(({ command }) => command))).size).toBe(15)
})

test('ten thousand programs on one number take no longer than on ten thousand numbers', () => {
  const rows = Array.from({ length: 10_000 }, (_, pid) =>
    at(`10.0.${pid >> 8}.${pid & 255}`, 80, { holders: [held(`p${pid}`, pid)] }),
  )
  const began = performance.now()
  expect(servicesOf(rows).services).toHaveLength(10_000)
  expect(performance.now() - began).toBeLessThan(5000)
})
