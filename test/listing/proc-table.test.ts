import { describe, expect, it } from 'vitest'
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
