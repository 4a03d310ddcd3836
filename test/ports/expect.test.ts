import { describe, expect, test } from 'vitest'

import type { Taken } from '../../harness/domain/ports-taken.ts'
import { expectPorts, readExpectation } from '../../harness/ports/expect.ts'
import { EXPECT_GRAMMAR, readExpectList } from '../../harness/ports/expect-list.ts'
import { snapshotText } from '../../harness/ports/snapshot.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { expectText } from '../../harness/report/ports-changes-expected.ts'
import { expectedInWords, tooMuchInWords, unclearLineInWords } from '../../harness/words/ports-changes-expected.en.ts'
import { taken } from './rows.ts'

const outcome = (list: string, rows: readonly string[], more: Partial<Taken> = {}) =>
  expectPorts(readExpectation(list, 'LIST'), taken(rows, more))

/** In short: the verdict, `+` what is too much, `-` what is missing, `?` what is not clear. */
function told(list: string, rows: readonly string[], more: Partial<Taken> = {}): string[] {
  const held = outcome(list, rows, more)
  if (held.kind !== 'list') throw new Error('it is a snapshot')
  const { missing, tooMuch, unclear } = held.result
  return [
    held.verdict,
    ...tooMuch.map((one) => `+ ${tooMuchInWords(one)}`),
    ...missing.map((one) => `- ${expectedInWords(one)}`),
    ...unclear.map((one) => `? ${unclearLineInWords(one)}`),
  ]
}

describe('a list of what should be open', () => {
  test('what is too much is told in the order of its numbers', () => {
    expect(
      told('tcp 22', ['udp 0.0.0.0 53 a/1', 'tcp 0.0.0.0 8080 b/2', 'tcp 0.0.0.0 80 c/3', 'tcp :: 22 sshd/4']),
    ).toEqual([
      'differs',
      '+ tcp 0.0.0.0:80, held by c (process 3): no line names it',
      '+ tcp 0.0.0.0:8080, held by b (process 2): no line names it',
      '+ udp 0.0.0.0:53, held by a (process 1): no line names it',
    ])
  })

  test('has one port a line, with comments', () => {
    const text =
      '\uFEFF# my server\r\ntcp 22\n\n  UDP 123 every-address ntpd # time\noptional tcp 8080 loopback Web Content\n'
    expect(readExpectList(text, 'LIST').map(expectedInWords)).toEqual([
      'tcp 22 (line 2)',
      'udp 123 every-address ntpd (line 4)',
      'optional tcp 8080 loopback Web Content (line 5)',
    ])
  })

  test.each([
    ['tcp 80 nginx', { where: 'anywhere', program: 'nginx' }],
    ['tcp 80 127.0.0.1', { where: { address: '127.0.0.1' }, program: null }],
    ['tcp 80 [0:0:0:0:0:0:0:1] nginx', { where: { address: '::1' }, program: 'nginx' }],
    ['tcp 80 ::ffff:127.0.0.1', { where: { address: '127.0.0.1' } }],
    ['tcp 80 fe80::1%eth0', { where: { address: 'fe80::1' } }],
    ['tcp 80 0.0.0.0', { where: 'every-address' }],
    ['tcp 80 ::', { where: 'every-address' }],
    ['tcp 80 anywhere loopback', { where: 'anywhere', program: 'loopback' }],
  ])('%s', (line, expected) => {
    expect(readExpectList(line, 'LIST')).toEqual([expect.objectContaining(expected)])
  })

  test.each([
    ['http 80', "'http' is neither tcp nor udp"],
    ['80/tcp', "'80/tcp' is neither tcp nor udp"],
    ['tcp', "'' is no port from 1 to 65535"],
    ['tcp http', "'http' is no port from 1 to 65535"],
    ['tcp 0', "'0' is no port from 1 to 65535"],
    ['tcp 65536', "'65536' is no port from 1 to 65535"],
    ['tcp 22-25', "'22-25' is no port from 1 to 65535"],
    ['tcp 80 localhost', "for 'localhost' write loopback"],
    ['tcp 80 * nginx', "for '*' write every-address"],
    ['tcp 80 127.0.0', "'127.0.0' is no address"],
    ['tcp 80 fe80:::1', "'fe80:::1' is no address"],
  ])('is refused for the line "%s"', (line, why) => {
    expect(() => readExpectList(`# first\n${line}`, 'LIST')).toThrow(
      `LIST, line 2: ${why}; a line is: ${EXPECT_GRAMMAR}`,
    )
  })

  test('is refused where it is empty, and not where it has a comment alone', () => {
    expect(() => readExpectList(' \n', 'LIST')).toThrow('LIST is empty')
    expect(told('# nothing', [])).toEqual(['matches'])
    expect(told('# nothing', ['tcp 0.0.0.0 22 sshd/1'])).toEqual([
      'differs',
      '+ tcp 0.0.0.0:22, held by sshd (process 1): no line names it',
    ])
  })
})

