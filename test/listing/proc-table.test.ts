import { describe, expect, it } from 'vitest'
import { PROC_FORM } from '../../harness/listing/proc-form.ts'
import { readProcTable } from '../../harness/listing/proc-table.ts'
import type { ProcTable } from '../../harness/listing/proc-table.ts'

const TCP: ProcTable = { protocol: 'tcp', family: 'IPv4' }
const TCP6: ProcTable = { protocol: 'tcp', family: 'IPv6' }
const UDP: ProcTable = { protocol: 'udp', family: 'IPv4' }
const LITTLE = { endianness: 'LE' } as const
const BIG = { endianness: 'BE' } as const

const HEADING = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'

/** A line as the kernel writes it. */
function line(
  local: string,
  peer: string,
  state: string,
  rest = '00000000:00000000 00:00000000 00000000     0        0 648',
) {
  return `   0: ${local} ${peer} ${state} ${rest} 1 000000002a7e6ff9 100 0 0 10 0                       \n`
}

function addressOf(hex: string, table: ProcTable, options: typeof LITTLE | typeof BIG) {
  return readProcTable(line(`${hex}:1F90`, `${hex}:0000`, '0A'), table, options).rows[0]?.local.address
}

describe('readProcTable', () => {
  it('reads a listener', () => {
    const rest = '00000000:00000003 00:00000000 00000000  1000        0 7416'
    const text = `${HEADING}\n${line('0100007F:1F90', '00000000:0000', '0A', rest)}`
    expect(readProcTable(text, TCP, LITTLE).rows).toEqual([
      {
        protocol: 'tcp',
        family: 'IPv4',
        local: { address: '127.0.0.1', port: 8080 },
        peer: null,
        state: 'LISTEN',
        stateAsPrinted: '0A',
        holders: [],
        takesIPv4: null,
        uid: 1000,
        inode: 7416,
        receiveQueue: 3,
        sendQueue: null,
        retransmits: 0,
        device: null,
      },
    ])
  })

  it('reads queues and retransmits as hexadecimal numbers', () => {
    const rest = '0000001F:000000FF 01:00000019 0000000A     0        0 7420'
    expect(readProcTable(line('0100007F:9C40', '0200007F:1F90', '02', rest), TCP, LITTLE).rows[0]).toMatchObject({
      state: 'SYN-SENT',
      peer: { address: '127.0.0.2', port: 8080 },
      sendQueue: 31,
      receiveQueue: 255,
      retransmits: 10,
    })
  })

  it('reads addresses in the byte order of either kind of machine', () => {
    expect(addressOf('0100007F', TCP, LITTLE)).toBe('127.0.0.1')
    expect(addressOf('7F000001', TCP, BIG)).toBe('127.0.0.1')
    expect(addressOf('B80D0120000000000000000001000000', TCP6, LITTLE)).toBe('2001:db8::1')
    expect(addressOf('20010DB8000000000000000000000001', TCP6, BIG)).toBe('2001:db8::1')
    expect(addressOf('0000000000000000FFFF00000100007F', TCP6, LITTLE)).toBe('::ffff:127.0.0.1')
    expect(addressOf('00000000000000000000FFFF7F000001', TCP6, BIG)).toBe('::ffff:127.0.0.1')
    expect(addressOf('00000000000000000000000000000000', TCP6, LITTLE)).toBe('::')
  })

  it('gives UDP neither state nor retransmits', () => {
    const text = line('00000000:1F90', '00000000:0000', '07') + line('0100007F:1F90', '0100007F:0009', '01')
    expect(readProcTable(text, UDP, LITTLE).rows).toMatchObject([
      { state: null, stateAsPrinted: '07', peer: null, retransmits: null, sendQueue: 0 },
      { state: null, stateAsPrinted: '01', peer: { address: '127.0.0.1', port: 9 }, retransmits: null },
    ])
  })

  it('knows neither owner nor inode of a socket in TIME-WAIT', () => {
    const rest = '00000000:00000000 03:00000DF2 00000000     0        0 0'
    expect(readProcTable(line('0100007F:1F90', '0100007F:C074', '06', rest), TCP, LITTLE).rows[0]).toMatchObject({
      state: 'TIME-WAIT',
      uid: null,
      inode: null,
    })
  })

  it('keeps for a port the lines that name it at either end, and the rows whose own it is', () => {
    const own = line('0100007F:1F90', '0100007F:C074', '01')
    const client = line('0100007F:C074', '0100007F:1F90', '01')
    const other = line('0100007F:1F91', '0100007F:C074', '01')
    const { printed, rows } = readProcTable(`${HEADING}\n${own}${client}${other}`, TCP, { ...LITTLE, port: 8080 })
    expect(rows.map(({ local }) => local.port)).toEqual([8080])
    expect(printed).toEqual([HEADING, own.trimEnd(), client.trimEnd()])
  })

  it('is not taken in by a port with leading zeros', () => {
    const text = line('0100007F:0050', '00000000:0000', '0A') + line('0100007F:5000', '00000000:0000', '0A')
    expect(readProcTable(text, TCP, { ...LITTLE, port: 80 }).rows.map(({ local }) => local.port)).toEqual([80])
  })

  it.each([
    ['a cut line', '   0: 0100007F:1F90 00000000:0000 0A 00000000:0000'],
    ['an address of the other family', line('00000000000000000000000000000000:1F90', '00000000:0000', '0A').trimEnd()],
    ['an address that is no number', line('0100007G:1F90', '00000000:0000', '0A').trimEnd()],
    ['anything else', 'who knows :1F90 '.trimEnd()],
  ])('keeps %s as unread', (_, text) => {
    expect(readProcTable(`${HEADING}\n${text}\n`, TCP, LITTLE)).toMatchObject({ rows: [], unread: [text] })
  })

  it('gives a state that it does not know as it was printed', () => {
    expect(readProcTable(line('0100007F:1F90', '00000000:0000', '3F'), TCP, LITTLE).rows[0]).toMatchObject({
      state: null,
      stateAsPrinted: '3F',
    })
  })
})

