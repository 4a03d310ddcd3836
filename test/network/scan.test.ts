/** Scans of real sockets, each in a network namespace of its own; once with the C library's sockets, once with Node's. */

import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

import type { Scanned } from '../../harness/domain/observation.ts'
import { loadLibc } from '../../harness/network/scan-libc.ts'
import { namespaced, noNamespace } from '../namespace.ts'

const SCAN = join(import.meta.dirname, '../fixtures/scan-elsewhere.ts')

/** A Node without node:ffi has only its own. */
const noLibc = (await loadLibc('tcp', '127.0.0.1')) === null

type Told = {
  saw: Scanned & { error?: string }
  tookMs: number
  left: number
  mostAtOnce: number
  inTimeWait: number
  connections: number
}

type Asked = { protocol: 'tcp' | 'udp'; address?: string; from: number; to: number; abortAt?: number; setup?: string }

async function scanElsewhere(sockets: string, asked: Asked): Promise<Told> {
  const { protocol, address = '127.0.0.1', from, to, abortAt, setup } = asked
  const words = [sockets, protocol, address, `${from}`, `${to}`, ...(abortAt === undefined ? [] : [`${abortAt}`])]
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', SCAN, ...words]
  const [file = '', ...args] = [...namespaced(setup), ...node]
  const { stdout } = await execa(file, args)
  return JSON.parse(stdout) as Told
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const ephemeral = (from: number, to: number) => `echo ${from} ${to} > /proc/sys/net/ipv4/ip_local_port_range`
/** Addresses for documents (RFC 5737): what goes to the loopback interface for them is for nobody, and is dropped. */
const NOBODY = '203.0.113.7'
const toNobody = `ip addr add 203.0.113.1/32 dev lo && ip route add 203.0.113.0/24 dev lo`

describe.skipIf(noNamespace !== null)(`a scan${noNamespace === null ? '' : `: ${noNamespace}`}`, () => {
  describe.skipIf(noLibc)('with the sockets of the C library', () => describeScans('libc'))
  describe('with the sockets of Node', () => describeScans('node'))

  test('of all ports over loopback finds each of them', async () => {
    const { saw } = await scanElsewhere('any', { protocol: 'tcp', from: 0, to: 65_535 })
    expect(saw).toMatchObject({ open: [1080], closed: 65_535, silent: [] })
  })
})

function describeScans(sockets: 'libc' | 'node'): void {
  test.each(['127.0.0.1', '::1'])('over TCP tells the open port of %s from the closed ones', async (address) => {
    const { saw, left, inTimeWait, connections } = await scanElsewhere(sockets, {
      protocol: 'tcp',
      address,
      from: 0,
      to: 2_000,
    })
    expect(saw).toEqual({
      protocol: 'tcp',
      address,
      from: 0,
      to: 2_000,
      open: [1080],
      closed: 2_000,
      silent: [],
      metItself: [],
    })
    expect({ left, inTimeWait, connections }).toEqual({ left: 0, inTimeWait: 0, connections: 1 })
  })

  test.each(['127.0.0.1', '::1'])(
    'over UDP tells of %s who answers, who refuses, and who is silent',
    async (address) => {
      const { saw, left } = await scanElsewhere(sockets, { protocol: 'udp', address, from: 0, to: 2_000 })
      const found = { open: [1007, 1053], closed: 1_997, silent: [1068], metItself: [] }
      expect(saw).toEqual({ protocol: 'udp', address, from: 1, to: 2_000, ...found })
      expect(left).toBe(0)
    },
  )

  test('sees nothing of a service at another loopback address', async () => {
    const { saw } = await scanElsewhere(sockets, { protocol: 'tcp', address: '127.0.0.2', from: 1, to: 1_200 })
    expect(saw).toMatchObject({ open: [], closed: 1_200 })
  })

  // Side by side, because they wait for what does not come.
  test.concurrent.each(['tcp', 'udp'] as const)('over %s tells ports from which nothing comes', async (protocol) => {
    const asked = { protocol, address: NOBODY, from: 1, to: 600, setup: toNobody }
    const { saw, tookMs, left } = await scanElsewhere(sockets, asked)
    expect(saw).toMatchObject({ open: [], closed: 0, silent: range(1, 600) })
    expect(left).toBe(0)
    // The kernel sends a SYN again after a second; Node's sockets cannot see it and wait for the stated time.
    expect(tookMs).toBeGreaterThan(protocol === 'tcp' && sockets === 'libc' ? 950 : 590)
  })

  test.concurrent.each(['tcp', 'udp'] as const)('over %s keeps within the limit of open files', async (protocol) => {
    const asked = { protocol, address: NOBODY, from: 1, to: 400, setup: `${toNobody} && ulimit -n 256` }
    const { saw, mostAtOnce } = await scanElsewhere(sockets, asked)
    expect(saw.silent).toEqual(range(1, 400))
    expect(mostAtOnce).toBeGreaterThan(100)
    expect(mostAtOnce).toBeLessThan(200)
  })

  test.concurrent('over tcp says that there was no free port to ask from', async () => {
    const setup = `${ephemeral(40_000, 40_001)} && export HOLD=40000,40001`
    const { saw, tookMs } = await scanElsewhere(sockets, { protocol: 'tcp', from: 1, to: 10, setup })
    expect(saw.error).toMatch(/^Inconclusive: .* no free port to ask port \d+ \(EADDRNOTAVAIL\)/)
    expect(tookMs).toBeGreaterThan(4_900)
  })

  test.each(['tcp', 'udp'] as const)('over %s never takes itself for an open port', async (protocol) => {
    // With two numbers for all clients, one of two askings of these ports meets itself.
    const met = new Set<number>()
    for (let times = 0; times < 12 && met.size === 0; times++) {
      const asked = { protocol, from: 39_900, to: 40_100, setup: ephemeral(40_000, 40_001) }
      const { saw, left } = await scanElsewhere(sockets, asked)
      expect(saw).toMatchObject({ open: [], closed: 201, silent: [] })
      expect(left).toBe(0)
      for (const port of saw.metItself) met.add(port)
    }
    expect(met.size).toBeGreaterThan(0)
    expect([40_000, 40_001]).toEqual(expect.arrayContaining([...met]))
  })

  test.each(['tcp', 'udp'] as const)(
    'over %s ends at once when it is told to, and leaves nothing',
    async (protocol) => {
      const asked = { protocol, address: NOBODY, from: 1, to: 5_000, abortAt: 200, setup: toNobody }
      const { saw, left, tookMs, mostAtOnce } = await scanElsewhere(sockets, asked)
      expect(saw.error).toBe('Error: enough')
      expect(mostAtOnce).toBeGreaterThan(200)
      expect(left).toBe(0)
      expect(tookMs).toBeLessThan(5_000)
    },
  )

  test.each(['tcp', 'udp'] as const)('over %s does not guess where an answer is of another kind', async (protocol) => {
    const setup = `${toNobody} && ip route add unreachable 203.0.113.7`
    const { saw, left } = await scanElsewhere(sockets, { protocol, address: NOBODY, from: 1, to: 10, setup })
    expect(saw.error).toMatch(/^Inconclusive: port 1 answered the scan with EHOSTUNREACH/)
    expect(left).toBe(0)
  })
}