describe('what is open, held against a list', () => {
  const ssh = ['tcp 0.0.0.0 22 sshd/1', 'tcp :: 22 sshd/1']

  test('matches where each line is met and no socket is left over', () => {
    expect(told('tcp 22 every-address sshd', ssh)).toEqual(['matches'])
    expect(told('tcp 22\noptional udp 68', ssh)).toEqual(['matches'])
  })

  test('says what is missing and what is too much', () => {
    expect(told('tcp 22\nudp 123', [...ssh, 'tcp :: 80 httpd/7'])).toEqual([
      'differs',
      '+ tcp [::]:80, held by httpd (process 7): no line names it',
      '- udp 123 (line 2)',
    ])
  })

  test('a port that is open to more than its line says is too much', () => {
    expect(told('tcp 5432 loopback', ['tcp 0.0.0.0 5432 postgres/7'])).toEqual([
      'differs',
      '+ tcp 0.0.0.0:5432, held by postgres (process 7): not as in tcp 5432 loopback (line 1)',
      '- tcp 5432 loopback (line 1)',
    ])
    expect(told('tcp 5432 one-interface', ['tcp 0.0.0.0 5432 postgres/7'])[0]).toBe('differs')
  })

  test('a port that is open to fewer than its line says is missing', () => {
    expect(told('tcp 80 every-address', ['tcp 127.0.0.1 80 httpd/7'])).toEqual([
      'differs',
      '- tcp 80 every-address (line 1)',
    ])
    expect(told('tcp 80 one-interface', ['tcp 127.0.0.1 80 httpd/7'])[0]).toBe('differs')
  })

  test('what is allowed to others is allowed to this machine: ntpd has a socket for each address', () => {
    const ntpd = ['udp 0.0.0.0 123 ntpd/3', 'udp 127.0.0.1 123 ntpd/3', 'udp 192.0.2.1 123 ntpd/3']
    expect(told('udp 123 every-address ntpd', ntpd)).toEqual(['matches'])
  })

  test('a line with an address is about that address alone', () => {
    const both = ['tcp 127.0.0.1 53 dnsmasq/5', 'tcp 192.0.2.1 53 named/6']
    expect(told('tcp 53 127.0.0.1 dnsmasq\ntcp 53 192.0.2.1 named', both)).toEqual(['matches'])
    expect(told('tcp 53 127.0.0.1', both)[0]).toBe('differs')
  })

  test('another program is wrong, and one whose name the listing cuts is not', () => {
    expect(told('tcp 22 sshd', ['tcp 0.0.0.0 22 nc/9'])[0]).toBe('differs')
    expect(told('tcp 22 postgres', ['tcp 0.0.0.0 22 postgres-evil/9'])[0]).toBe('differs')
    expect(told('udp 53 systemd-resolved', ['udp 127.0.0.53 53 systemd-resolve/9'])).toEqual(['matches'])
  })

  test('a program that is not seen is never taken for the right one', () => {
    expect(told('tcp 22 sshd', ['tcp 0.0.0.0 22'])).toEqual([
      'cannot-tell',
      '? tcp 22 anywhere sshd (line 1): the program of a socket is not seen: more rights may show it',
    ])
    expect(told('tcp 22 sshd', ['tcp 0.0.0.0 22 sshd/1', 'tcp :: 22'])[0]).toBe('cannot-tell')
    expect(told('tcp 22', ['tcp 0.0.0.0 22'])).toEqual(['matches'])
  })

  test('a listing that was not asked for UDP cannot say that none is open', () => {
    const tcpOnly: Partial<Taken> = { covers: ['tcp IPv4', 'tcp IPv6'] }
    expect(told('tcp 22', ssh, tcpOnly)).toEqual(['cannot-tell'])
    expect(told('tcp 22\nudp 123', ssh, tcpOnly)).toEqual([
      'cannot-tell',
      '? udp 123 (line 2): the listing may not have been asked for it',
    ])
    expect(told('tcp 23', ssh, tcpOnly)[0]).toBe('differs')
  })

  test('a listing of one user cannot say that nothing else is open', () => {
    expect(told('tcp 8080', ['tcp 0.0.0.0 8080 node/5/anna'], { onlyUser: 'anna' })).toEqual(['cannot-tell'])
    expect(told('tcp 22', [], { onlyUser: 'anna' })).toEqual([
      'cannot-tell',
      '? tcp 22 (line 1): the listing shows the sockets of one user only',
    ])
  })

  test('UDP sockets of perhaps short-lived clients are not counted, unless a line names them', () => {
    const client = 'udp 0.0.0.0 40123 dig/4'
    expect(told('tcp 22', [...ssh, client])).toEqual(['matches'])
    expect(told('tcp 22\nudp 40123 dig', [...ssh, client])).toEqual(['matches'])
    expect(told('tcp 22\nudp 40123 nc', [...ssh, client])[0]).toBe('differs')
  })

  test('the report leads with the verdict', () => {
    const text = (list: string, rows: readonly string[]) =>
      [...expectText(createLayout({ columns: 80, color: false }), outcome(list, rows))].join('')
    expect(text('tcp 22', ssh)).toBe('What is open is what was expected.\n\n1 line is met.\n')
    expect(text('tcp 22\ntcp 25', [...ssh, 'udp 0.0.0.0 40123 dig/4'])).toMatchInlineSnapshot(`
      "What is open is not what was expected.

      Missing (1)
      - tcp 25 (line 2)

      Cannot be told (1)
      - 1 UDP socket not counted, as perhaps of short-lived clients: 40123.

      1 line is met.
      "
    `)
  })
})

