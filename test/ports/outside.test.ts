import { describe, expect, test } from 'vitest'

import type { ScanOfAddress } from '../../harness/domain/ports-outside.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { findingsOf, shortLived, silentPorts } from '../../harness/ports/outside-findings.ts'
import { findTargets, readAskedPorts } from '../../harness/ports/scan-targets.ts'
import { findingInWords, silentInWords } from '../../harness/words/ports-changes-outside.en.ts'
import { row } from './rows.ts'

const PORTS = [{ from: 1, to: 65_535 }]

/** `tcp 127.0.0.1 80 !443`: open 80, silent 443. */
function scanned(text: string): ScanOfAddress {
  const [protocol, address = '', ...ports] = text.split(' ')
  const numbers = (isSilent: boolean) =>
    ports.filter((port) => port.startsWith('!') === isSilent).map((port) => Number(port.replace('!', '')))
  const [open, silent] = [numbers(false), numbers(true)]
  const closed = 65_535 - open.length - silent.length
  return { protocol: protocol === 'udp' ? 'udp' : 'tcp', address, open, closed, silent, problem: null }
}

const DEVICES = new Map([
  ['192.0.2.1', 'eth0'],
  ['192.0.2.65', 'eth1'],
])

function sightOf(sockets: readonly (string | SocketRow)[], after: readonly (string | SocketRow)[] = sockets) {
  const rows = (all: readonly (string | SocketRow)[]) => all.map((one) => (typeof one === 'string' ? row(one) : one))
  return { before: rows(sockets), after: rows(after), isHidden: false, gone: new Set<string>(), devices: DEVICES }
}

const told = (scans: readonly string[], ...args: Parameters<typeof sightOf>) =>
  findingsOf(scans.map(scanned), PORTS, sightOf(...args)).map((one) => {
    const why = 'why' in one ? ` ${one.why}` : ''
    return `${one.protocol} ${one.port} ${one.kind}${why} ${one.at.join()}`
  })

