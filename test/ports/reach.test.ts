/** From where sockets are reached, by the addresses that they are bound to. */

import { expect, test } from 'vitest'

import type { AddressFamily } from '../../harness/domain/endpoint.ts'
import { isHostName, isLinkLocal, isMulticast, reachesOf, reachOf } from '../../harness/domain/reach.ts'

type Bound = { family: AddressFamily; address: string; device: string | null; takesIPv4: boolean | null }
const bound = (address: string, over: Partial<Bound> = {}): Bound => ({
  family: address.includes(':') ? 'IPv6' : 'IPv4',
  address,
  device: null,
  takesIPv4: null,
  ...over,
})
const kind = (...sockets: Bound[]) => reachOf(80, sockets).kind

test.each([
  ['127.0.0.1', 'this-machine'],
  ['127.0.1.1', 'this-machine'],
  ['::1', 'this-machine'],
  ['::ffff:127.0.0.1', 'this-machine'],
  ['localhost', 'this-machine'],
  ['ip6-localhost', 'this-machine'],
  ['localhost.localdomain', 'this-machine'],
  ['0.0.0.0', 'every-address'],
  ['::', 'every-address'],
  ['192.0.2.10', 'one-interface'],
  ['2001:db8::1', 'one-interface'],
  ['fe80::1', 'one-interface'],
  ['pier.example', 'one-interface'],
  ['224.0.0.251', 'group'],
  ['ff02::fb', 'group'],
  ['128.0.0.1', 'one-interface'],
])('%s is reached from: %s', (address, expected) => {
  expect(kind(bound(address))).toBe(expected)
})

test('a wildcard address that is bound to a device is reached through it alone', () => {
  expect(reachOf(80, [bound('0.0.0.0', { device: 'eth0' })])).toEqual({
    kind: 'one-interface',
    families: ['IPv4'],
    perhaps: [],
    addresses: [],
    devices: ['eth0'],
  })
  expect(kind(bound('0.0.0.0', { device: 'lo' }))).toBe('this-machine')
  expect(kind(bound('0.0.0.0', { device: 'lo0' }))).toBe('this-machine')
})

test('a socket without a port is reached by nobody', () => {
  expect(reachOf(0, [bound('::')])).toMatchObject({ kind: 'nobody', perhaps: [] })
})

test('an IPv6 wildcard address: dual-stack, IPv6 only, or not told', () => {
  const versions = (takesIPv4: boolean | null) => {
    const { families, perhaps } = reachOf(80, [bound('::', { takesIPv4 })])
    return [families, perhaps]
  }
  expect(versions(true)).toEqual([['IPv4', 'IPv6'], []])
  expect(versions(false)).toEqual([['IPv6'], []])
  expect(versions(null)).toEqual([['IPv6'], ['IPv4']])
})

test('nothing is perhaps where an IPv4 socket stands beside', () => {
  expect(reachesOf(80, [bound('0.0.0.0'), bound('::')])).toEqual([
    { kind: 'every-address', families: ['IPv4', 'IPv6'], perhaps: [], addresses: [], devices: [] },
  ])
})

test('what differs between the versions of IP stands apart', () => {
  expect(reachesOf(53, [bound('127.0.0.1'), bound('192.0.2.10'), bound('::', { takesIPv4: false })])).toEqual([
    { kind: 'every-address', families: ['IPv6'], perhaps: [], addresses: [], devices: [] },
    { kind: 'one-interface', families: ['IPv4'], perhaps: [], addresses: ['192.0.2.10'], devices: [] },
  ])
  const [widest] = reachesOf(53, [bound('192.0.2.10'), bound('::')])
  expect(widest).toMatchObject({ kind: 'every-address', families: ['IPv6'], perhaps: ['IPv4'] })
})

test('an IPv6 socket on an IPv4-mapped address takes IPv4 alone', () => {
  expect(reachOf(80, [bound('::ffff:192.0.2.1')])).toMatchObject({ kind: 'one-interface', families: ['IPv4'] })
})

test('the device that has an address is told where it is known', () => {
  const addresses = [{ address: '192.0.2.10', device: 'eth0' }]
  expect(reachOf(80, [bound('192.0.2.10')], addresses).devices).toEqual(['eth0'])
  expect(reachOf(80, [bound('fe80::1', { device: 'eth1' })], addresses).devices).toEqual(['eth1'])
})

test('kinds of addresses', () => {
  expect(['224.0.0.1', '239.1.2.3', 'ff02::1', '::ffff:224.0.0.1'].every(isMulticast)).toBe(true)
  expect(['223.0.0.1', '240.0.0.1', 'fe80::1', '22.4.0.1'].some(isMulticast)).toBe(false)
  expect(['169.254.1.1', 'fe80::1', 'feb0::1'].every(isLinkLocal)).toBe(true)
  expect(['fec0::1', '169.253.1.1'].some(isLinkLocal)).toBe(false)
  expect(isHostName('pier')).toBe(true)
  expect(isHostName('10.0.0.1')).toBe(false)
})
