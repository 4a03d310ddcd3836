import { describe, expect, it } from 'vitest'
import { LSOF_FIELDS_FORM } from '../../harness/listing/lsof-fields.ts'
import { isLsofOutput, LSOF_FORM, lsofArguments, readLsof } from '../../harness/listing/lsof.ts'

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
    'node 1 root 22u IPv4 7416 0t0 TCP 127.0.0:8080 (LISTEN)',
    'node 1 root 22u IPv4 7416 0t0 TCP *:8080 (DOZING)',
    'node 1 root 22u IPv4 7416 0t0 TCP *:nobody-knows-this (LISTEN)',
    'node 1 root 22u IPv4 7416 0t0 TCP 127.0.0.1:80->[::1',
    'node 1 root 22u sock 0,9 0t0 12077 protocol: TCP',
    'node 1 root 22u REG 8,1 0t0 12077 /tmp/x',
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

describe('LSOF_FORM', () => {
  const read = (...lines: string[]) => LSOF_FORM.read(lines, 1, null)

  it('keeps names of hosts where lsof was not asked for numbers, and the user of each process', () => {
    const line = 'cupsd  91 root 7u IPv6 0x3a1f 0t0 TCP localhost:ipp->printer-3.example.org:49268 (ESTABLISHED)'
    expect(read(HEADING, line).rows).toMatchObject([
      {
        local: { address: 'localhost', port: 631 },
        peer: { address: 'printer-3.example.org', port: 49_268 },
        holders: [{ pid: 91, command: 'cupsd', fd: 7, user: 'root' }],
      },
    ])
    expect(readLsof(`${HEADING}\n${line}\n`).rows[0]?.holders[0]).not.toHaveProperty('user')
  })

  it('says of a port by name that the list of services here lacks it', () => {
    const { rows, unread } = read(HEADING, 'x 1 me 22u IPv4 7 0t0 TCP *:no-such-name (LISTEN)')
    expect(rows).toEqual([])
    expect(unread).toMatchObject([{ line: 2, why: expect.stringContaining('no-such-name') as string }])
  })

  it('counts files and sockets of other kinds, and reads the sockets among them', () => {
    const lines = [
      'COMMAND     PID   TID TASKCMD             USER   FD      TYPE             DEVICE SIZE/OFF       NODE NAME',
      'systemd       1                           root  cwd       DIR              252,1     4096          2 /',
      'systemd       1                           root  mem       REG              252,1   120096       3851 /usr/lib/x (y)',
      'systemd       1                           root  NOFD                                                 /proc/1/fd (opendir: Permission denied)',
      'systemd       1                           root   40u     unix 0xffff9c2841d34400      0t0      18234 /run/systemd/notify type=DGRAM',
      'systemd       1                           root   41u  netlink                          0t0      18240 KOBJECT_UEVENT',
      'ping        700                           root    3u      raw                          0t0      21000 00000000:0001->00000000:0000 st=07',
      'tool        701                           root    3u     sock                0,9      0t0      21001 protocol: TCP',
      "old-tool    702                           root    3u     sock                0,6      0t0      21002 can't identify protocol",
      'chat        703                           root    3u     sock                0,9      0t0      21003 protocol: UNIX-STREAM',
      'node        800                           me     22u     IPv4              21004      0t0        TCP 127.0.0.1:8080 (LISTEN)',
    ]
    const { rows, unread, leftOut } = read(...lines)
    expect(unread).toEqual([])
    expect(rows).toMatchObject([{ local: { port: 8080 }, holders: [{ pid: 800, command: 'node', user: 'me' }] }])
    expect(leftOut).toEqual([
      { kind: 'files', count: 3 },
      { kind: 'unix-sockets', count: 2 },
      { kind: 'other-sockets', count: 2 },
      { kind: 'sockets-without-address', count: 2 },
    ])
  })

  it('counts the threads of a process once, with a heading and without', () => {
    const rows = [
      'node    18760               root   19u  IPv6 31806634      0t0  TCP *:39379 (LISTEN)',
      'node    18760 18774 node    root   19u  IPv6 31806634      0t0  TCP *:39379 (LISTEN)',
      'node    18760 18775 libuv w root   19u  IPv6 31806634      0t0  TCP *:39379 (LISTEN)',
    ]
    const holders = [{ pid: 18_760, command: 'node', fd: 19, user: 'root' }]
    const heading = 'COMMAND   PID   TID TASKCMD USER   FD   TYPE   DEVICE SIZE/OFF NODE NAME'
    expect(read(heading, ...rows).rows.map((row) => row.holders)).toEqual([holders])
    expect(read(...rows).rows.map((row) => row.holders)).toEqual([holders])
  })

  it('finds the process among added columns', () => {
    const heading = 'COMMAND   PID PPID  PGID USER   FD   TYPE   DEVICE SIZE/OFF NODE NAME'
    const row = 'node x  420    1   416 root   19u  IPv6 31797738      0t0  TCP *:45735 (LISTEN)'
    expect(read(heading, row).rows[0]?.holders).toMatchObject([{ pid: 420, command: 'node x', user: 'root' }])
  })

  it('reads the rows of macOS and the BSDs, and counts a socket that is closed already', () => {
    const heading = 'COMMAND     PID   USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME'
    const { rows, unread, leftOut } = read(
      heading,
      String.raw`Google\x20C   410     me   45u  IPv4 0xe3d1a2b3c4d5e6f7      0t0  UDP *:mdns`.replace('\\\\', '\\'),
      'rapportd    412     me    4u  IPv6 0xe3d1a2b3c4d5e6f8      0t0  TCP *:49152 (LISTEN)',
      'rapportd    412     me    9u  IPv6 0xe3d1a2b3c4d5e6f9      0t0  TCP [fe80:4::aede:48ff:fe00:1122]:49152->[fe80:4::1]:49153 (ESTABLISHED)',
      'configd      80   root   10u  IPv6 0xe3d1a2b3c4d5e6fa      0t0 ICMPV6 *:*',
      'Dropbox     500     me   11u  IPv4 0xe3d1a2b3c4d5e6fb      0t0  TCP no PCB, CANTSENDMORE, CANTRCVMORE',
      'launchd       1   root    7u  IPv4 0xe3d1a2b3c4d5e6fc      0t0  UDP *:*',
      'php-fpm     600     me    8u  IPv4 0xe3d1a2b3c4d5e6fd      0t0  TCP localhost:cslistener (LISTEN)',
      'java        601     me    8u  IPv4 0xe3d1a2b3c4d5e6fe      0t0  TCP *:EtlServiceMgr (LISTEN)',
    )
    expect(unread).toEqual([])
    expect(rows.map(({ protocol, local }) => `${protocol} ${local.port}`)).toEqual([
      'udp 5353',
      'tcp 49152',
      'tcp 49152',
      'udp 0',
      'tcp 9000',
      'tcp 9001',
    ])
    expect(rows[0]?.holders[0]?.command).toBe('Google C')
    expect(leftOut).toEqual([
      { kind: 'other-sockets', count: 1 },
      { kind: 'sockets-without-address', count: 1 },
    ])
  })

  it('reads past what the portmapper calls a port', () => {
    expect(read(HEADING, 'nfsd 9 root 5u IPv4 77 0t0 TCP *:2049[nfs] (LISTEN)').rows).toMatchObject([
      { local: { port: 2049 }, state: 'LISTEN' },
    ])
  })

  it('is not taken in by a command name that looks like columns', () => {
    expect(read(HEADING, 'a 3 b 4u IPv4 77 root 22u IPv4 7416 0t0 TCP *:80 (LISTEN)').rows).toMatchObject([
      { holders: [{ pid: 77, command: 'a 3 b 4u IPv4', fd: 22 }] },
    ])
  })

  it.each([
    ['node 1 root 22u IPv4 7416 0t0 TCP', 'it seems to be cut short'],
    ['node 1 root 22u IPv4 7416 0t0 TCP *:80 (LIST', 'it seems to be cut short'],
    ['node 1 root 22u IPv4 7416 0t0 TCP *:80->', 'it seems to be cut short'],
    ['node 1 root 22u IPv4 7416 0t0 TCP *:80 (DOZING)', '"DOZING" is no state of TCP'],
    ['node 1 root 22u IPv4 7416 0t0 TCP *:99999 (LISTEN)', 'there is no port 99999'],
    ['and what does this line mean, do you think?', 'it has other columns than a row of this listing'],
  ])('says why it did not read %j', (line, why) => {
    expect(read(HEADING, line)).toMatchObject({ rows: [], unread: [{ line: 2, text: line, why }] })
  })
})

