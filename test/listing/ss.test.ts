import { describe, expect, it } from 'vitest'
import { isSsOutput, readSs, ssArguments } from '../../harness/listing/ss.ts'

const HEADING = 'Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess'

function rowOf(line: string, protocol?: 'tcp' | 'udp') {
  const { rows, unread } = readSs(`${HEADING}\n${line}\n`, protocol === undefined ? {} : { protocol })
  expect(unread).toEqual([])
  expect(rows).toHaveLength(1)
  return rows[0]
}

function holdersOf(users: string) {
  return rowOf(`tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(${users})`)?.holders.map(({ pid, command, fd }) => [
    pid,
    command,
    fd,
  ])
}

describe('ssArguments', () => {
  it('asks for a port, for a protocol, and for the extended columns', () => {
    expect(ssArguments({ port: 8080 })).toEqual(['-tunap', 'sport = :8080'])
    expect(ssArguments({ port: 8080, protocol: 'udp', extended: true })).toEqual(['-unape', 'sport = :8080'])
    expect(ssArguments()).toEqual(['-tunap'])
  })
})

describe('readSs', () => {
  it('reads a dual-stack listener, whose queues are the accept queue and the backlog', () => {
    expect(rowOf('tcp   LISTEN 3      511      *:8080   *:*    users:(("node",pid=1,fd=3))')).toEqual({
      protocol: 'tcp',
      family: 'IPv6',
      local: { address: '::', port: 8080 },
      peer: null,
      state: 'LISTEN',
      stateAsPrinted: 'LISTEN',
      holders: [{ pid: 1, command: 'node', fd: 3 }],
      takesIPv4: true,
      uid: null,
      inode: null,
      receiveQueue: 3,
      sendQueue: 511,
      retransmits: null,
      device: null,
    })
  })

  it('tells the wildcard addresses apart', () => {
    expect(rowOf('tcp LISTEN 0 511 [::]:8080 [::]:*')).toMatchObject({
      family: 'IPv6',
      local: { address: '::' },
      takesIPv4: false,
    })
    expect(rowOf('udp UNCONN 0 0 0.0.0.0:8080 0.0.0.0:*')).toMatchObject({
      family: 'IPv4',
      takesIPv4: null,
      peer: null,
    })
    expect(rowOf('tcp LISTEN 0 5 [::1]:8080 [::]:*')).toMatchObject({ local: { address: '::1' }, takesIPv4: null })
  })

  it.each([
    ['0.0.0.0%eth0:37000', '0.0.0.0', null],
    ['*%eth0:37000', '::', true],
    ['[::]%eth0:37000', '::', false],
    ['[fe80::1]%eth0:37000', 'fe80::1', null],
    ['[fe80::1%eth0]:37000', 'fe80::1', null],
  ])('reads the device of %s', (local, address, takesIPv4) => {
    const row = rowOf(`udp UNCONN 0 0 ${local} *:*`)
    expect(row).toMatchObject({ local: { address, port: 37_000 }, takesIPv4, device: 'eth0' })
  })

  it('names TCP states as the RFC does and gives UDP none', () => {
    expect(rowOf('tcp ESTAB 0 0 [::ffff:127.0.0.1]:8080 [::ffff:127.0.0.1]:49268')).toMatchObject({
      state: 'ESTABLISHED',
      stateAsPrinted: 'ESTAB',
      peer: { address: '::ffff:127.0.0.1', port: 49_268 },
    })
    expect(rowOf('tcp SYN-SENT 0 1 10.0.0.1:9 10.0.0.2:8')).toMatchObject({ state: 'SYN-SENT', sendQueue: 1 })
    expect(rowOf('udp UNCONN 0 0 *:8080 *:*')).toMatchObject({ state: null, stateAsPrinted: 'UNCONN' })
    expect(rowOf('udp ESTAB 0 0 127.0.0.1:9 127.0.0.1:8')).toMatchObject({ state: null, peer: { port: 8 } })
  })

  it('reads rows without a Netid column, given the protocol', () => {
    expect(rowOf('LISTEN 0 7 127.0.0.1:80 0.0.0.0:*', 'tcp')).toMatchObject({ protocol: 'tcp', state: 'LISTEN' })
    expect(readSs('LISTEN 0 7 127.0.0.1:80 0.0.0.0:*').unread).toHaveLength(1)
  })

  it('reads the extended columns', () => {
    const row = 'tcp LISTEN 0 511 *:80 *:* users:(("x ino:5 uid:6",pid=1,fd=3))'
    expect(rowOf(`${row} uid:1000 ino:7418 sk:5 cgroup:/a v6only:0 <->`)).toMatchObject({ uid: 1000, inode: 7418 })
    expect(rowOf(`${row} ino:7418 sk:5 cgroup:/a v6only:0 <->`)).toMatchObject({ uid: 0, inode: 7418 })
    expect(rowOf(row)).toMatchObject({ uid: null, inode: null })
    const late = 'tcp TIME-WAIT 0 0 127.0.0.1:80 127.0.0.1:9 timer:(timewait,59sec,0) ino:0 sk:6'
    expect(rowOf(late)).toMatchObject({ state: 'TIME-WAIT', uid: null, inode: null, holders: [] })
  })

  it('reads several holders', () => {
    expect(holdersOf('("node",pid=1,fd=3),("a b",pid=2,fd=4)')).toEqual([
      [1, 'node', 3],
      [2, 'a b', 4],
    ])
  })

  it.each([
    'a (b',
    'a "b"',
    '",pid=1,fd=2)',
    '",pid=1,fd=2),(',
    '",pid=1,fd=2)) ',
    'x),("y',
    'a, b',
    'users:((',
    'a\nb',
    '\n\n',
  ])('is not taken in by the command name %j', (command) => {
    const users = `("${command}",pid=98,fd=3),("x",pid=99,fd=4)`
    expect(holdersOf(users)).toEqual([
      [98, command, 3],
      [99, 'x', 4],
    ])
  })

  it('reads a process whose command name is empty', () => {
    expect(holdersOf('("",pid=98,fd=3)')).toEqual([[98, null, 3]])
  })

  it('reads the row after one that a command name has torn', () => {
    const text = 'tcp LISTEN 0 1 0.0.0.0:80 0.0.0.0:* users:(("a\nb",pid=1,fd=3))\ntcp LISTEN 0 1 0.0.0.0:81 0.0.0.0:*'
    expect(readSs(text).rows.map(({ local }) => local.port)).toEqual([80, 81])
  })

  it.each([
    'tcp LISTEN 0 511 :::80 :::*',
    'tcp DOZING 0 511 *:80 *:*',
    'tcp LISTEN 0 511 *:80',
    'tcp LISTEN 0 511 *:80 *:* users:(("node",pid=1,f',
    'mptcp LISTEN 0 511 *:80 *:*',
    'u_str ESTAB 0 0 * 12 * 13',
    'tcp LISTEN x 511 *:80 *:*',
    '\t cubic wscale:7,7 rto:204',
  ])('keeps %j as unread', (line) => {
    expect(readSs(`${HEADING}\n${line}\n`)).toMatchObject({ rows: [], unread: [line] })
  })

  it('keeps what was printed, without trailing blanks and carriage returns', () => {
    expect(readSs(`${HEADING}   \r\nudp UNCONN 0 0 *:1 *:*  \r\n`)).toMatchObject({
      printed: [HEADING, 'udp UNCONN 0 0 *:1 *:*'],
      rows: [{ local: { port: 1 } }],
    })
  })

  it('knows its own heading', () => {
    expect([isSsOutput(HEADING + '\n'), isSsOutput('ss: unrecognised option'), isSsOutput('')]).toEqual([
      true,
      false,
      false,
    ])
    expect(isSsOutput('State  Recv-Q Send-Q Local Address:Port')).toBe(true)
  })
})
