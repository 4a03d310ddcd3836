/** fstat's listing, read from text: recorded ones, written by us after the sources of NetBSD and OpenBSD. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { formatEndpoint } from '../../harness/domain/endpoint.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { readFstat } from '../../harness/listing/fstat.ts'
import { readOne } from './brief.ts'

const fixture = (name: string) =>
  readFstat(readFileSync(new URL(`../fixtures/listings/${name}`, import.meta.url), 'utf8'))

/** `ssh 71230/3: tcp 192.0.2.10:31337 > 198.51.100.7:22` */
const brief = ({ protocol, local, peer, holders }: SocketRow) =>
  `${holders.map(({ command, pid, fd }) => `${command} ${pid}/${fd}`).join(', ')}: ${protocol} ${formatEndpoint(local)}${peer ? ` > ${formatEndpoint(peer)}` : ''}`

test('OpenBSD: the own end comes first, whatever the arrow', () => {
  const { rows, unread } = fixture('fstat-openbsd.txt')
  expect(rows.map(brief)).toEqual([
    'ssh 71230/3: tcp 192.0.2.10:31337 > 198.51.100.7:22',
    'sshd 40211/3: tcp 0.0.0.0:22',
    'sshd 40211/4: tcp [::]:22',
    'sshd 51007/4: tcp 192.0.2.10:22 > 203.0.113.9:51022',
    'ntpd 22118/5: udp 192.0.2.10:14022 > 203.0.113.77:123',
    'syslogd 33444/6: udp [fe80::1]:514',
    'dhcpleased 60606/8: udp 0.0.0.0:0',
    'httpd 90001/3, httpd 90002/3: tcp 0.0.0.0:80',
  ])
  expect(rows[5]?.device).toBe('lo0')
  expect(unread).toEqual(['www      my daemon  90003    3* internet stream tcp 0x0 [::1]:8080'])
})

test('an IPv6 address in a line that says internet is unread; in one that says internet6 it is a row', () => {
  const { rows } = readFstat('www      my daemon  90003    3* internet6 stream tcp 0x0 [::1]:8080\n')
  expect(rows.map(brief)).toEqual(['my daemon 90003/3: tcp [::1]:8080'])
})

test('NetBSD: the own end comes last, and a socket without any address is unread', () => {
  const { rows, unread } = fixture('fstat-netbsd.txt')
  expect(rows.map(brief)).toEqual([
    'master 520/12: tcp 127.0.0.1:25',
    'master 520/13: tcp [::1]:25',
    'sshd 700/4: tcp 192.0.2.10:22 > 203.0.113.9:51022',
    'ntpd 381/16: udp 192.0.2.10:123 > 203.0.113.77:123',
  ])
  expect(unread).toEqual(['root     dhcpcd       118    9* internet dgram udp c2b08498'])
})

test('sifted by grep, a connected UDP socket does not say which end is its own', () => {
  const line = 'ntpd     ntpd         381   16* internet dgram udp 203.0.113.77:123 <-> 192.0.2.10:123'
  expect(readFstat(line)).toEqual({ printed: [line], rows: [], unread: [line] })
})

test('structures at 0 are hidden ones, and not one and the same', () => {
  const line = (pid: number) => `www      httpd      ${pid}    3* internet stream tcp 0x0 *:80`
  expect(readFstat(`${line(90001)}\n${line(90002)}`).rows).toHaveLength(2)
})

test('what a row says besides: no state, no queues', () => {
  const [row] = readFstat('root     sshd         412    4* internet stream tcp c2c411b8 *:22').rows
  expect(row).toEqual({
    protocol: 'tcp',
    family: 'IPv4',
    local: { address: '0.0.0.0', port: 22 },
    peer: null,
    state: null,
    stateAsPrinted: '',
    holders: [{ pid: 412, command: 'sshd', fd: 4 }],
    takesIPv4: null,
    uid: null,
    inode: null,
    receiveQueue: null,
    sendQueue: null,
    retransmits: null,
    device: null,
  })
})

test('pasted: users are kept, and what is no socket of TCP or UDP is counted', () => {
  const { format, rows, left, unread, blind } =
    readOne(`USER     CMD          PID   FD MOUNT      INUM MODE         SZ|DV R/W
root     init           1 root /             2 drwxr-xr-x    1024  r
root     sshd         412    4* internet stream tcp c2c411b8 *:22
www      httpd        560    4* internet stream tcp c2c44370 *:80
www      httpd        561    4* internet stream tcp c2c44370 *:80
alice    firefox    77991   32* internet stream tcp fffff800b7f147a0
root     a            112    3* pipe 0xfff -> 0xfff rn
root     a            112    4* unix stream <-> 0x123
root     a            112    5* route raw 0 ff
root     a            112    6* internet raw icmp fff
`)
  expect({ format, rows, left, unread }).toEqual({
    format: 'fstat',
    rows: ['tcp 0.0.0.0:22 root:412/sshd', 'tcp 0.0.0.0:80 www:560/httpd www:561/httpd'],
    left: { files: 2, 'sockets-without-address': 1, 'unix-sockets': 1, 'other-sockets': 2 },
    unread: [],
  })
  expect(blind).toContain('states')
})

test('pasted through grep, without its heading', () => {
  expect(readOne('root     sshd         412    3* internet6 stream tcp c2c41000 *:22').rows).toEqual([
    'tcp [::]:22 root:412/sshd',
  ])
})

test.each([
  ['root     sshd         412    4* internet stream tcp c2c411b8 *:', 'an address has no port: it was cut short'],
  ['root     sshd         412    4* internet stream tcp c2c411b8 *:22 what', '"what" is no part of a socket\'s line'],
  [
    'ntpd     ntpd         381   16* internet dgram udp 203.0.113.77:123 <-> 192.0.2.10:123',
    'without the heading nobody can say which of its two addresses is its own',
  ],
  ['4* internet stream tcp c2c411b8 *:22', 'it has no process or no descriptor: it was cut short'],
  ['root     sshd         412    - -    bad    -', 'it is no line of fstat'],
])('says why it cannot read %j', (line, why) => {
  expect(readOne(`root     sshd         412    4* internet stream tcp c2c411b8 *:22\n${line}`).unread).toEqual([
    `2: ${why}`,
  ])
})

test('OpenBSD with -s: what was read and written stands behind', () => {
  const line =
    'root     sshd       51007    4* internet stream tcp 0x1 192.0.2.10:22 <-- 203.0.113.9:51022\t       4        0'
  expect(readOne(line).rows).toEqual(['tcp 192.0.2.10:22 > 203.0.113.9:51022 root:51007/sshd'])
})
