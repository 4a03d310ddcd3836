import { describe, expect, it } from 'vitest'
import type { ReadText } from '../../harness/domain/look.ts'
import { readListings } from '../../harness/listing/recognise.ts'

const SS = [
  'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process',
  'tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*     users:(("sshd",pid=803,fd=3))',
  'udp   UNCONN 0      0            0.0.0.0:68        0.0.0.0:*     users:(("dhclient",pid=612,fd=9))',
]

const LSOF = [
  'COMMAND   PID USER   FD   TYPE   DEVICE SIZE/OFF NODE NAME',
  'node    17420   me   19u  IPv6 31797738      0t0  TCP *:8080 (LISTEN)',
  'node    17420   me   21u  IPv6 31797740      0t0  UDP *:35664',
]

const PROC = [
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
  '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 7416 1 000000002a7e6ff9 100 0 0 10 0',
]

const FIELDS = ['p90', 'cnode', 'f3', 'tIPv4', 'PTCP', 'n127.0.0.1:9229', 'TST=LISTEN']

/** Format, lines and ports of each listing, and the numbers of the unread lines. */
function told({ listings, unread }: ReadText) {
  return {
    listings: listings.map(({ format, lines, rows, unread: inside }) => ({
      format,
      lines: [lines?.from, lines?.to],
      ports: rows.map(({ local }) => local.port),
      ...(inside.length === 0 ? {} : { unread: inside.map(({ line }) => line) }),
    })),
    unread: unread.map(({ line }) => line),
  }
}

const read = (...lines: string[]) => told(readListings(lines.join('\n')))

