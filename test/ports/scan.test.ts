/** Scans of real sockets beside the list of them, each in a network namespace of its own. */

import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, test } from 'vitest'

import type { OutsideView } from '../../harness/domain/ports-outside.ts'
import { namespaced, noNamespace } from '../namespace.ts'

const HERE = join(import.meta.dirname, '../fixtures/ports-scan-here.ts')

const FILTER =
  'nft add table inet f && nft add chain inet f i "{ type filter hook input priority 0; }" && ' +
  'nft add rule inet f i tcp dport 1082 drop && nft add rule inet f i tcp dport 1083 reject with tcp reset && ' +
  'nft add table ip t && nft add chain ip t o "{ type nat hook output priority -100; }" && ' +
  'nft add rule ip t o tcp dport 1999 redirect to :1080'

async function canFilter(): Promise<boolean> {
  const [file, ...args] = [...namespaced(FILTER), 'true']
  return (await execa(file, args, { reject: false })).exitCode === 0
}

async function scanHere(
  host: string,
  ports: string,
  setup = '',
): Promise<{ found: string[]; connections: number; view: OutsideView }> {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', HERE, host, ports]
  const [file = '', ...args] = [...namespaced(setup), ...node]
  const { stdout } = await execa(file, args)
  const { view, connections, own } = JSON.parse(stdout) as { view: OutsideView; connections: number; own: number }
  const found = view.findings.map((one) => {
    const isOwn = one.holders.some(({ pid }) => pid === own)
    const why = 'why' in one ? one.why : one.kind
    return `${one.protocol} ${one.port}${isOwn ? '' : ' of nobody'} ${why} ${one.at.join()}`
  })
  return { found, connections, view }
}

const hasFilter = noNamespace === null && (await canFilter())

describe.skipIf(noNamespace !== null)(`a scan beside the list${noNamespace === null ? '' : `: ${noNamespace}`}`, () => {
  test('of one address tells what answers, and why the rest does not; and no server ends by it', async () => {
    const { found, connections, view } = await scanHere('localhost', '1000-2000')
    expect(found.filter((one) => one.includes('127.0.0.1'))).toEqual([
      'tcp 1053 other-address 127.0.0.1',
      'tcp 1080 open-and-listed 127.0.0.1',
      'tcp 1081 other-family 127.0.0.1',
      'tcp 1082 open-and-listed 127.0.0.1',
      'tcp 1083 open-and-listed 127.0.0.1',
      'udp 1068 silent-udp 127.0.0.1',
      'udp 1123 open-and-listed 127.0.0.1',
      'udp 1353 other-family 127.0.0.1',
    ])
    expect(connections).toBeGreaterThanOrEqual(3)
    expect(view.silent).toEqual([])
    expect(view.shortLived).toEqual([])
  })

  test('of all addresses asks each of them, and those of 127.0.0.0/8 where somebody is', async () => {
    const { found, view } = await scanHere('all', '1000-1200', 'ip addr add 192.0.2.7/32 dev lo')
    expect(new Set(view.scans.map(({ address }) => address))).toEqual(
      new Set(['127.0.0.1', '::1', '192.0.2.7', '127.0.1.1']),
    )
    expect(found).toContain('tcp 1053 open-and-listed 127.0.1.1')
    expect(found).toContain('tcp 1081 open-and-listed ::1')
    // It answers from 127.0.0.1, and the scanner is told of answers from 127.0.1.1 only.
    expect(found).toContain('udp 1123 other-source 127.0.1.1')
  })

  test.skipIf(!hasFilter)('sees a packet filter at work', async () => {
    const { found } = await scanHere('127.0.0.1', '1080-1083,1999', FILTER)
    expect(found).toEqual([
      'tcp 1080 open-and-listed 127.0.0.1',
      'tcp 1081 other-family 127.0.0.1',
      'tcp 1082 filtered 127.0.0.1',
      'tcp 1083 refused 127.0.0.1',
      'tcp 1999 of nobody not-in-the-tables 127.0.0.1',
    ])
  })
})
