/** The netstat of the BSDs and macOS, read from text. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { isBsdNetstatOutput, readBsdNetstat } from '../../harness/listing/bsd-netstat.ts'
import { isNetstatOutput } from '../../harness/listing/netstat.ts'
import { readServiceNames } from '../../harness/listing/service-names.ts'

const FREEBSD = readFileSync(new URL('../fixtures/listings/netstat-freebsd.txt', import.meta.url), 'utf8')

test('address.port, a star for every interface, and the states of TCP', () => {
  const { rows, unread } = readBsdNetstat(FREEBSD, readServiceNames('smtp 25/tcp\nssh 22/tcp\n'))
  expect(rows).toMatchObject([
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
  expect(rows).toHaveLength(7)
  expect(unread).toEqual(['tcp4       0      0  gateway.ssh            *.*                    LISTEN'])
})

test('with -A the structure stands in front', () => {
  const { rows } = readBsdNetstat('c2c411b8 tcp        0      0 *.22                  *.*                   LISTEN\n')
  expect(rows).toMatchObject([{ local: { address: '0.0.0.0', port: 22 }, state: 'LISTEN' }])
})

test('a TCP row without a state that one knows is unread', () => {
  const line = 'tcp        0      0  *.22                   *.*                    WAITING'
  expect(readBsdNetstat(line).unread).toEqual([line])
})

test("it is told from Linux's form, which has one blank less", () => {
  const LINUX =
    'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address'
  expect([FREEBSD, LINUX].map(isBsdNetstatOutput)).toEqual([true, false])
  expect(isNetstatOutput(FREEBSD)).toBe(false)
})