describe('readListings', () => {
  it('tells the forms by their headings', () => {
    expect(read(...SS)).toEqual({ listings: [{ format: 'ss', lines: [1, 3], ports: [22, 68] }], unread: [] })
    expect(read(...LSOF)).toEqual({ listings: [{ format: 'lsof', lines: [1, 3], ports: [8080, 35_664] }], unread: [] })
    expect(read(...PROC)).toEqual({ listings: [{ format: 'proc', lines: [1, 2], ports: [8080] }], unread: [] })
  })

  it('tells them by their rows where there is no heading', () => {
    expect(read(...SS.slice(1)).listings).toEqual([{ format: 'ss', lines: [1, 2], ports: [22, 68] }])
    expect(read(...LSOF.slice(1)).listings).toEqual([{ format: 'lsof', lines: [1, 2], ports: [8080, 35_664] }])
    expect(read(...PROC.slice(1)).listings).toEqual([{ format: 'proc', lines: [1, 1], ports: [8080] }])
    expect(read(...FIELDS).listings).toEqual([{ format: 'lsof-fields', lines: [1, 7], ports: [9229] }])
  })

  it('tells listings apart that follow one another, of one form and of several', () => {
    const text = [...SS, ...LSOF, ...LSOF, '', ...PROC, ...FIELDS, ...SS.slice(1)]
    expect(read(...text)).toEqual({
      listings: [
        { format: 'ss', lines: [1, 3], ports: [22, 68] },
        { format: 'lsof', lines: [4, 6], ports: [8080, 35_664] },
        { format: 'lsof', lines: [7, 9], ports: [8080, 35_664] },
        { format: 'proc', lines: [11, 12], ports: [8080] },
        { format: 'lsof-fields', lines: [13, 19], ports: [9229] },
        { format: 'ss', lines: [20, 21], ports: [22, 68] },
      ],
      unread: [],
    })
  })

  it('tells the rounds of lsof -r apart', () => {
    const rounds = [...LSOF, '=======', ...LSOF.slice(1), '====12:30:05====', ...LSOF]
    expect(read(...rounds).listings.map(({ lines }) => lines)).toEqual([
      [1, 4],
      [5, 7],
      [8, 10],
    ])
    expect(read(...FIELDS, 'm', ...FIELDS).listings.map(({ lines }) => lines)).toEqual([
      [1, 8],
      [9, 15],
    ])
  })

  it("makes one listing of several of the kernel's tables, and two of one table read twice", () => {
    const udp = PROC.map((line) => line.replace(' inode', ' inode ref pointer drops').replace(' 7416 ', ' 7417 '))
    expect(read(...PROC, ...udp).listings).toEqual([{ format: 'proc', lines: [1, 4], ports: [8080, 8080] }])
    expect(read(...PROC, ...PROC).listings.map(({ lines }) => lines)).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  it.each([
    ['$ ', 'ss -tulnp'],
    ['# ', 'sudo ss -tulnp'],
    ['me@box:~$ ', 'ss -tulnp | grep -v 127'],
    ['[me@box ~]$ ', '/usr/sbin/ss -tulnp'],
    ['(venv) me@box:/srv/www (main)# ', 'ss -tulnp'],
    ['box% ', 'doas ss -tulnp'],
    ['', 'ss -tulnp'],
  ])('takes the command from a line with the prompt %j', (prompt, command) => {
    const { listings, unread } = readListings([`${prompt}${command}`, ...SS, '$ '].join('\n'))
    expect(listings).toMatchObject([{ command, lines: { from: 2, to: 4 } }])
    expect(unread).toEqual([])
  })

  it('gives a command to the listing that follows it only', () => {
    const { listings } = readListings(['$ lsof -i', '$ ss -ltun', ...SS, ...LSOF].join('\n'))
    expect(listings.map(({ command }) => command)).toEqual(['ss -ltun', null])
  })

  it.each([
    ['CRLF', SS.join('\r\n')],
    ['a byte order mark', `\uFEFF${SS.join('\n')}`],
    ['colours', SS.join('\n').replaceAll('LISTEN', '\u001b[01;31m\u001b[KLISTEN\u001b[m\u001b[K')],
    ['the title of a window', `\u001b]0;me@box\u0007${SS.join('\n')}`],
    ["a pager's last line", `${SS.join('\n')}\n(END)\n`],
    ['tabs', SS.map((line) => line.replaceAll(/ {2,}/g, '\t')).join('\n')],
    ['the quotes of a mail', SS.map((line) => `> > ${line}`).join('\n')],
    ['an indented block', SS.map((line) => `    ${line}`).join('\n')],
  ])('reads through %s', (_, text) => {
    expect(told(readListings(text))).toEqual({
      listings: [{ format: 'ss', lines: [1, 3], ports: [22, 68] }],
      unread: [],
    })
  })

  it('reads through fences and counts the lines around them', () => {
    expect(
      read('Look:', '', '```console', '$ ss -tulnp', ...SS, '```', '', 'and', '~~~', ...LSOF, '~~~', 'What now?'),
    ).toEqual({
      listings: [
        { format: 'ss', lines: [5, 7], ports: [22, 68] },
        { format: 'lsof', lines: [12, 14], ports: [8080, 35_664] },
      ],
      unread: [1, 10, 16],
    })
  })

  it('keeps a line inside a listing that its form does not own, with its number', () => {
    const [heading = '', ...rows] = SS
    expect(read(heading, 'tcp LISTEN 0', ...rows, 'Is 22 bad?').listings).toEqual([
      { format: 'ss', lines: [1, 5], ports: [22, 68], unread: [2, 5] },
    ])
  })

  it('gives every line back as unread where there is no listing at all', () => {
    expect(readListings('Dear all,\n\nwhat is a port?\n')).toEqual({
      listings: [],
      unread: [
        { line: 1, text: 'Dear all,', why: 'it belongs to no form of listing that is known' },
        { line: 3, text: 'what is a port?', why: 'it belongs to no form of listing that is known' },
      ],
    })
    expect(readListings('')).toEqual({ listings: [], unread: [] })
  })

  it('says what the other lines of a terminal are', () => {
    const { unread } = readListings(
      ['me@box:~$ uname -a', 'Linux box 6.1', "lsof: WARNING: can't stat() fuse file system /run/user/1000/doc"].join(
        '\n',
      ),
    )
    expect(unread.map(({ why }) => why)).toEqual([
      'it is a command that lists no sockets',
      'it belongs to no form of listing that is known',
      'it is a warning of lsof about files that it may not look at',
    ])
  })
})

describe('blind', () => {
  const blindOf = (...lines: string[]) => readListings(lines.join('\n')).listings[0]?.blind

  it('knows from the command what was not asked for', () => {
    expect(blindOf('$ ss -ltunp', ...SS)).toEqual(['connections'])
    expect(blindOf('$ ss -ltnp4', ...SS.slice(0, 2))).toEqual(['connections', 'udp', 'IPv6'])
    expect(blindOf('$ lsof -nP -iTCP', ...LSOF.slice(0, 2))).toEqual(['other-users', 'dual-stack', 'udp'])
    expect(blindOf('$ cat /proc/net/tcp', ...PROC)).toEqual(['processes', 'udp', 'IPv6'])
  })

  it('says so where only the rows tell', () => {
    expect(blindOf(...SS)).toEqual(['connections', 'IPv6'])
    expect(blindOf('$ ss -tunap | grep 22', ...SS.slice(1))).toEqual(['connections', 'IPv6'])
  })

  it('misses processes where some rows have one and others should', () => {
    const row = 'tcp   LISTEN 0      128          0.0.0.0:25        0.0.0.0:*'
    expect(blindOf('$ ss -tunap', ...SS, row)).toEqual(['some-processes'])
    expect(blindOf('$ ss -tunap', ...SS, 'tcp TIME-WAIT 0 0 10.0.0.1:22 10.0.0.2:4711')).toEqual([])
    expect(blindOf('$ ss -tuna', ...SS.map((line) => line.replace(/users.*/, '')))).toEqual(['processes'])
  })
})

describe('remarks and commands around a listing', () => {
  const whysOf = (...lines: string[]) => {
    const { listings, unread } = readListings(lines.join('\n'))
    return [...unread, ...listings.flatMap((one) => one.unread)].map(({ line, why }) => `${line}: ${why}`)
  }

  it('tells what lsof says on its way', () => {
    const remark = 'lsof: no pwd entry for UID 1234'
    expect(whysOf(remark, ...LSOF, remark, ...LSOF.slice(1))).toEqual([
      '1: it is a remark of lsof',
      '5: it is a remark of lsof',
    ])
  })

  it.each(['$ busybox netstat -tuna', 'busybox netstat -tuna', '# /bin/busybox netstat -tuna'])(
    'knows %s',
    (command) => {
      const text = [
        'Active Internet connections (servers and established)',
        'tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN',
      ]
      expect(whysOf(command, ...text)).toEqual([])
      expect(readListings([command, ...text].join('\n')).listings[0]?.command).toContain('netstat -tuna')
    },
  )

  it('takes lines below a heading of ss for the rest of it while they may be', () => {
    const begun = performance.now()
    readListings(`State Recv-Q Send-Q\n${'x\n'.repeat(200_000)}`)
    expect(performance.now() - begun).toBeLessThan(3000)
  })
})