describe('the view from outside beside the list of sockets', () => {
  test('what answers is listed', () => {
    expect(told(['tcp 127.0.0.1 80', 'tcp ::1 80'], ['tcp ::+4 80 httpd/5'])).toEqual([
      'tcp 80 open-and-listed 127.0.0.1,::1',
    ])
  })

  test('of a wildcard socket and one of a single address, the latter has what is sent there', () => {
    const sockets = ['tcp 0.0.0.0 53 named/5', 'tcp 127.0.0.1 53 dnsmasq/6']
    const [first, second] = findingsOf(['tcp 127.0.0.1 53', 'tcp 192.0.2.1 53'].map(scanned), PORTS, sightOf(sockets))
    expect([first, second].map((one) => one && findingInWords(one))).toEqual([
      'TCP 53 (dnsmasq) at 127.0.0.1',
      'TCP 53 (named) at 192.0.2.1',
    ])
  })

  test.each([
    ['bound to another address', 'tcp 127.0.0.1', 'tcp 127.0.1.1 53 dnsmasq/5', 'other-address'],
    ['IPv6 only', 'udp 127.0.0.1', 'udp :: 38367 avahi/5', 'other-family'],
    ['IPv4 only', 'tcp ::1', 'tcp 0.0.0.0 80 httpd/5', 'other-family'],
    ['bound to a device', 'udp 127.0.0.1', 'udp 0.0.0.0%eth0 37000 dnsmasq/5', 'device'],
    ['a multicast group', 'udp 127.0.0.1', 'udp 224.0.0.251 5353 avahi/5', 'group'],
    ['no answer over UDP', 'udp 127.0.0.1 !68', 'udp 0.0.0.0 68 dhclient/5', 'silent-udp'],
    ['a filter drops it', 'tcp 127.0.0.1 !80', 'tcp 0.0.0.0 80 httpd/5', 'filtered'],
    ['a filter refuses it', 'tcp 127.0.0.1', 'tcp 0.0.0.0 80 httpd/5', 'refused'],
  ])('a listed socket that is not reached: %s', (_, scan, socket, why) => {
    const [protocol = '', , port = ''] = socket.split(' ')
    const [, address = ''] = scan.split(' ')
    expect(told([scan], [socket])).toEqual([`${protocol} ${port} listed-not-reached ${why} ${address}`])
  })

  test('an IPv6 wildcard of which the list does not say: the scan does', () => {
    const untold = [row('tcp :: 80 httpd/5', { takesIPv4: null })]
    expect(told(['tcp 127.0.0.1 80'], untold)).toEqual(['tcp 80 open-and-listed 127.0.0.1'])
    expect(told(['tcp 127.0.0.1'], untold)).toEqual(['tcp 80 listed-not-reached other-family 127.0.0.1'])
  })

  test('a socket on a device takes what is sent to the addresses of that device, from this machine too', () => {
    const scans = ['tcp 127.0.0.1', 'tcp 192.0.2.1 80', 'tcp 192.0.2.65']
    expect(told(scans, ['tcp 0.0.0.0%eth0 80 httpd/5'])).toEqual([
      'tcp 80 listed-not-reached device 127.0.0.1,192.0.2.65',
      'tcp 80 open-and-listed 192.0.2.1',
    ])
    expect(told(['tcp 127.0.0.1 80', 'tcp 192.0.2.1'], ['tcp 0.0.0.0%lo 80 httpd/5'])).toEqual([
      'tcp 80 open-and-listed 127.0.0.1',
      'tcp 80 listed-not-reached device 192.0.2.1',
    ])
  })

  test('of a program with a socket for each version of IP the one is told that fits the address', () => {
    const both = ['tcp 0.0.0.0%eth0 80 httpd/5', 'tcp ::%eth0 80 httpd/5']
    const scans = ['tcp 127.0.0.1', 'tcp ::1'].map(scanned)
    const found = findingsOf(scans, PORTS, sightOf(both))
    expect(found.map(({ bound, at }) => [bound[0]?.address, ...at])).toEqual([
      ['0.0.0.0', '127.0.0.1'],
      ['::', '::1'],
    ])
  })

  test('an address of which the device is not known: the scan says it', () => {
    const sockets = ['tcp 0.0.0.0%eth0 80 httpd/5']
    expect(told(['tcp 203.0.113.9 80'], sockets)).toEqual(['tcp 80 open-and-listed 203.0.113.9'])
    expect(told(['tcp 203.0.113.9'], sockets)).toEqual(['tcp 80 listed-not-reached device 203.0.113.9'])
  })

  test('several sockets that share an address and port are told once', () => {
    const shared = [row('tcp 0.0.0.0 80 a/5', { inode: 1 }), row('tcp 0.0.0.0 80 a/5', { inode: 2 })]
    expect(told(['tcp ::1'], shared)).toEqual(['tcp 80 listed-not-reached other-family ::1'])
  })

  test('a backlog that is full', () => {
    const full = [row('tcp 0.0.0.0 80 httpd/5', { receiveQueue: 6, sendQueue: 5 })]
    expect(told(['tcp 127.0.0.1 !80'], full)).toEqual(['tcp 80 listed-not-reached backlog-full 127.0.0.1'])
  })

  test('a socket on its own address is missed nowhere else, where that address was asked as well', () => {
    const sockets = ['tcp 127.0.1.1 53 dnsmasq/5']
    expect(told(['tcp 127.0.0.1', 'tcp 127.0.1.1 53'], sockets)).toEqual(['tcp 53 open-and-listed 127.0.1.1'])
  })

  test('the IPv6 half of a service is not missed where its IPv4 half answers', () => {
    expect(told(['tcp 127.0.0.1 22', 'tcp ::1 22'], ['tcp 0.0.0.0 22 sshd/5', 'tcp :: 22 sshd/5'])).toEqual([
      'tcp 22 open-and-listed 127.0.0.1,::1',
    ])
  })

  test('a UDP server with the wildcard address that answers from another one', () => {
    expect(told(['udp 127.0.0.1 123', 'udp 127.0.1.1 !123'], ['udp 0.0.0.0 123 ntpd/5'])).toEqual([
      'udp 123 open-and-listed 127.0.0.1',
      'udp 123 listed-not-reached other-source 127.0.1.1',
    ])
  })

  test('open, and no socket is listed', () => {
    const scans = [scanned('tcp 127.0.0.1 2049')]
    const whys = (more: object) => {
      const [one] = findingsOf(scans, PORTS, { ...sightOf([]), ...more })
      return one?.kind === 'open-not-listed' && one.why
    }
    expect(whys({})).toBe('not-in-the-tables')
    expect(whys({ isHidden: true })).toBe('hidden')
    expect(whys({ gone: new Set(['tcp 127.0.0.1 2049']) })).toBe('ended-meanwhile')
  })

  test('a socket that was there in one of the looks only', () => {
    expect(told(['tcp 127.0.0.1'], [], ['tcp 0.0.0.0 80 httpd/5'])).toEqual([
      'tcp 80 listed-not-reached ended-meanwhile 127.0.0.1',
    ])
    const both = shortLived(PORTS, sightOf(['tcp 0.0.0.0 80 a/5'], ['tcp 0.0.0.0 81 b/6']))
    expect(both.map(({ socket, seen }) => `${socket.local.port} ${seen}`)).toEqual(['80 before', '81 after'])
  })

  test('no answer where nothing is listed, told as ranges', () => {
    const scan = scanned('tcp 127.0.0.1 !80 !443 !444 !445')
    const [silent] = silentPorts([scan], sightOf(['tcp 0.0.0.0 80 httpd/5']))
    expect(silent && silentInWords(silent)).toContain('TCP 127.0.0.1: 3 ports (443 to 445).')
  })

  test('what was not asked is not missed', () => {
    const sockets = sightOf(['tcp 0.0.0.0 8080 httpd/5'])
    expect(findingsOf([scanned('tcp 127.0.0.1')], [{ from: 1, to: 1024 }], sockets)).toEqual([])
    const problem = { ...scanned('tcp 127.0.0.1'), problem: 'port 80 answered EHOSTUNREACH' }
    expect(findingsOf([problem], PORTS, sockets)).toEqual([])
  })
})