describe('a line of TCP without its state', () => {
  const line = (fd: number, name: string) => `node 1 root ${fd}u IPv4 ${7400 + fd} 0t0 TCP ${name}`
  const portsOf = (lines: readonly string[], command: string | null = null) =>
    LSOF_FORM.read([HEADING, ...lines], 1, command).rows.map(({ local }) => local.port)

  it('is unread, since its port may be cut, where nothing says that lsof printed no states', () => {
    expect(portsOf([line(1, '*:80')])).toEqual([])
    expect(portsOf([line(1, '*:8080 (LISTEN)'), line(2, '*:80')])).toEqual([8080])
    expect(portsOf([line(1, '*:80'), line(2, '*:22')])).toEqual([])
    expect(portsOf([line(1, '*:80'), line(2, '127.0.0.1:22->127.0.')])).toEqual([])
  })

  it('is read where no line has a state and they end where no cut ends them', () => {
    expect(portsOf([line(1, '*:80'), line(2, '127.0.0.1:22')])).toEqual([80, 22])
    expect(portsOf([line(1, '*:80 (QR=0 QS=0)')])).toEqual([80])
  })

  it.each(['lsof -nP -i -T', 'lsof -nPiT', 'lsof -Tq -i', 'lsof -nP -T qf -i'])('is read after %s', (command) => {
    expect(portsOf([line(1, '*:80')], command)).toEqual([80])
  })

  it.each(['lsof -nP -iTCP', 'lsof -nP -i -Tqs', 'lsof -T qs', 'lsof -sTCP:LISTEN -i'])(
    'is unread after %s',
    (command) => {
      expect(portsOf([line(1, '*:80')], command)).toEqual([])
    },
  )

  it('is told to be cut inside its brackets', () => {
    expect(LSOF_FORM.read([HEADING, line(1, '[::1]')], 1, null).unread[0]?.why).toContain('cut short')
  })
})

