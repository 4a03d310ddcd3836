/** What rows of any listing say of the open ports. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { openPorts } from '../../harness/domain/open-ports.ts'
import { readFstat } from '../../harness/listing/fstat.ts'
import { row } from '../labs/evidence.ts'

const FSTAT = new URL('../../labs/16-inside-view/fstat.txt', import.meta.url)
const { printed, rows } = readFstat(readFileSync(FSTAT, 'utf8'))
const ports = openPorts(rows)
const port = (protocol: string, number: number) => ports.find((one) => one.protocol === protocol && one.port === number)

test('a whole listing: 40 lines of 15 programs', () => {
  expect(printed).toHaveLength(41)
  expect(new Set(ports.flatMap(({ programs }) => programs)).size).toBe(15)
  expect(rows.flatMap(({ holders }) => holders)).toHaveLength(40)
})

test('who has a port, over which versions, and from where it is reached', () => {
  expect(port('tcp', 25)).toEqual({
    protocol: 'tcp',
    port: 25,
    programs: ['master', 'smtpd'],
    pids: [520, 771, 774],
    addresses: ['127.0.0.1', '192.0.2.10'],
    versions: ['IPv4'],
    reach: 'other-machines',
    alarms: [],
  })
  expect(port('tcp', 953)).toMatchObject({ versions: ['IPv4', 'IPv6'], reach: 'this-machine' })
})

test('what is alarming', () => {
  const alarms = ports.flatMap((one) => one.alarms.map((alarm) => `${one.protocol} ${one.port} ${alarm}`))
  expect(alarms).toEqual([
    'udp 0 no-port',
    'tcp 23 login-in-clear',
    'udp 69 files-for-anyone',
    'tcp 111 remote-calls',
    'udp 111 remote-calls',
    'tcp 514 login-in-clear',
    'tcp 514 two-programs',
    'udp 514 two-programs',
    'tcp 2049 files-for-anyone',
    'udp 2049 files-for-anyone',
    'tcp 6000 display',
  ])
})

test('a service for this machine only alarms nobody', () => {
  const telnet = (address: string) => openPorts([row({ local: { address, port: 23 } })])[0]
  expect(telnet('127.0.0.1')).toMatchObject({ reach: 'this-machine', alarms: [] })
  expect(telnet('::ffff:127.0.0.1')).toMatchObject({ alarms: [] })
  expect(telnet('0.0.0.0')).toMatchObject({ alarms: ['login-in-clear'] })
})

test('one program with a number over TCP and UDP is no alarm, nor is one whose holder is hidden', () => {
  const held = (protocol: 'tcp' | 'udp', command: string) =>
    row({ protocol, state: protocol === 'tcp' ? 'LISTEN' : null, holders: [{ pid: 7, command, fd: 3 }] })
  expect(openPorts([held('tcp', 'named'), held('udp', 'named')]).flatMap(({ alarms }) => alarms)).toEqual([])
  const hidden = { ...held('udp', 'named'), holders: [] }
  expect(openPorts([held('tcp', 'other'), hidden]).flatMap(({ alarms }) => alarms)).toEqual([])
})

test('connections are no open ports; a dual-stack row has both versions', () => {
  const peer = { address: '203.0.113.9', port: 51_022 }
  expect(openPorts([row({ state: 'ESTABLISHED', peer }), row({ protocol: 'udp', state: null, peer })])).toEqual([])
  const dual = row({ family: 'IPv6', local: { address: '::', port: 80 }, takesIPv4: true })
  expect(openPorts([dual])[0]?.versions).toEqual(['IPv4', 'IPv6'])
})
