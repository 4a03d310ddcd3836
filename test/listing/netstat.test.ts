import { describe, expect, it } from 'vitest'
import { isNetstatOutput, netstatArguments, readNetstat } from '../../harness/listing/netstat.ts'

const TITLE = 'Active Internet connections (servers and established)'
const HEADING = 'Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name    '

function rowOf(line: string) {
  const { rows, unread } = readNetstat(`${TITLE}\n${HEADING}\n${line}\n`)
  expect(unread).toEqual([])
  expect(rows).toHaveLength(1)
  return rows[0]
}

describe('readNetstat', () => {
  it('reads an IPv6 listener, of which it cannot say whether it takes IPv4', () => {
    const line = 'tcp6       2      0 :::8080                 :::*                    LISTEN      123/node            '
    expect(rowOf(line)).toEqual({
      protocol: 'tcp',
      family: 'IPv6',
      local: { address: '::', port: 8080 },
      peer: null,
      state: 'LISTEN',
      stateAsPrinted: 'LISTEN',
      holders: [{ pid: 123, command: 'node', fd: null }],
      takesIPv4: null,
      uid: null,
      inode: null,
      receiveQueue: 2,
      sendQueue: null,
      retransmits: null,
      device: null,
    })
  })

  it('reads a UDP row, which has no state, and a connected one, which prints one', () => {
    expect(rowOf('udp  0 0 0.0.0.0:8080 0.0.0.0:*      7/a')).toMatchObject({
      protocol: 'udp',
      family: 'IPv4',
      stateAsPrinted: '',
      holders: [{ pid: 7 }],
    })
    expect(rowOf('udp  0 4 127.0.0.1:9 127.0.0.1:8080 ESTABLISHED 7/a')).toMatchObject({
      state: null,
      stateAsPrinted: 'ESTABLISHED',
      peer: { address: '127.0.0.1', port: 8080 },
      sendQueue: 4,
    })
  })

  it('knows no holder where the process may not be seen', () => {
    expect(rowOf('tcp 0 0 0.0.0.0:80 0.0.0.0:* LISTEN -')?.holders).toEqual([])
    expect(rowOf('udp 0 0 0.0.0.0:80 0.0.0.0:* -')?.holders).toEqual([])
    expect(rowOf('udp 0 0 0.0.0.0:80 0.0.0.0:*')?.holders).toEqual([])
  })

  it.each(['a (b) c "q', 'sshd: /usr/sb', '12/34', '- 5 6/x', 'LISTEN'])('reads the program name %j', (program) => {
    expect(rowOf(`tcp 0 0 0.0.0.0:80 0.0.0.0:* LISTEN 5/${program}`)?.holders).toEqual([
      { pid: 5, command: program, fd: null },
    ])
    expect(rowOf(`udp 0 0 0.0.0.0:80 0.0.0.0:* 5/${program}`)?.holders).toEqual([
      { pid: 5, command: program, fd: null },
    ])
  })

  it('writes an IPv4 client of an IPv6 socket as an IPv4-mapped address', () => {
    expect(rowOf('tcp6 0 0 127.0.0.1:80 127.0.0.1:9 TIME_WAIT -')).toMatchObject({
      family: 'IPv6',
      local: { address: '::ffff:127.0.0.1', port: 80 },
      peer: { address: '::ffff:127.0.0.1', port: 9 },
      state: 'TIME-WAIT',
    })
  })

  it('takes the family from the address, where busybox writes tcp for both', () => {
    expect(rowOf('tcp 0 0 :::80 :::* LISTEN 1/node')).toMatchObject({ family: 'IPv6', local: { address: '::' } })
    expect(rowOf('tcp 0 0 ::ffff:127.0.0.1:80 ::ffff:127.0.0.1:9 ESTABLISHED 1/node')).toMatchObject({
      family: 'IPv6',
      local: { address: '::ffff:127.0.0.1', port: 80 },
    })
  })

  it('reads user and inode, where -e was given', () => {
    expect(rowOf('tcp 0 0 0.0.0.0:80 0.0.0.0:* LISTEN 1000 7420 5/node')).toMatchObject({
      uid: 1000,
      inode: 7420,
      holders: [{ pid: 5 }],
    })
    expect(rowOf('udp 0 0 0.0.0.0:80 0.0.0.0:* root 7420 -')).toMatchObject({ uid: null, inode: 7420 })
    expect(rowOf('tcp 0 0 127.0.0.1:80 127.0.0.1:9 TIME_WAIT 0 0 -')).toMatchObject({ uid: null, inode: null })
  })

  it.each([
    'tcp6 0 0 2001:db8:1234:5678::80 :::* LISTEN 1/x',
    'tcp6 0 0 2001:db8:1234:5678:9:80 :::* LISTEN 1/x',
    'tcp 0 0 0.0.0.0:80 0.0.0.0:* DOZING 1/x',
    'tcp 0 0 0.0.0.0:80 0.0.0.0:* 1/x',
    'tcp 0 0 0.0.0.0:80',
    'tcp4 0 0 *.80 *.* LISTEN',
    'raw 0 0 0.0.0.0:1 0.0.0.0:* 7 1/ping',
    'something else',
  ])('keeps %j as unread', (line) => {
    const { rows, unread } = readNetstat(`${TITLE}\n${HEADING}\n${line}\n`)
    expect({ rows, unread }).toEqual({ rows: [], unread: [line] })
  })

  it('reads lines with carriage returns, and passes over the remark for ordinary users', () => {
    const remark =
      '(Not all processes could be identified, non-owned process info\n will not be shown, you would have to be root to see it all.)'
    expect(readNetstat(`${remark}\r\n${TITLE}\r\n${HEADING}\r\nudp6 0 0 :::80 :::* -\r\n`)).toMatchObject({
      rows: [{ family: 'IPv6' }],
      unread: [],
    })
  })

  it('takes a connection that the kernel told twice for one', () => {
    const line = 'tcp 0 0 127.0.0.1:8080 127.0.0.1:40000 ESTABLISHED 7/node'
    const other = line.replace('40000', '40001')
    const { rows, printed } = readNetstat([TITLE, HEADING, line, other, line].join('\n'))
    expect([rows.length, printed.length]).toEqual([2, 5])
  })

  it('asks for addresses that are not cut', () => {
    expect([netstatArguments(), netstatArguments({ protocol: 'tcp' })]).toEqual([['-tunapW'], ['-tnapW']])
  })

  it('knows the Linux form from that of the BSDs', () => {
    const bsd =
      'Active Internet connections (including servers)\nProto Recv-Q Send-Q  Local Address          Foreign Address        (state)    \n'
    expect([isNetstatOutput(`${TITLE}\n${HEADING}\n`), isNetstatOutput(bsd), isNetstatOutput('')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
