/** The netstat of the BSDs and macOS, read from text. */

import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'

import { readBsdNetstat } from '../../harness/listing/bsd-netstat.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { readServiceNames } from '../../harness/listing/service-names.ts'
import { readOne } from './brief.ts'

const FREEBSD = readFileSync(new URL('../fixtures/listings/netstat-freebsd.txt', import.meta.url), 'utf8')

test('address.port, a star for every interface, and the states of TCP', () => {
  const { rows, unread } = readBsdNetstat(FREEBSD, readServiceNames('smtp 25/tcp\nssh 22/tcp\n'))
  expect(rows.slice(0, 7)).toMatchObject([
    {
      protocol: 'tcp',
      family: 'IPv4',
      local: { address: '192.0.2.10', port: 22 },
      peer: { address: '203.0.113.9', port: 51_022 },
      state: 'ESTABLISHED',
      sendQueue: 48,
    },
    {
      family: 'IPv6',
      local: { address: '::', port: 80 },
      peer: null,
      state: 'LISTEN',
      takesIPv4: true,
      sendQueue: null,
    },
    { family: 'IPv4', local: { address: '127.0.0.1', port: 25 }, state: 'LISTEN' },
    { family: 'IPv6', local: { address: 'fe80::1', port: 25 }, device: 'lo0' },
    {
      local: { port: 40_022 },
      peer: { port: 443 },
      state: 'CLOSE-WAIT',
      stateAsPrinted: 'CLOSE_WAIT',
      receiveQueue: 3,
    },
    { protocol: 'udp', family: 'IPv6', local: { address: '::', port: 514 }, takesIPv4: null, state: null },
    { protocol: 'udp', local: { address: '0.0.0.0', port: 0 }, peer: null },
  ])
  expect(rows[7]).toMatchObject({ local: { address: 'gateway', port: 22 }, state: 'LISTEN' })
  expect(rows).toHaveLength(8)
  expect(unread).toEqual([])
})

test('with -A the structure stands in front', () => {
  const { rows } = readBsdNetstat('c2c411b8 tcp        0      0 *.22                  *.*                   LISTEN\n')
  expect(rows).toMatchObject([{ local: { address: '0.0.0.0', port: 22 }, state: 'LISTEN' }])
})

test('a TCP row without a state that one knows is unread', () => {
  const line = 'tcp        0      0  *.22                   *.*                    WAITING'
  expect(readBsdNetstat(line).unread).toEqual([line])
})

