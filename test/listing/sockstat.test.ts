/** sockstat of FreeBSD and NetBSD, read from text. */

import { expect, test } from 'vitest'

import { SOCKSTAT_FORM } from '../../harness/listing/sockstat.ts'
import { readOne } from './brief.ts'

const HEADING = 'USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS      '

test('FreeBSD: users, dual-stack sockets, zones, and sockets that nobody has any more', () => {
  const { format, rows, full, left, unread } = readOne(`${HEADING}
root     sshd       801   4   tcp4   *:22                  *:*
www      nginx      900   6   tcp46  *:80                  *:*
www      my prog    901   6   tcp4   192.0.2.1:80          192.0.2.9:1234
?        ?          ?     ?   tcp4   192.0.2.1:80          192.0.2.9:1235
root     ntpd       7     20  udp6   fe80::1%lo0:123       *:*
root     devd       500   4   stream /var/run/devd.pipe
root     ping       1     9   icm4   *:*                   *:*
`)
  expect({ format, rows, left, unread }).toEqual({
    format: 'sockstat',
    rows: [
      'tcp 0.0.0.0:22 root:801/sshd',
      'tcp [::]:80 www:900/nginx',
      'tcp 192.0.2.1:80 > 192.0.2.9:1234 www:901/my prog',
      'tcp 192.0.2.1:80 > 192.0.2.9:1235',
      'udp [fe80::1]:123%lo0 root:7/ntpd',
    ],
    left: { 'unix-sockets': 1, 'other-sockets': 1 },
    unread: [],
  })
  expect(full[1]).toMatchObject({ takesIPv4: true, state: null, holders: [{ fd: 6 }] })
})

test('with -s FreeBSD shows states', () => {
  const row = 'root     sshd       801   4   tcp4   *:22                  *:*                                LISTEN'
  expect(readOne(row).rows).toEqual(['tcp 0.0.0.0:22 LISTEN root:801/sshd'])
})

test('NetBSD writes a dot before the port', () => {
  const { rows } = readOne(`${HEADING}
root     named      8     20  udp    127.0.0.1.53          *.*
root     named      8     21  tcp6   ::1.53                *.*`)
  expect(rows).toEqual(['udp 127.0.0.1:53 root:8/named', 'tcp [::1]:53 root:8/named'])
})

test.each([
  ['root     sshd       801   4   tcp4   *:22', 'it is no row of TCP or UDP, or it was cut short'],
  ['root     sshd       801   4   tcp4   *:99999   *:*', 'there is no port 99999'],
  ['root     sshd       801   4   tcp4   1.2.3.4.5:9   *:*', '"1.2.3.4.5" is no address of IPv4'],
])('says why it cannot read %j', (line, why) => {
  expect(readOne(`${HEADING}\n${line}`).unread).toEqual([`2: ${why}`])
})

test.each([
  ['rows', `root a${' 1 1 tcp a b'.repeat(60_000)}\u2028x`],
  ['a protocol', `root a 1 1 seqpac${'1'.repeat(600_000)}!`],
])('asks of a long line of %s in time that grows with it', (_, line) => {
  const begun = performance.now()
  SOCKSTAT_FORM.isRow(line)
  SOCKSTAT_FORM.read([line], 1, null)
  expect(performance.now() - begun).toBeLessThan(3000)
})
