import { describe, expect, it } from 'vitest'
import { isSsOutput, readSs, SS_FORM, ssArguments } from '../../harness/listing/ss.ts'

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

describe('SS_FORM', () => {
  const read = (...lines: string[]) => SS_FORM.read(lines, 1, null)
  const told = (reading: ReturnType<typeof read>) =>
    reading.rows.map(({ protocol, family, local }) => `${protocol} ${family} ${local.address} ${local.port}`)

  it('reads what iproute2 printed before 2018, where a star is the wildcard address of IPv4', () => {
    const reading = read(
      'Netid  State      Recv-Q Send-Q Local Address:Port               Peer Address:Port',
      'udp    UNCONN     0      0         *:5353                  *:*                   users:(("avahi-daemon",pid=511,fd=12))',
      'udp    UNCONN     0      0      *%enp0s3:37000                  *:*                   users:(("dnsmasq",1032,9))',
      'udp    UNCONN     0      0        :::5353                 :::*',
      'tcp    LISTEN     0      128      :::80                   :::*                   users:(("apache2",pid=2,fd=4),("apache2",pid=3,fd=4))',
      'tcp    LISTEN     0      5      ::1:631                 :::*',
      'tcp    ESTAB      0      0      ::ffff:127.0.0.1:80              ::ffff:127.0.0.1:40000',
    )
    expect(reading.unread).toEqual([])
    expect(told(reading)).toEqual([
      'udp IPv4 0.0.0.0 5353',
      'udp IPv4 0.0.0.0 37000',
      'udp IPv6 :: 5353',
      'tcp IPv6 :: 80',
      'tcp IPv6 ::1 631',
      'tcp IPv6 ::ffff:127.0.0.1 80',
    ])
    expect(reading.rows.map(({ takesIPv4 }) => takesIPv4)).toEqual([null, null, null, null, null, null])
    expect(reading.rows[1]).toMatchObject({ device: 'enp0s3', holders: [{ pid: 1032, command: 'dnsmasq', fd: 9 }] })
  })

  it('adds the lines below a row to it', () => {
    const { rows, unread } = read(
      'State Recv-Q Send-Q Local Address:Port Peer Address:Port Process',
      'LISTEN 0 128 0.0.0.0:2024 0.0.0.0:* ino:648 sk:a cgroup:/ <->',
      '\t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0) bbr cwnd:10',
      'TIME-WAIT 0 0 127.0.0.1:80 127.0.0.1:38318 timer:(timewait,2.172ms,0) ino:0 sk:ae7b',
      '\t',
      'ESTAB 0 0 127.0.0.1:80 127.0.0.1:9 users:(("x",pid=5,fd=6)) timer:(keepalive,7min,0)',
      '\t cubic wscale:7,7 rto:204',
    )
    expect(unread).toEqual([])
    expect(rows).toMatchObject([{ inode: 648 }, { state: 'TIME-WAIT' }, { holders: [{ pid: 5 }] }])
  })

  it.each([60, 72, 80, 90])('puts together what a terminal of %i columns broke, inside a word too', (columns) => {
    const whole = [
      'Netid State  Recv-Q Send-Q             Local Address:Port       Peer Address:Port Process',
      'tcp   LISTEN 0      128                      0.0.0.0:22              0.0.0.0:*     users:(("sshd",pid=803,fd=3))',
      'tcp   LISTEN 0      511                            *:8080                  *:*     users:(("node",pid=1911,fd=21),("node-MainThread",pid=1912,fd=22))',
      'udp   UNCONN 0      0                        0.0.0.0:68              0.0.0.0:*     users:(("dhclient",pid=612,fd=9))',
      'tcp   LISTEN 0      128          [2001:db8:0:ffff::10]:2222             [::]:*     users:(("a b",pid=804,fd=3))',
      'udp   UNCONN 0      0                    127.0.0.53%lo:53            0.0.0.0:*',
    ]
    const broken = whole.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [])
    const { rows, unread } = read(...broken.map((line) => line.trimEnd()))
    expect(unread).toEqual([])
    expect(rows.map(({ local, holders }) => [local.port, holders.map(({ command, pid }) => [command, pid])])).toEqual([
      [22, [['sshd', 803]]],
      [
        8080,
        [
          ['node', 1911],
          ['node-MainThread', 1912],
        ],
      ],
      [68, [['dhclient', 612]]],
      [2222, [['a b', 804]]],
      [53, []],
    ])
  })

  it('does not take a remark for the rest of a row', () => {
    expect(read(HEADING, 'tcp LISTEN 0 5 *:80 *:*', 'Is that right?')).toMatchObject({
      rows: [{ local: { port: 80 } }],
      unread: [{ line: 3, text: 'Is that right?' }],
    })
  })

  it.each([
    [['LISTEN 0 5 0.0.0.0:80 0.0.0.0:*', 'ESTAB 0 0 10.0.0.1:9 10.0.0.2:8'], 'tcp'],
    [['UNCONN 0 0 0.0.0.0:68 0.0.0.0:*', 'ESTAB 0 0 10.0.0.1:9 10.0.0.2:8'], 'udp'],
    [['ESTAB 0 0 10.0.0.1:9 10.0.0.2:8'], 'tcp'],
  ])('finds out from the states which protocol a listing without that column is of', (lines, protocol) => {
    const reading = read('State Recv-Q Send-Q Local Address:Port Peer Address:Port Process', ...lines)
    expect(reading.rows.map((row) => row.protocol)).toEqual(lines.map(() => protocol))
    expect(reading.asked).toEqual({ [protocol === 'tcp' ? 'udp' : 'tcp']: false })
  })

  it('believes the command where there is one', () => {
    const lines = ['UNCONN 0 0 10.0.0.1:9 0.0.0.0:*']
    expect(SS_FORM.read(lines, 1, 'ss -Htan').rows).toMatchObject([{ protocol: 'tcp', state: 'CLOSED' }])
  })

  it('counts sockets of other kinds', () => {
    const { rows, leftOut, unread } = read(
      'Netid State Recv-Q Send-Q Local Address:Port Peer Address:Port Process',
      'nl    UNCONN    4352   0        tcpdiag:ss/17587          *',
      'u_str ESTAB     0      0              * 31794597         * 31794598 users:(("node",pid=16624,fd=23))',
      'u_dgr UNCONN 0 0 /run/systemd/notify 18234 * 0',
      'icmp6 UNCONN 0 0 *:ipv6-icmp *:*',
      'p_raw UNCONN 0 0 arp:eth0 *',
      '??? UNCONN 0 0 *:5 *:*',
      'v_str LISTEN 0 0 *:1024 *:*',
      'tcp LISTEN 0 128 0.0.0.0:ssh 0.0.0.0:*',
    )
    expect(rows).toMatchObject([{ local: { port: 22 } }])
    expect(unread.map(({ text }) => text)).toEqual(['??? UNCONN 0 0 *:5 *:*'])
    expect(leftOut).toEqual([
      { kind: 'other-sockets', count: 4 },
      { kind: 'unix-sockets', count: 2 },
    ])
  })

  it('counts raw sockets, which have no Netid when they alone are asked for', () => {
    const reading = read('State Recv-Q Send-Q Local Address:Port Peer Address:Port', 'UNCONN 0 0 *:ipv6-icmp *:*')
    expect(reading).toMatchObject({ rows: [], unread: [], leftOut: [{ kind: 'other-sockets', count: 1 }] })
  })

  it('keeps names of hosts', () => {
    expect(told(read('tcp ESTAB 0 0 localhost:http-alt localhost:38318'))).toEqual(['tcp IPv4 localhost 8080'])
  })

  it.each([
    ['tcp LISTEN 0 511 127.0.0.1:80', 'it seems to be cut short'],
    ['tcp LISTEN 0 511 127.0.0.1:80 0.0.0.0:* users:(("no', 'its process column is cut short, or has another form'],
    ['tcp LISTEN 0 511 127.0.0.1:nosuchport 0.0.0.0:*', expect.stringContaining('nosuchport') as string],
    ['tcp LISTEN 0 511 [2001:db8::1 0.0.0.0:*', expect.stringContaining('2001:db8:') as string],
    ['tcp DOZING 0 511 127.0.0.1:80 0.0.0.0:*', '"DOZING" is no state of TCP'],
  ])('says why it did not read %j', (line, why) => {
    expect(read(HEADING, line)).toMatchObject({ rows: [], unread: [{ line: 2, text: line, why }] })
  })

  it('reads a column of ten thousand processes', () => {
    const users = Array.from({ length: 10_000 }, (_, index) => `("w",pid=${index + 1},fd=4)`).join(',')
    expect(read(`tcp LISTEN 0 511 127.0.0.1:80 0.0.0.0:* users:(${users})`).rows[0]?.holders).toHaveLength(10_000)
  })
})