describe('what may be scanned', () => {
  const own = {
    localAddresses: ['192.0.2.2', 'fe80::1', '2001:db8::2', '::1', '127.0.0.1'],
    broadcastAddresses: ['192.0.2.255', '127.255.255.255'],
  }
  const targets = async (host: string | null, found: string[] = []) =>
    findTargets(host, own, () => Promise.resolve(found))

  test('all own addresses, loopback first, without those of a single link', async () => {
    expect(await targets(null)).toEqual({
      addresses: ['127.0.0.1', '::1', '192.0.2.2', '2001:db8::2'],
      leftOut: ['fe80::1'],
    })
  })

  test.each([
    ['192.0.2.2', '192.0.2.2'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['::ffff:192.0.2.2', '192.0.2.2'],
    ['2001:DB8:0::2', '2001:db8::2'],
  ])('%s', async (word, address) => {
    expect((await targets(word)).addresses).toEqual([address])
  })

  test('localhost, as far as its addresses are own ones', async () => {
    expect((await targets('localhost', ['::1', '127.0.0.1'])).addresses).toEqual(['::1', '127.0.0.1'])
    await expect(targets('localhost', ['127.0.0.1', '198.51.100.1'])).rejects.toThrow(
      '198.51.100.1 is no address of it',
    )
  })

  test.each([
    ['198.51.100.1', 'is no address of it'],
    ['192.0.2.255', 'is the broadcast address of a network'],
    ['127.255.255.255', 'is the broadcast address of a network'],
    ['224.0.0.1', 'is a multicast group'],
    ['0.0.0.0', 'stands for every address and is none'],
    ['::', 'stands for every address and is none'],
    ['fe80::1%eth0', 'needs a zone'],
    ['example.org', "'example.org' is neither localhost nor this machine's name"],
    ['192.0.2.0/24', "'192.0.2.0/24' is neither localhost nor this machine's name"],
    ['2130706433', "'2130706433' is neither localhost nor this machine's name"],
  ])('%s is refused, with the reason', async (word, why) => {
    await expect(targets(word)).rejects.toThrow(why)
  })

  test('ports are ranges and numbers, each once', () => {
    expect(readAskedPorts('1-1024')).toEqual([{ from: 1, to: 1024 }])
    expect(readAskedPorts('443, 22,80-90,85-95,96')).toEqual([
      { from: 22, to: 22 },
      { from: 80, to: 96 },
      { from: 443, to: 443 },
    ])
  })

  test.each(['', '0', '1-', '80-22', '65536', '1-70000', 'http', '22,,80', '-5'])('"%s" are no ports', (text) => {
    expect(() => readAskedPorts(text)).toThrow('--ports takes ports from 1 to 65535')
  })
})
