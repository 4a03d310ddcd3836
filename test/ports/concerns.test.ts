/** What deserves a look, and what does not. */

import { expect, test } from 'vitest'

import type { About } from '../../harness/domain/about.ts'
import { NOTHING_KNOWN } from '../../harness/domain/about.ts'
import { servicesOf } from '../../harness/domain/services.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { isSystemUser } from '../../harness/domain/users.ts'
import { row } from '../labs/evidence.ts'

const told = (rows: SocketRow[], about: About = NOTHING_KNOWN) =>
  servicesOf(rows, about).services.flatMap(({ protocols, port, concerns }) =>
    concerns.map(({ concern, usually }) =>
      [protocols.join('+'), port, concern, ...(usually ? [usually] : [])].join(' '),
    ),
  )
const tcp = (port: number, over: Partial<SocketRow> = {}) => row({ local: { address: '0.0.0.0', port }, ...over })
const udp = (port: number, over: Partial<SocketRow> = {}) => tcp(port, { protocol: 'udp', state: null, ...over })
const by = (command: string, pid = 7, user?: string) => ({
  holders: [{ pid, command, fd: 3, ...(user === undefined ? {} : { user }) }],
})

test.each([
  [tcp(23), 'tcp 23 login-in-clear telnet'],
  [tcp(21), 'tcp 21 login-in-clear FTP'],
  [tcp(513), 'tcp 513 login-in-clear rlogin'],
  [udp(69), 'udp 69 files-for-anyone TFTP'],
  [udp(2049), 'udp 2049 files-for-anyone NFS'],
  [tcp(6000), 'tcp 6000 display X11'],
  [tcp(6063), 'tcp 6063 display X11'],
  [udp(111), 'udp 111 remote-calls rpcbind'],
  [tcp(5432), 'tcp 5432 database PostgreSQL'],
  [tcp(27_018), 'tcp 27018 database MongoDB'],
  [udp(11_211), 'udp 11211 database memcached'],
  [tcp(9229), 'tcp 9229 debugger the debugger of Node'],
  [tcp(7000, by('redis-server')), 'tcp 7000 database Redis'],
  [tcp(7000, by('redis-ser')), 'tcp 7000 database Redis'],
  [tcp(7000, by('gdbserver')), 'tcp 7000 debugger gdbserver'],
])('case %#: %s', (one, expected) => {
  expect(told([one])).toEqual([expected])
})

test('a service for this machine, or of no port, raises none of these', () => {
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    expect(told([tcp(23, { local: { address, port: 23 } })])).toEqual([])
  }
  expect(told([tcp(5432, { device: 'lo' })])).toEqual([])
})

test('a number over the other protocol is another number', () => {
  expect(told([udp(23), tcp(69), udp(6000), tcp(22), tcp(6064)])).toEqual([])
})

test('the protocol that is reached from outside is the one that counts', () => {
  const local = { address: '127.0.0.1', port: 23 }
  expect(told([tcp(23, { local, ...by('x') }), udp(23, by('x'))])).toEqual([])
})

test('a command that is a name of every object is no hint', () => {
  expect(told([tcp(7000, by('constructor')), tcp(7001, by('toString'))])).toEqual([])
})

test('one number over TCP in one program and over UDP in another', () => {
  expect(told([tcp(514, by('inetd')), udp(514, by('syslogd', 8))])).toEqual([
    'tcp 514 login-in-clear rsh',
    'tcp 514 two-programs',
    'udp 514 two-programs',
  ])
  expect(told([tcp(53, by('named')), udp(53, by('named'))])).toEqual([])
  // A holder that is hidden may be the same program.
  expect(told([tcp(53, by('named')), udp(53)])).toEqual([])
  expect(told([udp(0, by('a')), tcp(0, by('b', 8))])).toEqual(['tcp 0 no-port', 'udp 0 no-port'])
})

const PRIVILEGED = 'tcp 80 privileged-by-ordinary-user'

test('a privileged port of an ordinary user, by the name of the user', () => {
  expect(told([tcp(80, by('python3', 7, 'alice'))])).toEqual([PRIVILEGED])
  expect(told([tcp(80, by('apache2', 7, 'www-data'))])).toEqual([])
  expect(told([tcp(80, by('weird', 7, 'weird'))])).toEqual([])
  expect(told([tcp(1024, by('python3', 7, 'alice'))])).toEqual([])
  expect(told([tcp(80, by('python3'))])).toEqual([])
})

test('a privileged port of an ordinary user, by number, and where the limit is another one', () => {
  const processes = new Map([[7, { uid: 1000, user: 'www-data', isFileGone: false }]])
  expect(told([tcp(80, by('x'))], { ...NOTHING_KNOWN, processes })).toEqual([PRIVILEGED])
  expect(told([tcp(80, { uid: 1000 })])).toEqual([PRIVILEGED])
  expect(told([tcp(80, { uid: 33 })])).toEqual([])
  expect(told([tcp(80, { uid: 1000 })], { ...NOTHING_KNOWN, unprivilegedPortStart: 0 })).toEqual([])
  expect(told([tcp(80, { uid: 1000 })], { ...NOTHING_KNOWN, unprivilegedPortStart: 81 })).toEqual([PRIVILEGED])
})

test('a server of root whose workers are of an ordinary user raises nothing', () => {
  const holders = [...by('server', 1, 'root').holders, ...by('server', 2, 'alice').holders]
  expect(told([tcp(80, { holders })])).toEqual([])
})

test('a program whose file is gone', () => {
  const gone = (isFileGone: boolean | null) => ({
    ...NOTHING_KNOWN,
    processes: new Map([[7, { uid: 0, user: 'root', isFileGone }]]),
  })
  expect(told([tcp(8080, by('x'))], gone(true))).toEqual(['tcp 8080 file-gone'])
  expect(told([tcp(8080, by('x'))], gone(null))).toEqual([])
})

test.each([
  ['0', 'x', true],
  ['999', 'x', true],
  ['1000', 'x', false],
  ['65534', 'x', true],
  ['_chrony', 'x', true],
  ['systemd-network', 'x', true],
  ['ntpd', 'ntpd', true],
  ['alice', 'x', false],
  ['al', 'alsactl', false],
])('the user %s of %s is there for a service: %s', (user, command, expected) => {
  expect(isSystemUser(user, command)).toBe(expected)
})
