/** The kernel's own answer over NETLINK_SOCK_DIAG: bytes that were written by hand, and what this kernel tells. */

import { describe, expect, test } from 'vitest'

import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { readKernelTables } from '../../harness/listing/kernel-tables.ts'
import type { DiagSocket } from '../../harness/listing/sock-diag-message.ts'
import { QUESTION_BYTES, readAnswer, writeQuestion } from '../../harness/listing/sock-diag-message.ts'
import { askSockDiag } from '../../harness/listing/sock-diag.ts'
import { bindUdp, connection, listen } from './real-sockets.ts'

const TCP6 = { protocol: 'tcp', family: 'IPv6' } as const
const noDevice = () => null

/** One message of the answer: struct inet_diag_msg, and the attributes behind it. */
function message(fields: { state: number; port: number; v6Only?: number; device?: number; inode?: number }): Buffer {
  const attributes = fields.v6Only === undefined ? [] : [5, 0, 11, 0, fields.v6Only, 0, 0, 0]
  const bytes = Buffer.alloc(16 + 72)
  bytes.writeUInt32LE(bytes.length + attributes.length, 0)
  bytes.writeUInt16LE(20, 4)
  bytes.writeUInt8(10, 16)
  bytes.writeUInt8(fields.state, 17)
  bytes.writeUInt16BE(fields.port, 20)
  bytes.writeUInt32LE(fields.device ?? 0, 16 + 40)
  bytes.writeUInt32LE(7, 16 + 56)
  bytes.writeUInt32LE(511, 16 + 60)
  bytes.writeUInt32LE(1000, 16 + 64)
  bytes.writeUInt32LE(fields.inode ?? 99, 16 + 68)
  return Buffer.concat([bytes, Buffer.from(attributes)])
}

const DONE = Buffer.from([20, 0, 0, 0, 3, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

function read(bytes: Buffer, nameOf: (index: number) => string | null = noDevice) {
  const found: DiagSocket[] = []
  const rest = readAnswer(bytes, TCP6, nameOf, (socket) => void found.push(socket))
  return { rest, rows: found.map(({ row }) => row) }
}

describe('an answer', () => {
  test('a listener with its backlog, its owner, and whether it takes IPv4', () => {
    const { rest, rows } = read(Buffer.concat([message({ state: 10, port: 8080, v6Only: 0 }), DONE]))
    expect(rest).toBe('done')
    expect(rows).toMatchObject([
      {
        local: { address: '::', port: 8080 },
        peer: null,
        state: 'LISTEN',
        takesIPv4: true,
        receiveQueue: 7,
        sendQueue: 511,
      },
    ])
    expect(rows[0]).toMatchObject({ uid: 1000, inode: 99, device: null })
    expect(read(message({ state: 10, port: 8080, v6Only: 1 })).rows[0]?.takesIPv4).toBe(false)
    expect(read(message({ state: 10, port: 8080 })).rows[0]?.takesIPv4).toBeNull()
  })

  test('a socket of TCP that is bound and no more, and one that no file has any more', () => {
    expect(read(message({ state: 7, port: 8080, v6Only: 0 })).rows[0]?.state).toBe('BOUND-INACTIVE')
    expect(read(message({ state: 6, port: 8080, inode: 0 })).rows[0]).toMatchObject({
      state: 'TIME-WAIT',
      uid: null,
      inode: null,
    })
  })

  test('the device by its name', () => {
    const { rows } = read(message({ state: 10, port: 80, device: 3 }), (index) => `eth${index}`)
    expect(rows[0]?.device).toBe('eth3')
  })

  test('an error of the kernel', () => {
    const error = Buffer.alloc(36)
    error.writeUInt32LE(36, 0)
    error.writeUInt16LE(2, 4)
    error.writeInt32LE(-2, 16)
    expect(read(error).rest).toEqual({ errno: 2 })
  })

  test('is refused where it is cut short', () => {
    const whole = message({ state: 10, port: 80, v6Only: 0 })
    for (let length = 1; length < whole.length; length += 1) {
      expect(() => read(whole.subarray(0, length))).toThrow(RangeError)
    }
  })
})

test('a question asks for every state', () => {
  const bytes = Buffer.alloc(QUESTION_BYTES, 1)
  writeQuestion(bytes, TCP6, 5)
  expect(bytes.readUInt32LE(0)).toBe(QUESTION_BYTES)
  expect([...bytes.subarray(16, 24)]).toEqual([10, 6, 0, 0, 255, 255, 255, 255])
})

/** What both tell. The tables have no column for the device and for IPv4, nor the backlog. */
const inBoth = ({ protocol, family, local, peer, state, uid, inode }: SocketRow) =>
  JSON.stringify({ protocol, family, local, peer, state, uid, inode })

test('this kernel says over sock_diag what its tables say', async ({ skip }) => {
  const { server, port } = await listen({ port: 0, host: '::' })
  await connection(server, port, '127.0.0.1')
  const receiver = await bindUdp('127.0.0.1', port)
  const ports = new Set([port, receiver.address().port])
  const sockets = await askSockDiag()
  if (sockets === null) return skip('sock_diag cannot be asked here')
  const own = (rows: readonly SocketRow[]) =>
    rows
      .filter(({ local }) => ports.has(local.port))
      .map(inBoth)
      .sort()
  const tables = readKernelTables({ holders: false })?.rows ?? []
  expect(own(tables).length).toBeGreaterThan(2)
  expect(own(sockets.map(({ row }) => row))).toEqual(own(tables))
})
