/** What each theory says of the documents' programs, one after the other: in `cafe` each falls by the next one. */

import { describe, expect, test } from 'vitest'

import type { Asked } from '../../harness/domain/program-event.ts'
import type { TheoryName } from '../../harness/domain/theory.ts'
import { THEORY_NAMES } from '../../harness/domain/theory.ts'
import { askAll, THEORIES } from '../../harness/theories/theories.ts'
import type { Setting, World } from '../../harness/theories/world.ts'
import { bind, connect, emptyWorld, listen, UNKNOWN_SETTING } from '../../harness/theories/world.ts'

const LINUX: Setting = {
  os: 'linux',
  bindV6Only: false,
  nonlocalBind: false,
  localAddresses: ['127.0.0.1', '192.0.2.9', '::1'],
  broadcastAddresses: ['127.255.255.255', '192.0.2.255'],
  firstOpenPort: 1024,
}

const NONE = { port: 8080, ipv6Only: false, reusePort: false, reuseAddr: false }
const tcp = (address: string, over: Partial<Asked> = {}): Asked => ({
  protocol: 'tcp',
  address,
  listens: true,
  ...NONE,
  ...over,
})
const udp = (address: string, over: Partial<Asked> = {}): Asked => ({
  protocol: 'udp',
  address,
  listens: false,
  ...NONE,
  ...over,
})

const SERVERS = {
  server1: tcp('127.0.0.1'),
  server2: udp('127.0.0.1'),
  server3: tcp('127.0.0.1', { reusePort: true }),
  server4: tcp('127.0.0.2'),
  server5: tcp('127.0.0.3'),
  server6: tcp('0.0.0.0'),
  server7: tcp('::'),
  server8: tcp('::', { ipv6Only: true }),
}

/** Each program a process of its own, numbered from 1; the socket of process 1 has id 1, and so on. */
function worldOf(programs: readonly Asked[], setting = LINUX): World {
  return programs.reduce((world, asked, index) => bind(world, wish(asked, index + 1), asked), emptyWorld(setting))
}

const wish = (asked: Asked, process: number, user = 'own') => ({ process, user, asked })

function saysOfBind(there: readonly Asked[], asked: Asked, user?: string) {
  return askAll((theory) => theory.mayBind(worldOf(there), wish(asked, 99, user)))
}

const ownEndFor = (address: string) => (address.includes(':') ? '::1' : '127.0.0.1')

function saysOfArrival(world: World, protocol: 'tcp' | 'udp', address: string, from = ownEndFor(address)) {
  const arrival = { protocol, to: { address, port: 8080 }, from: { address: from, port: 50_000 } }
  return askAll((theory) => theory.whoGets(world, arrival)?.map(({ id }) => id) ?? null)
}

/** Which theories say otherwise than what is measured on Linux. */
function wrong<T>(says: Record<TheoryName, T>, measured: T): TheoryName[] {
  return THEORY_NAMES.filter((name) => JSON.stringify(says[name]) !== JSON.stringify(measured))
}

const { server1, server2, server3, server4, server5, server6, server7, server8 } = SERVERS

