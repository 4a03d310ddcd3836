/** What every lab expects of which system: each with a source, and none with a source that speaks of Linux alone. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { findLabs } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { PROJECT } from '../lab-command.ts'

/**
 * Section 7 of the manual is Linux's own text on each protocol; the BSDs have it in section 4. The rest are the kernel's
 * source, its documentation, its file systems, and tools that come with it alone.
 */
const LINUX_ALONE =
  /\(7\)|\blinux\b|\bkernel\b|\bnet\/(?:ipv4|ipv6|core|unix)\/|\binclude\/(?:net|linux)\/|Documentation\/|\bproc(?:_\w+)?\(5\)|\/proc\b|\bss\(8\)|iproute2|\bip(?:-\w+)?\(8\)|\bveth\(4\)|capabilities/i

const labs = await Promise.all(findLabs().map((id) => loadLab(id)))
const expectations = labs.flatMap(({ id, lab }) =>
  Object.values(lab.acts).flatMap(({ checks }) =>
    Object.entries(checks).flatMap(([check, { expect: of }]) =>
      Object.entries(of).map(([system, { source }]) => ({ lab: id, check, system, source })),
    ),
  ),
)
const told = ({ check, system, source }: (typeof expectations)[number]) => `${check}, ${system}: ${source}`

test('there are expectations of every system that they may name', () => {
  const systems = new Set(expectations.map(({ system }) => system))
  expect([...systems].sort()).toEqual(['darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'posix', 'win32'])
  expect(labs.every(({ defect }) => defect === null)).toBe(true)
})

test('every expectation has a source', () => {
  expect(expectations.filter(({ source }) => source.trim() === '').map(told)).toEqual([])
})

test('no expectation of another system rests on what speaks of Linux alone', () => {
  const others = expectations.filter(({ system }) => system !== 'linux')
  expect(others.filter(({ source }) => LINUX_ALONE.test(source)).map(told)).toEqual([])
})

test('every note of this project that is given as a source is there', () => {
  const notes = expectations.flatMap(({ source }) => source.match(/docs\/notes\/[\w/.-]+/g) ?? [])
  expect(notes.length).toBeGreaterThan(0)
  expect([...new Set(notes)].filter((note) => !existsSync(join(PROJECT, note)))).toEqual([])
})

describe('a source', () => {
  test.each([
    'ipv6(7)',
    'bind(2); ip(7), ip_nonlocal_bind',
    'kernel net/ipv4/icmp.c, icmp_err_convert',
    'Linux include/net/sock.h, sk_acceptq_is_full',
    'net/unix/af_unix.c and fs/pipe.c against net/ipv4/tcp.c',
    'proc_pid_net(5)',
    'listen(2), EOPNOTSUPP; ss(8)',
    'docs/notes/linux/port-in-no-table.md',
  ])('%s speaks of Linux alone', (source) => {
    expect(source).toMatch(LINUX_ALONE)
  })

  test.each([
    'POSIX bind, EADDRINUSE',
    'RFC 3493, section 5.3',
    'libuv, uv__tcp_bind: IPV6_V6ONLY 0',
    'unix(4) of macOS and the BSDs, SCM_RIGHTS',
    'OpenBSD sys/netinet/in_pcb.c, in_pcbbind',
    'lsof(8): one line for each open file',
  ])('%s does not', (source) => {
    expect(source).not.toMatch(LINUX_ALONE)
  })
})
