import { describe, expect, test } from 'vitest'

import type { PortsDiff } from '../../harness/domain/ports-change.ts'
import type { Taken } from '../../harness/domain/ports-taken.ts'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { diffPorts } from '../../harness/ports/diff.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { diffText } from '../../harness/report/ports-changes.ts'
import { untoldInWords } from '../../harness/words/ports-changes.en.ts'
import { row, taken } from './rows.ts'

type Rows = readonly (string | SocketRow)[]

/** In short: `+tcp 80`, `-tcp 80`, `tcp 80 reach`. */
function told({ opened, closed, changed, unclear }: PortsDiff): string[] {
  return [
    ...opened.map(({ protocol, port }) => `+${protocol} ${port}`),
    ...closed.map(({ protocol, port }) => `-${protocol} ${port}`),
    ...changed.map(({ after, changes }) => `${after.protocol} ${after.port} ${changes.join(' ')}`),
    ...unclear.map(({ unit, in: side }) => `?${unit.protocol} ${unit.port} ${side}`),
  ]
}

const between = (before: Rows, after: Rows, old: Partial<Taken> = {}, present: Partial<Taken> = {}) =>
  diffPorts(taken(before, old), taken(after, present))

const changes = (...args: Parameters<typeof between>) => told(between(...args))

describe('what has changed', () => {
  test('nothing, where the same sockets are told in another order', () => {
    const rows = ['tcp 0.0.0.0 22 sshd/10/root', 'tcp :: 22 sshd/10/root', 'udp 127.0.0.1 323 chronyd/8/root']
    const diff = between(rows, rows.toReversed())
    expect(told(diff)).toEqual([])
    expect(diff.same).toBe(2)
  })

  test('what opened and what closed, by number and protocol', () => {
    expect(changes(['tcp 0.0.0.0 53 named/7'], ['udp 0.0.0.0 53 named/7'])).toEqual(['+udp 53', '-tcp 53'])
  })

  test.each([
    ['from loopback to every address', 'tcp 127.0.0.1 6379 redis/5', 'tcp 0.0.0.0 6379 redis/5', 'reach'],
    ['and back', 'tcp 0.0.0.0 6379 redis/5', 'tcp 127.0.0.1 6379 redis/9', 'reach restarted'],
    ['from one interface to every address', 'tcp 192.0.2.1 80 httpd/5', 'tcp 0.0.0.0 80 httpd/5', 'reach'],
    ['from one device to all', 'udp 0.0.0.0%eth0 68 dhcpd/5', 'udp 0.0.0.0 68 dhcpd/5', 'reach'],
    ['to another loopback address', 'tcp 127.0.0.1 80 httpd/5', 'tcp 127.0.0.2 80 httpd/5', 'addresses'],
    ['from IPv4 alone to both', 'tcp 0.0.0.0 80 httpd/5', 'tcp ::+4 80 httpd/5', 'families'],
    ['from both to IPv6 alone', 'tcp ::+4 80 httpd/5', 'tcp :: 80 httpd/5', 'families'],
    ['to IPv6, and every address of it', 'tcp 127.0.0.1 80 httpd/5', 'tcp ::+4 80 httpd/5', 'reach families'],
  ])('a service that moved %s', (_, before, after, how) => {
    const [protocol = '', , port = ''] = before.split(' ')
    expect(changes([before], [after])).toEqual([`${protocol} ${port} ${how}`])
  })

  test('a UDP socket that is perhaps a client counts as no service that stayed', () => {
    const both = ['tcp 0.0.0.0 22 sshd/1', 'udp 0.0.0.0 40000 dig/2']
    expect(diffPorts(taken(both), taken(both)).same).toBe(1)
  })

  test('a service that got one more address over the same version of IP', () => {
    const one = 'tcp 0.0.0.0 123 ntpd/5'
    expect(changes([one], [one, 'tcp 192.0.2.1 123 ntpd/5'])).toEqual(['tcp 123 addresses'])
  })

  test.each([
    ['another program', 'tcp 0.0.0.0 80 nginx/5/root', 'tcp 0.0.0.0 80 nc/9/root', 'program'],
    ['another program of another user', 'tcp 0.0.0.0 80 nginx/5/root', 'tcp 0.0.0.0 80 nc/9/eve', 'program user'],
    ['the same program of another user', 'tcp 0.0.0.0 80 nginx/5/root', 'tcp 0.0.0.0 80 nginx/9/eve', 'user restarted'],
    ['the same program started again', 'tcp 0.0.0.0 80 nginx/5/root', 'tcp 0.0.0.0 80 nginx/9/root', 'restarted'],
  ])('an owner: %s', (_, before, after, how) => {
    expect(changes([before], [after])).toEqual([`tcp 80 ${how}`])
  })

  test('a worker that was replaced is no restart', () => {
    const before = 'tcp 0.0.0.0 80 apache2/5/root apache2/6/www apache2/7/www'
    expect(changes([before], ['tcp 0.0.0.0 80 apache2/5/root apache2/6/www apache2/9/www'])).toEqual([])
  })

  test('a second program on the socket is another owner', () => {
    expect(changes(['tcp 0.0.0.0 80 httpd/5'], ['tcp 0.0.0.0 80 httpd/5 evil/9'])).toEqual(['tcp 80 program'])
  })

  test('a backlog', () => {
    const listener = (sendQueue: number | null) => [row('tcp 0.0.0.0 80 httpd/5', { sendQueue })]
    expect(changes(listener(128), listener(511))).toEqual(['tcp 80 backlog'])
    expect(changes(listener(null), listener(511))).toEqual([])
  })

  test('two services of one number are told apart by their addresses and programs', () => {
    const dnsmasq = 'udp 127.0.0.1 53 dnsmasq/5'
    expect(changes([dnsmasq], [dnsmasq, 'udp 192.0.2.1 53 named/9'])).toEqual(['+udp 53'])
    expect(changes([dnsmasq], ['udp 192.0.2.1 53 named/9'])).toEqual(['+udp 53', '-udp 53'])
  })
})