describe('a listing that somebody pasted', () => {
  it('of FreeBSD: other protocols and UNIX sockets are counted', () => {
    const { format, rows, left, unread } = readOne(FREEBSD)
    expect([format, rows.length, left, unread]).toEqual([
      'netstat-bsd',
      8,
      { 'other-sockets': 1, 'unix-sockets': 1 },
      [],
    ])
  })

  it('of macOS today: the process stands between the numbers, and its name may have blanks', () => {
    const { rows, left, unread, full } = readOne(`
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)          rxbytes      txbytes  rhiwat  shiwat          process:pid    state  options           gencnt    flags   flags1 usecnt rtncnt fltrs
tcp4       0      0  127.0.0.1.4242         *.*                    LISTEN                 0            0  131072  131072             node:2415   00100 00000006 000000000bf559ba 00000000 00000800      1      0 000000
tcp46      0      0  *.3000                 *.*                    LISTEN                 0            0  131072  131072  Google Chrome: H:77   00100 00000006 000000000bf559ba 00000000 00000800      1      0 000000
udp4       0      0  *.5353                 *.*                                           0            0  786896    9216    mDNSResponder:335   00100 00000000 0000000000000a6f 00000000 00000000      1      0 000000
udp46      0      0  *.*                    *.*                                           0            0  786896    9216             kernel:0    00100 00000000 0000000000000a6f 00000000 00000000      1      0 000000
Active LOCAL (UNIX) domain sockets
Address          Type   Recv-Q Send-Q            Inode             Conn             Refs          Nextref Addr
d5b9e3d1b5ef1f11 stream      0      0                0 d5b9e3d1b5ef2011                0                0
Registered kernel control modules
id       flags    pcbcount rcvbuf   sndbuf   name
       1        9        0   131072   131072 com.apple.flow-divert
Active kernel event sockets
Proto Recv-Q Send-Q vendor  class subcl
kevt       0      0      1      1      0
`)
    expect(rows).toEqual([
      'tcp 127.0.0.1:4242 LISTEN 2415/node',
      'tcp [::]:3000 LISTEN 77/Google Chrome: H',
      'udp 0.0.0.0:5353 335/mDNSResponder',
      'udp [::]:0',
    ])
    expect(full[1]?.takesIPv4).toBe(true)
    expect([left, unread]).toEqual([{ 'unix-sockets': 1, 'other-sockets': 2 }, []])
  })

  it('of macOS some years ago: the number alone', () => {
    const { rows } = readOne(`
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)     rhiwat shiwat    pid   epid
tcp4       0      0  192.0.2.3.50022        192.0.2.9.22           ESTABLISHED 131072 131768    812      0
udp4       0      0  *.5353                 *.*                                196724   9216     77      0
`)
    expect(rows).toEqual(['tcp 192.0.2.3:50022 > 192.0.2.9:22 ESTABLISHED 812/', 'udp 0.0.0.0:5353 77/'])
  })

  it('of NetBSD: a title for each version of IP, and the structure in front', () => {
    const IPV4 = `Active Internet connections (including servers)
PCB              Proto Recv-Q Send-Q  Local Address          Foreign Address        State
ffffa1234567890b tcp        0      0  *.22                   *.*                    LISTEN
ffffa1234567890b udp        0      0  192.0.2.10.ntp         *.*
`
    const IPV6 = `Active Internet6 connections (including servers)
PCB              Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
ffffa1234567890c tcp6       0      0  *.22                   *.*                    LISTEN
`
    expect(readOne(IPV4 + IPV6)).toMatchObject({
      rows: ['tcp 0.0.0.0:22 LISTEN', 'udp 192.0.2.10:123', 'tcp [::]:22 LISTEN'],
      blind: ['processes', 'dual-stack'],
      unread: [],
    })
    expect(readOne(IPV4).blind).toContain('IPv6')
  })

  it('of OpenBSD, whose structures begin with 0x', () => {
    const text = `PCB                Proto   Recv-Q Send-Q  Local Address          Foreign Address        TCP-State
0xfffffd8012345678 tcp          0      0  127.0.0.1.25           *.*                    LISTEN`
    expect(readOne(text).rows).toEqual(['tcp 127.0.0.1:25 LISTEN'])
  })

  it('of the queues of listeners', () => {
    const { rows, left, full } = readOne(`Current listen queue sizes (qlen/incqlen/maxqlen)
Proto Listen                           Local Address
tcp46 3/0/511                          *.80
unix  0/0/5                            /var/run/devd.pipe`)
    expect([rows, left]).toEqual([['tcp [::]:80 LISTEN'], { 'unix-sockets': 1 }])
    expect(full[0]).toMatchObject({ receiveQueue: 3, sendQueue: 511, takesIPv4: true })
  })

  it('marks what may be cut off after sixteen characters, unless another host is longer', () => {
    const cut = 'tcp6       0      0  fe80::aede:48ff:.5353  2001:db8::7.443        ESTABLISHED'
    const long = 'tcp6       0      0  fe80::aede:48ff:fe00:1122.5353  2001:db8::7.443        ESTABLISHED'
    expect(readOne(cut).rows).toEqual(['tcp [fe80::aede:48ff:…]:5353 > [2001:db8::7]:443 ESTABLISHED'])
    expect(readOne(`${long}\n${cut}`)).toMatchObject({
      rows: ['tcp [fe80::aede:48ff:fe00:1122]:5353 > [2001:db8::7]:443 ESTABLISHED'],
      unread: ['2: "fe80::aede:48ff:" is no address of IPv6'],
    })
  })

  it.each([
    ['tcp4       0      0  *.22', 'it is no row of TCP or UDP, or it was cut short'],
    ['tcp4       0      0  *.22  *.*', 'it shows no state: it was cut short'],
    ['tcp4       0      0  *.22  *.*  DOZING', 'DOZING is no state of TCP'],
    ['tcp6       0      0  2001:db8:1:2:3  *.*  LISTEN', 'it has no port: it was cut short'],
  ])('says why it cannot read %j', (line, why) => {
    const heading = 'Active Internet connections (including servers)'
    expect(readOne(`${heading}\n${line}`).unread).toEqual([`2: ${why}`])
  })
})

describe('in time that grows with the text', () => {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index))

  it.each([
    ['titles of sockets', ['Active Internet connections', ...lines(80_000, (index) => `Active a${index} sockets`)]],
    ['sizes of queues', lines(80_000, (index) => `Current listen queue sizes (${index})`)],
    ['a heading', [`Proto Recv-Q Send-Q  Local Address${' (state) x'.repeat(80_000)}\u2028y`]],
  ])('reads many %s', (_, text) => {
    const begun = performance.now()
    readListings(text.join('\n'))
    expect(performance.now() - begun).toBeLessThan(3000)
  })
})

test.each(['ESTAB', 'CLOSE', 'LIST'])('the word %s is what a cut has left of a state', (state) => {
  const { rows, unread } = readBsdNetstat(`tcp4 0 0 192.0.2.1.22 192.0.2.2.5000 ${state}\n`)
  expect([rows.length, unread.length]).toEqual([0, 1])
})