describe('a second program', () => {
  test.each<[string, Asked, Asked, 'ok' | 'EADDRINUSE', TheoryName[]]>([
    ['server2 beside server1', server1, server2, 'ok', ['M1']],
    ['server1 beside server1', server1, server1, 'EADDRINUSE', []],
    ['server3 beside server3', server3, server3, 'ok', ['M1', 'M2']],
    ['server3 beside server1', server1, server3, 'EADDRINUSE', []],
    ['server5 beside server4', server4, server5, 'ok', ['M1', 'M2', 'M3']],
    ['server4 beside server6', server6, server4, 'EADDRINUSE', ['M4']],
    ['server6 beside server4', server4, server6, 'EADDRINUSE', ['M4']],
    ['server7 beside server6', server6, server7, 'EADDRINUSE', ['M4']],
    ['server6 beside server7', server7, server6, 'EADDRINUSE', ['M4']],
    ['server8 beside server6', server6, server8, 'ok', ['M1', 'M2', 'M3', 'M5']],
    ['server6 beside server8', server8, server6, 'ok', ['M1', 'M2', 'M3', 'M5']],
  ])('%s', (_name, there, asked, measured, expected) => {
    expect(wrong(saysOfBind([there], asked), measured)).toEqual(expected)
  })

  test('of another user may not join under SO_REUSEPORT, as M8 alone knows', () => {
    const says = saysOfBind([server3], server3, 'another')
    expect(wrong(says, 'EADDRINUSE')).toEqual(['M3', 'M4', 'M5', 'M6', 'M7'])
  })

  test('may be bound where another is merely bound, as M8 alone knows', () => {
    const bound = { ...server1, listens: false }
    expect(wrong(saysOfBind([bound], bound), 'ok')).toEqual(['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7'])
  })

  test('on an address that is not local gets EADDRNOTAVAIL from M8; the others have no idea of that', () => {
    expect(saysOfBind([], tcp('192.0.2.1'))).toMatchObject({ M7: 'ok', M8: 'EADDRNOTAVAIL' })
  })

  test.each<[string, string, string]>([
    ['224.0.0.1', 'ok', 'ok'],
    ['255.255.255.255', 'ok', 'ok'],
    ['192.0.2.255', 'ok', 'ok'],
    ['::ffff:239.1.2.3', 'ok', 'ok'],
    ['192.0.2.9', 'ok', 'ok'],
    ['240.0.0.1', 'EADDRNOTAVAIL', 'EADDRNOTAVAIL'],
    ['ff05::1', 'EINVAL', 'ok'],
    ['ff02::1', 'EINVAL', 'EINVAL'],
    ['fe80::1', 'EINVAL', 'EINVAL'],
    ['2001:db8::1', 'EADDRNOTAVAIL', 'EADDRNOTAVAIL'],
  ])('on %s gets %s over TCP and %s over UDP, says M8', (address, overTcp, overUdp) => {
    expect([saysOfBind([], tcp(address)).M8, saysOfBind([], udp(address)).M8]).toEqual([overTcp, overUdp])
  })

  test('on a loopback address that the machine does not have gets EADDRNOTAVAIL, says M8', () => {
    const bare = worldOf([], { ...LINUX, localAddresses: [] })
    const says = ['127.0.0.1', '::1', '0.0.0.0'].map((one) => THEORIES.M8.mayBind(bare, wish(tcp(one), 1)))
    expect(says).toEqual(['EADDRNOTAVAIL', 'EADDRNOTAVAIL', 'ok'])
  })

  test('on port 0 is never refused', () => {
    expect(wrong(saysOfBind([server6], tcp('0.0.0.0', { port: 0 })), 'ok')).toEqual([])
  })
})

describe('a client', () => {
  test.each<[string, Asked[], 'tcp' | 'udp', string, number[], TheoryName[]]>([
    ['over TCP where only server2 is', [server2], 'tcp', '127.0.0.1', [], ['M1']],
    ['of either server3 reaches one of both', [server3, server3], 'tcp', '127.0.0.1', [1, 2], []],
    ['of 127.0.0.3 beside server4', [server4, server5], 'tcp', '127.0.0.3', [2], ['M1', 'M2', 'M3']],
    ['of 127.0.0.2 where server6 is', [server6], 'tcp', '127.0.0.2', [1], ['M4']],
    ['of ::1 where server6 is', [server6], 'tcp', '::1', [], ['M1', 'M2', 'M3', 'M5']],
    ['of ::1 where server7 is', [server7], 'tcp', '::1', [1], ['M4']],
    ['of 127.0.0.1 where server7 is', [server7], 'tcp', '127.0.0.1', [1], ['M4']],
    ['of 127.0.0.1 where server8 is', [server8], 'tcp', '127.0.0.1', [], ['M1', 'M2', 'M3', 'M5']],
  ])('%s', (_name, there, protocol, address, measured, expected) => {
    expect(wrong(saysOfArrival(worldOf(there), protocol, address), measured)).toEqual(expected)
  })

  test.each([
    ['0.0.0.0', '127.0.0.2', '127.0.0.2'],
    ['0.0.0.0', '0.0.0.0', '127.0.0.1'],
    ['::ffff:0.0.0.0', '::ffff:127.0.0.2', '127.0.0.2'],
    ['::', '::1', '::1'],
    ['::', '::ffff:127.0.0.2', '127.0.0.1'],
  ])('of %s from %s means %s, as M8 alone knows', (to, from, address) => {
    const all = worldOf(['127.0.0.1', '127.0.0.2', '::1'].map((one) => tcp(one)))
    const meant = all.sockets.find(({ local }) => local.address === address)
    expect(saysOfArrival(all, 'tcp', to, from)).toMatchObject({ M7: to.startsWith('::f') ? [] : null, M8: [meant?.id] })
  })

  test('of the other IP version than its own end is beyond M8', () => {
    expect(saysOfArrival(worldOf([tcp('::1')]), 'tcp', '::1', '::ffff:127.0.0.1').M8).toBeNull()
  })

  test('of a bound socket is refused until it listens', () => {
    const bound = worldOf([{ ...server1, listens: false }])
    expect(saysOfArrival(bound, 'tcp', '127.0.0.1')).toMatchObject({ M7: [1], M8: [] })
    expect(saysOfArrival(listen(bound, 1), 'tcp', '127.0.0.1')).toMatchObject({ M7: [1], M8: [1] })
  })
})