describe('what a look cannot tell is no change', () => {
  test('a program that an ordinary user does not see', () => {
    const diff = between(['tcp 0.0.0.0 22 sshd/10/root'], [row('tcp 0.0.0.0 22', { uid: 0 })])
    expect(told(diff)).toEqual([])
    expect(diff.programsUnknown).toEqual({ before: 0, after: 1 })
  })

  test('but the owner of a socket is seen without its program', () => {
    const owned = (uid: number) => [row('tcp 127.0.0.1 8080', { uid })]
    expect(changes(owned(1000), owned(1001))).toEqual(['tcp 8080 user'])
  })

  test('a move of a socket of the same owner whose program is hidden', () => {
    const at = (address: string) => [row(`tcp ${address} 8080`, { uid: 1000 })]
    expect(changes(at('127.0.0.1'), at('0.0.0.0'))).toEqual(['tcp 8080 reach'])
  })

  test('a name and a number of a user', () => {
    expect(changes(['tcp 0.0.0.0 80 httpd/5/0'], ['tcp 0.0.0.0 80 httpd/5/root'])).toEqual([])
  })

  test('whether an IPv6 wildcard takes IPv4', () => {
    const untold = [row('tcp :: 80 httpd/5', { takesIPv4: null })]
    expect(changes(untold, ['tcp ::+4 80 httpd/5'])).toEqual([])
    expect(changes(['tcp :: 80 httpd/5'], untold)).toEqual([])
    expect(changes(['tcp 0.0.0.0 80 httpd/5'], untold)).toEqual(['tcp 80 families'])
  })

  test('a device, which lsof has no room for', () => {
    const lsof = { sources: [{ format: 'lsof' as const, command: 'lsof -nP -i' }], tellsDevices: false }
    expect(changes(['udp 0.0.0.0 68 dhclient/5'], ['udp 0.0.0.0%eth0 68 dhclient/5'], lsof)).toEqual([])
  })

  test('a name that one tool cuts, or takes from the command line', () => {
    const lsof = { sources: [{ format: 'lsof' as const, command: null }] }
    expect(changes(['udp 127.0.0.53 53 systemd-r/5'], ['udp 127.0.0.53 53 systemd-resolve/9'], lsof)).toEqual([
      'udp 53 restarted',
    ])
    expect(changes(['tcp 0.0.0.0 80 node/5'], ['tcp 0.0.0.0 80 node-MainThread/5'], lsof)).toEqual([])
    expect(changes(['tcp 0.0.0.0 80 node/5'], ['tcp 0.0.0.0 80 node-MainThread/5'])).toEqual(['tcp 80 program'])
  })

  test('sockets of a protocol that one look was not asked for', () => {
    const tcpOnly: Partial<Taken> = { covers: ['tcp IPv4', 'tcp IPv6'] }
    const diff = between(['tcp 0.0.0.0 80 a/1'], ['tcp 0.0.0.0 80 a/1', 'udp 0.0.0.0 53 b/2'], tcpOnly)
    expect(told(diff)).toEqual([])
    expect(diff.notCompared).toEqual([
      { cover: 'udp IPv4', lacking: 'before', sockets: 1 },
      { cover: 'udp IPv6', lacking: 'before', sockets: 0 },
    ])
  })

  test('a kind of which neither look tells is said', () => {
    const tcpOnly: Partial<Taken> = { covers: ['tcp IPv4', 'tcp IPv6'] }
    const diff = between([], [], tcpOnly, tcpOnly)
    expect(untoldInWords(diff)).toEqual([
      'Neither look has anything of UDP over IPv4 and UDP over IPv6: they may not have been asked for it.',
    ])
  })

  test('sockets of other users, where a look shows those of one', () => {
    const anna = { onlyUser: 'anna' }
    const rows = ['tcp 0.0.0.0 22 sshd/1/root', 'tcp 127.0.0.1 8080 node/5/anna']
    expect(changes([], rows, anna)).toEqual(['+tcp 8080', '?tcp 22 after'])
  })

  test('a UDP socket that is perhaps a client comes and goes without a word', () => {
    const diff = between(['udp 0.0.0.0 40001 dig/1'], ['udp 0.0.0.0 40002 dig/2'])
    expect(told(diff)).toEqual([])
    expect(diff.clients.came).toHaveLength(1)
    expect(diff.clients.gone).toHaveLength(1)
  })

  test('a host name, which may stand for any address', () => {
    expect(changes(['tcp myhost 80 httpd/5'], ['tcp 127.0.1.1 80 httpd/5'])).toEqual([])
    expect(changes(['tcp localhost 80 httpd/5'], ['tcp 0.0.0.0 80 httpd/5'])).toEqual(['tcp 80 reach'])
  })
})