describe('what is open, held against a snapshot', () => {
  const verdict = (before: Taken, after: Taken) =>
    expectPorts(readExpectation(snapshotText(before), 'SNAPSHOT'), after).verdict

  test.each([
    ['the same', ['tcp 0.0.0.0 22 sshd/1'], ['tcp 0.0.0.0 22 sshd/1'], 'matches'],
    ['a restart', ['tcp 0.0.0.0 22 sshd/1'], ['tcp 0.0.0.0 22 sshd/9'], 'matches'],
    ['another program', ['tcp 0.0.0.0 22 sshd/1'], ['tcp 0.0.0.0 22 nc/9'], 'differs'],
    ['a program that is hidden now', ['tcp 0.0.0.0 22 sshd/1'], ['tcp 0.0.0.0 22'], 'cannot-tell'],
    ['a program that the snapshot does not name', ['tcp 0.0.0.0 22'], ['tcp 0.0.0.0 22 sshd/1'], 'matches'],
    ['something opened', [], ['tcp 0.0.0.0 22 sshd/1'], 'differs'],
    ['something closed', ['tcp 0.0.0.0 22 sshd/1'], [], 'differs'],
  ])('%s', (_, before, after, expected) => {
    expect(verdict(taken(before), taken(after))).toBe(expected)
  })

  test('that has more than the present look was asked for', () => {
    const rows = ['tcp 0.0.0.0 22 sshd/1']
    const tcpOnly: Partial<Taken> = { covers: ['tcp IPv4', 'tcp IPv6'] }
    expect(verdict(taken(rows), taken(rows, tcpOnly))).toBe('cannot-tell')
    expect(verdict(taken(rows, tcpOnly), taken(rows))).toBe('matches')
  })
})