describe('PROC_FORM', () => {
  const HEADING6 =
    '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
  const UDP_HEADING =
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'
  const ZEROS = '0'.repeat(32)

  const read = (text: string, command: string | null = null) => {
    const { rows, ...others } = PROC_FORM.read(
      text
        .trimEnd()
        .split('\n')
        .map((one) => one.trimEnd()),
      1,
      command,
    )
    return { ...others, told: rows.map(({ protocol, family, local }) => `${protocol} ${family} ${local.address}`) }
  }

  /** As udp has it: a counter of references, a pointer, and dropped datagrams. */
  const udpLine = (local: string, peer: string, state = '07') =>
    `  7: ${local} ${peer} ${state} 00000000:00000000 00:00000000 00000000     0        0 649 2 000000002a7e6ff9 0\n`

  it('tells the four tables apart by their headings and addresses', () => {
    const text = [
      `${HEADING}\n${line('0100007F:1F90', '00000000:0000', '0A')}`,
      `${HEADING6}\n${line(`${ZEROS}:1F91`, `${ZEROS}:0000`, '0A').replace(' 648 ', ' 650 ')}`,
      `${UDP_HEADING}\n${udpLine('0100007F:0035', '00000000:0000')}`,
    ].join('')
    expect(read(text)).toEqual({
      told: ['tcp IPv4 127.0.0.1', 'tcp IPv6 ::', 'udp IPv4 127.0.0.1'],
      unread: [],
      leftOut: [],
      asked: { connections: true, tcp: true, udp: true, IPv4: true, IPv6: true },
    })
    expect(read(`${HEADING}\n`).asked).toEqual({ connections: true, tcp: true, udp: false, IPv4: true, IPv6: false })
  })

  it('tells them apart without headings, by the columns at the end', () => {
    expect(
      read(line('0100007F:1F90', '00000000:0000', '0A') + udpLine('0100007F:0035', '0100007F:0036', '01')).told,
    ).toEqual(['tcp IPv4 127.0.0.1', 'udp IPv4 127.0.0.1'])
  })

  it('reads what grep, head and the command say of the table', () => {
    const row = line('0100007F:1F90', '0200007F:1F91', '01').trimStart()
    expect(read(`/proc/net/udp:   ${row}`).told).toEqual(['udp IPv4 127.0.0.1'])
    expect(read(`==> /proc/net/udp <==\n   ${row}`).told).toEqual(['udp IPv4 127.0.0.1'])
    expect(read(`   ${row}`, 'grep 1F90 /proc/net/udp').told).toEqual(['udp IPv4 127.0.0.1'])
    expect(read(`   ${row}`).told).toEqual(['tcp IPv4 127.0.0.1'])
  })

  it.each(['inode ref pointer', 'inode ref', 'inode r', 'inode', 'ino', ''])(
    'does not take UDP for TCP where its heading ends with "%s"',
    (end) => {
      const heading = `${UDP_HEADING.slice(0, UDP_HEADING.indexOf('inode'))}${end}`
      expect(read(`${heading}\n${udpLine('0100007F:0035', '00000000:0000')}`).told).toEqual(['udp IPv4 127.0.0.1'])
    },
  )

  it('leaves out raw sockets, UDP-Lite and ping, by every way of naming their table', () => {
    const rows = `${UDP_HEADING}\n${udpLine('0100007F:0001', '00000000:0000')}`
    const leftOut = [{ kind: 'other-sockets', count: 1 }]
    for (const name of ['raw', 'raw6', 'udplite', 'udplite6', 'icmp', 'icmp6']) {
      expect(read(rows, `cat /proc/net/${name}`)).toMatchObject({ told: [], leftOut })
      expect(read(`==> /proc/net/${name} <==\n${rows}`)).toMatchObject({ told: [], leftOut })
      expect(read(`/proc/net/${name}:${udpLine('0100007F:0001', '00000000:0000')}`)).toMatchObject({
        told: [],
        leftOut,
      })
    }
    expect(read(rows + rows, 'cat /proc/net/{udp,raw}')).toMatchObject({ told: ['udp IPv4 127.0.0.1'], leftOut })
  })

  it('finds the byte order of the machine in the addresses that every machine has', () => {
    const other = line('0A000001:0050', '00000000:0000', '0A').replace(' 648 ', ' 7 ')
    expect(read(line('7F000001:1F90', '00000000:0000', '0A') + other).told).toEqual([
      'tcp IPv4 127.0.0.1',
      'tcp IPv4 10.0.0.1',
    ])
    expect(read(line('0100007F:1F90', '00000000:0000', '0A') + other).told).toEqual([
      'tcp IPv4 127.0.0.1',
      'tcp IPv4 1.0.0.10',
    ])
    expect(read(line(`${'0'.repeat(31)}1:1F90`, `${ZEROS}:0000`, '0A')).told).toEqual(['tcp IPv6 ::1'])
    expect(read(line(`${'0'.repeat(24)}01000000:1F90`, `${ZEROS}:0000`, '0A')).told).toEqual(['tcp IPv6 ::1'])
  })

  it('keeps lines that are cut short or no rows', () => {
    const text = `${HEADING}\n   0: 0100007F:1F90 00000000:0000 0A 00000000:00\nhello\n`
    expect(read(text).unread).toMatchObject([
      { line: 2, why: 'it seems to be cut short' },
      { line: 3, text: 'hello' },
    ])
  })
})