describe('of which machines', () => {
  const host = taken([]).host
  test.each([
    ['the same', host, host, false],
    ['another machine-id', host, { ...host!, machine: 'fedcba9876543210' }, true],
    ['another system', { ...host!, machine: null }, { ...host!, machine: null, os: 'darwin' }, true],
    ['no machine-id', { ...host!, machine: null }, host, null],
    ['a listing', null, host, null],
    ['a new kernel is no other machine', host, { ...host!, kernel: '7.0' }, false],
  ])('%s', (_, before, after, isOther) => {
    expect(between([], [], { host: before }, { host: after }).isOtherMachine).toBe(isOther)
  })
})

test('the report says what opened, closed and moved, and what it was before', () => {
  const diff = between(
    ['tcp 127.0.0.1 6379 redis-server/5/redis', 'tcp 0.0.0.0 21 vsftpd/6/root', 'tcp 0.0.0.0 22 sshd/1/root'],
    ['tcp 0.0.0.0 6379 redis-server/5/redis', 'tcp 0.0.0.0 23 telnetd/9/root', 'tcp 0.0.0.0 22 sshd/1/root'],
  )
  const text = [...diffText(createLayout({ columns: 100, color: false }), diff)].join('')
  expect(text).toMatchInlineSnapshot(`
    "Before: 2026-11-22 09:00:00 UTC, Linux 6.1.0, from ss -ltunp
    Now:    2026-11-22 09:00:00 UTC, Linux 6.1.0, from ss -ltunp

    Opened (1)
    - TCP 23 (telnetd), process 9 of root, from other machines at every address over
      IPv4
      TCP 23 (telnetd), usually telnet: deserves a look.

    Closed (1)
    - TCP 21 (vsftpd), process 6 of root, from other machines at every address over
      IPv4

    Changed (1)
    - TCP 6379 (redis-server): opened to other machines
      Before: from this machine only over IPv4 (127.0.0.1).
      Now: from other machines at every address over IPv4 (0.0.0.0).

    1 service is as it was.
    "
  `)
})