describe('LSOF_FIELDS_FORM', () => {
  const LINES = [
    'p90', 'g90', 'R1', 'cmy\\x20daemon', 'u1000', 'Lme',
    'f3', 'au', 'l ', 'tIPv6', 'G0x80802;0x0', 'd31806634', 'o0t0', 'PTCP', 'n*:39379', 'TST=LISTEN', 'TQR=0', 'TQS=0',
    'f4', 'au', 'l ', 'tREG', 'n/tmp/a',
    'f5', 'tunix', 'ntype=STREAM',
    'f6', 'tIPv4', 'd31806640', 'PUDP', 'n127.0.0.1:53->127.0.0.1:4711', 'TQR=0',
    'p91', 'cother', 'u1001',
    'f9', 'tIPv6', 'd31806634', 'PTCP', 'n*:39379', 'TST=LISTEN',
  ] // prettier-ignore

  function expectRead({ rows, unread, leftOut }: ReturnType<typeof LSOF_FIELDS_FORM.read>) {
    expect(unread).toEqual([])
    expect(leftOut).toEqual([
      { kind: 'files', count: 1 },
      { kind: 'unix-sockets', count: 1 },
    ])
    expect(rows).toMatchObject([
      {
        protocol: 'tcp',
        family: 'IPv6',
        local: { address: '::', port: 39_379 },
        state: 'LISTEN',
        inode: 31_806_634,
        holders: [
          { pid: 90, command: 'my daemon', fd: 3, user: 'me' },
          { pid: 91, command: 'other', fd: 9, user: '1001' },
        ],
      },
      { protocol: 'udp', family: 'IPv4', peer: { port: 4711 }, holders: [{ pid: 90, fd: 6 }] },
    ])
  }

  it('reads a field per line, and a process for all of its files', () => {
    expectRead(LSOF_FIELDS_FORM.read(LINES, 1, null))
  })

  it('reads fields that end with NUL', () => {
    const sets: string[] = []
    for (const field of LINES) {
      if (/^[pf]\d/.test(field)) sets.push('')
      sets[sets.length - 1] += `${field}\0`
    }
    expectRead(LSOF_FIELDS_FORM.read(sets, 1, null))
  })

  it('takes a field without its NUL for one that goes on, or was cut', () => {
    const torn = ['p90\0cnode\0', 'f3\0tIPv4\0PTCP\0n*:80', '80\0TST=LISTEN\0', 'f4\0tIPv4\0PTCP\0n*:44']
    const { rows, unread } = LSOF_FIELDS_FORM.read(torn, 1, null)
    expect(rows).toMatchObject([{ local: { port: 8080 }, state: 'LISTEN' }])
    expect(unread).toMatchObject([
      { line: 4, text: 'n*:44' },
      { line: 4, why: expect.stringContaining('field n') as string },
    ])
  })

  it('keeps a second name of one file as a remark', () => {
    const lines = ['p90', 'f3', 'tIPv4', 'd7', 'PTCP', 'n*:80', 'nice, is it not?']
    const { rows, unread } = LSOF_FIELDS_FORM.read(lines, 1, null)
    expect(rows).toMatchObject([{ local: { port: 80 } }])
    expect(unread).toMatchObject([{ line: 7, text: 'nice, is it not?' }])
  })

  it('says which field is missing, and keeps a remark that follows', () => {
    const lines = ['p90', 'cnode', 'f3', 'tIPv4', 'd7', 'n*:80', '', 'not what I expected']
    expect(LSOF_FIELDS_FORM.read(['p90', 'cnode', 'f3', 'n*:http'], 1, null).unread).toHaveLength(1)
    expect(LSOF_FIELDS_FORM.read(lines, 11, null).unread).toMatchObject([
      { line: 18, text: 'not what I expected' },
      { line: 13, why: expect.stringContaining('field P') as string },
    ])
  })
})
