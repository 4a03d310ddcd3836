import { describe, expect, it } from 'vitest'
import { isLsofOutput, lsofArguments, readLsof } from '../../harness/listing/lsof.ts'

const HEADING = 'COMMAND    PID USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME'

function rowOf(line: string) {
  const { rows, unread } = readLsof(`${HEADING}\n${line}\n`, new Map([['http-alt/tcp', 8080]]))
  expect(unread).toEqual([])
  expect(rows).toHaveLength(1)
  return rows[0]
}

describe('lsofArguments', () => {
  it('asks for a port, for a protocol, for both, or for every socket', () => {
    expect(lsofArguments({ port: 8080 })).toEqual(['+c', '0', '-nP', '-i', ':8080'])
    expect(lsofArguments({ port: 8080, protocol: 'udp' }).at(-1)).toBe('UDP:8080')
    expect(lsofArguments({ protocol: 'tcp' }).at(-1)).toBe('TCP')
    expect(lsofArguments().at(-1)).toBe('-i')
  })
})

describe('readLsof', () => {
  it('reads a listener', () => {
    expect(rowOf('server1  3590 root   22u  IPv4   7416      0t0  TCP *:8080 (LISTEN)')).toEqual({
      protocol: 'tcp',
      family: 'IPv4',
      local: { address: '0.0.0.0', port: 8080 },
      peer: null,
      state: 'LISTEN',
      stateAsPrinted: 'LISTEN',
      holders: [{ pid: 3590, command: 'server1', fd: 22 }],
      takesIPv4: null,
      uid: null,
      inode: 7416,
      receiveQueue: null,
      sendQueue: null,
      retransmits: null,
      device: null,
    })
  })

  it('takes the family of a star from the TYPE column', () => {
    expect(rowOf('node 1 root 22u IPv6 7416 0t0 TCP *:8080 (LISTEN)')).toMatchObject({
      family: 'IPv6',
      local: { address: '::' },
    })
  })

  it('reads both ends of a connection, and writes an IPv4 client of an IPv6 socket as an IPv4-mapped address', () => {
    const line = 'node 1 root 31u IPv6 7425 0t0 TCP 127.0.0.1:8080->127.0.0.1:49268 (CLOSE_WAIT)'
    expect(rowOf(line)).toMatchObject({
      local: { address: '::ffff:127.0.0.1', port: 8080 },
      peer: { address: '::ffff:127.0.0.1', port: 49_268 },
      state: 'CLOSE-WAIT',
      stateAsPrinted: 'CLOSE_WAIT',
    })
    expect(rowOf('node 1 root 3u IPv6 9 0t0 TCP [::1]:8080->[fe80::2]:9 (ESTABLISHED)')).toMatchObject({
      local: { address: '::1', port: 8080 },
      peer: { address: 'fe80::2', port: 9 },
    })
  })

  it('gives a UDP socket no state, and a peer only where it is connected', () => {
    expect(rowOf('node 1 root 28u IPv4 7422 0t0 UDP *:8080 ')).toMatchObject({
      protocol: 'udp',
      state: null,
      stateAsPrinted: '',
      peer: null,
    })
    expect(rowOf('node 1 root 28u IPv4 7422 0t0 UDP 127.0.0.1:9->127.0.0.1:8080')).toMatchObject({
      peer: { port: 8080 },
    })
    expect(rowOf('node 1 root 28u IPv4 7422 0t0 UDP *:*')).toMatchObject({ local: { address: '0.0.0.0', port: 0 } })
  })

  it('reads ports by name, where -P was not given', () => {
    expect(rowOf('node 1 root 22u IPv4 7416 0t0 TCP *:http-alt (LISTEN)')).toMatchObject({ local: { port: 8080 } })
  })

  it.each([
    [String.raw`a\x20(b)\x20c`, 'a (b) c'],
    [String.raw`a\\b\x20"x",(y)\x20`, String.raw`a\b "x",(y) `],
    [String.raw`ab\nc\xe3\x81\x82^A`, 'ab\ncあ\u0001'],
    [String.raw`ab\nc\xe3`, 'ab\nc\ufffd'],
    ['Google Chrome He', 'Google Chrome He'],
    ['x 12 34', 'x 12 34'],
  ])('reads the command name %s', (printed, command) => {
    expect(rowOf(`${printed} 77 65534 22u IPv4 7416 0t0 TCP *:8080 (LISTEN)`)?.holders).toEqual([
      { pid: 77, command, fd: 22 },
    ])
  })

  it('reads a process whose command name is empty', () => {
    expect(rowOf('         77 root 22u IPv4 7416 0t0 TCP *:8080 (LISTEN)')?.holders).toEqual([
      { pid: 77, command: null, fd: 22 },
    ])
  })

  it('makes one row of a socket that two processes hold, and two of two sockets at one address', () => {
    const line = (pid: number, device: string) => `node ${pid} root 22u IPv4 ${device} 0t0 TCP *:8080 (LISTEN)\n`
    expect(
      readLsof(line(1, '7416') + line(2, '7416')).rows.map(({ holders }) => holders.map(({ pid }) => pid)),
    ).toEqual([[1, 2]])
    expect(readLsof(line(1, '7416') + line(2, '7417')).rows).toHaveLength(2)
  })

  it('takes the device of macOS for an identity but not for an inode, and a hidden one for neither', () => {
    const line = (pid: number, device: string) => `node ${pid} me 22u IPv4 ${device} 0t0 TCP *:8080 (LISTEN)\n`
    const rows = readLsof(line(1, '0x7d8b1f') + line(2, '0x7d8b1f')).rows
    expect(rows.map(({ inode, holders }) => [inode, holders.length])).toEqual([[null, 2]])
    expect(readLsof(line(1, '0x0') + line(2, '0x0')).rows).toHaveLength(2)
  })

  it('reads what TCP information follows the state, and lines that end as on Windows', () => {
    expect(rowOf('node 1 me 22u IPv4 0x1 0t0 TCP *:8080 (LISTEN QR=0 QS=0)\r')).toMatchObject({ state: 'LISTEN' })
  })

  it.each([
    'node 1 root 22u IPv4 7416 0t0 TCP localhost:8080 (LISTEN)',
    'node 1 root 22u IPv4 7416 0t0 TCP *:8080 (DOZING)',
    'node 1 root 22u IPv4 7416 0t0 TCP *:nobody-knows-this (LISTEN)',
    'node 1 root 22u IPv4 7416 0t0 TCP 127.0.0.1:80->[::1',
    'node 1 root 22u sock 0,9 0t0 12077 protocol: TCP',
    'lsof: something new',
  ])('keeps %j as unread', (line) => {
    expect(readLsof(`${HEADING}\n${line}\n`)).toMatchObject({ rows: [], unread: [line] })
  })

  it('keeps what was printed, without trailing blanks', () => {
    expect(readLsof(`${HEADING} \r\nnode 1 root 28u IPv4 7 0t0 UDP *:80 \r\n\n\n`).printed).toEqual([
      HEADING,
      'node 1 root 28u IPv4 7 0t0 UDP *:80',
    ])
  })

  it('knows the output of another lsof from its own', () => {
    expect([isLsofOutput(`${HEADING}\n`), isLsofOutput(''), isLsofOutput('1\t/bin/busybox\t0\t/dev/null\n')]).toEqual([
      true,
      true,
      false,
    ])
  })
})