describe('a datagram', () => {
  const shared = udp('127.0.0.1', { reuseAddr: true })

  test('goes to the connected socket first, as tuple says and M7 knows', () => {
    const peer = { address: '127.0.0.1', port: 50_000 }
    const world = connect(worldOf([shared, shared]), 1, { address: '127.0.0.1', port: 8080 }, peer)
    expect(saysOfArrival(world, 'udp', '127.0.0.1')).toMatchObject({ M6: [1, 2], M7: [1], M8: [1] })
    expect(saysOfArrival(world, 'udp', '127.0.0.1', '127.0.0.9')).toMatchObject({ M6: [1, 2], M7: [2], M8: [2] })
  })

  test('goes to the last one bound under SO_REUSEADDR', () => {
    expect(saysOfArrival(worldOf([shared, shared, shared]), 'udp', '127.0.0.1').M8).toEqual([3])
  })

  test('goes to the most specific address', () => {
    const world = worldOf([shared, udp('0.0.0.0', { reuseAddr: true })])
    expect(saysOfArrival(world, 'udp', '127.0.0.1')).toMatchObject({ M7: [1, 2], M8: [1] })
    expect(saysOfArrival(world, 'udp', '127.0.0.2')).toMatchObject({ M7: [2], M8: [2] })
  })

  test('is for an IPv6 socket on an IPv4-mapped address, as M8 alone knows', () => {
    const world = worldOf([udp('::ffff:127.0.0.1')])
    expect(saysOfArrival(world, 'udp', '127.0.0.1')).toMatchObject({ M6: [], M8: [1] })
  })
})

describe('M8 has no opinion', () => {
  const unknown = { os: 'linux', ...UNKNOWN_SETTING }
  const says = (there: Asked[], asked: Asked, setting: Setting) =>
    askAll((theory) => theory.mayBind(worldOf(there, setting), wish(asked, 99))).M8

  test('where its answer hangs on a setting that is not known', () => {
    expect(says([], tcp('192.0.2.1'), unknown)).toBeNull()
    expect(says([], tcp('127.0.0.1', { port: 80 }), unknown)).toBeNull()
    expect(says([udp('::')], udp('0.0.0.0'), unknown)).toBeNull()
    expect(says([udp('::')], udp('::1'), unknown)).toBe('EADDRINUSE')
  })

  test('on other systems, but where a source speaks', () => {
    const on = (os: string) => ({ ...unknown, os })
    expect(says([server6], server1, on('darwin'))).toBe('ok')
    expect(says([server1], server1, on('darwin'))).toBe('EADDRINUSE')
    expect(says([server3], server3, on('win32'))).toBe('ENOTSUP')
    expect(says([server6], server1, on('freebsd'))).toBeNull()
    expect(says([server2], server1, on('darwin'))).toBeNull()
  })
})
