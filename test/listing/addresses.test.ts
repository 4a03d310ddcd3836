/** The spelling of addresses and ports, on which every comparison of listings rests. */

import { SocketAddress } from 'node:net'
import { describe, expect, it } from 'vitest'
import { readAddress, splitEndpoint } from '../../harness/listing/address.ts'
import { formatIPv6, parseIPv6 } from '../../harness/listing/ipv6.ts'
import { readPort, readServiceNames } from '../../harness/listing/service-names.ts'
import { readTcpState, tcpStateOfNumber } from '../../harness/listing/tcp-states.ts'

/** A small generator of repeatable numbers: the same addresses in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state * 1103515245 + 12345) % 2 ** 31
    yield state >> 8
  }
}

describe('IPv6 addresses', () => {
  it.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['::ffff:7f00:1', '::ffff:127.0.0.1'],
    ['::FFFF:127.0.0.1', '::ffff:127.0.0.1'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ])('%s is written %s', (text, expected) => {
    expect(formatIPv6(parseIPv6(text) ?? [])).toBe(expected)
  })

  it('survive being written and read again, and are written as the C library writes them', () => {
    const source = numbers(7)
    for (let round = 0; round < 2000; round += 1) {
      const groups = Array.from({ length: 8 }, () =>
        source.next().value % 2 === 0 ? 0 : source.next().value % 0x10000,
      )
      if (groups.slice(0, 5).every((group) => group === 0)) groups[0] = 0xfe80 // mapped and IPv4-compatible: see above
      const text = formatIPv6(groups)
      expect(parseIPv6(text)).toEqual(groups)
      expect(text).toBe(
        new SocketAddress({ address: groups.map((g) => g.toString(16)).join(':'), family: 'ipv6' }).address,
      )
    }
  })

  it.each(['2001:db8:1234:5678:', '1.2.3.4', 'localhost', '::1%lo', ''])('%j is none', (text) => {
    expect(parseIPv6(text)).toBeNull()
  })
})

describe('the addresses of a listing', () => {
  it('have a star for the wildcard address of the family', () => {
    expect([readAddress('*', 'IPv4'), readAddress('*', 'IPv6')]).toEqual(['0.0.0.0', '::'])
  })

  it('are IPv4-mapped where an IPv6 socket is printed with an IPv4 address', () => {
    expect(readAddress('127.0.0.1', 'IPv6')).toBe('::ffff:127.0.0.1')
  })

  it('are not taken from another family, nor from a host name', () => {
    expect([readAddress('::1', 'IPv4'), readAddress('localhost', 'IPv4'), readAddress('1.2.3', 'IPv4')]).toEqual([
      null,
      null,
      null,
    ])
  })

  it.each([
    ['[::1]:80', { address: '::1', device: null, port: '80' }],
    [':::80', { address: '::', device: null, port: '80' }],
    ['0.0.0.0%eth0:37000', { address: '0.0.0.0', device: 'eth0', port: '37000' }],
    ['[fe80::1]%eth0.5:80', { address: 'fe80::1', device: 'eth0.5', port: '80' }],
    ['[fe80::1%eth0]:80', { address: 'fe80::1', device: 'eth0', port: '80' }],
    ['*%lo:*', { address: '*', device: 'lo', port: '*' }],
    ['127.0.0.1', null],
  ])('%s is taken apart', (text, expected) => {
    expect(splitEndpoint(text)).toEqual(expected)
  })
})

describe('ports', () => {
  const services = readServiceNames(
    '# x\nhttp\t80/tcp www # web\nhttp 81/tcp\ndomain 53/udp\nhttp-alt 8080/tcp webcache\nbroken\n',
  )

  it('are found by name and alias, for their protocol only, and the first line wins', () => {
    expect(readPort('http', 'tcp', services)).toBe(80)
    expect(readPort('webcache', 'tcp', services)).toBe(8080)
    expect(readPort('domain', 'tcp', services)).toBeNull()
  })

  it('are 0 for a star, and none outside 16 bits', () => {
    expect([readPort('*', 'tcp', services), readPort('65535', 'tcp'), readPort('65536', 'tcp')]).toEqual([
      0,
      65_535,
      null,
    ])
  })
})

describe('TCP states', () => {
  it.each([
    ['ESTAB', 'ESTABLISHED'],
    ['SYN_RECV', 'SYN-RECEIVED'],
    ['SYN_RCVD', 'SYN-RECEIVED'],
    ['FIN_WAIT1', 'FIN-WAIT-1'],
    ['FIN_WAIT_2', 'FIN-WAIT-2'],
    ['TIME-WAIT', 'TIME-WAIT'],
    ['CLOSE', 'CLOSED'],
    ['LISTENING', null],
    ['toString', null],
  ])('%s is %s', (printed, expected) => {
    expect(readTcpState(printed)).toBe(expected)
  })

  it('have the numbers of the Linux kernel', () => {
    expect([1, 6, 10, 13, 14, 0].map(tcpStateOfNumber)).toEqual([
      'ESTABLISHED',
      'TIME-WAIT',
      'LISTEN',
      'BOUND-INACTIVE',
      null,
      null,
    ])
  })
})
