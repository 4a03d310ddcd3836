/** All labs, end to end, on machines of several kinds: none fails, every skip has its reason, nothing stays behind. */

import { describe, expect, test } from 'vitest'

import { findLabs } from '../harness/catalog/find.ts'
import { namespaced, noNamespace } from './namespace.ts'
import { expectSound, of, runAll } from './run-all.ts'

test('as this user every lab has checks that pass', async () => {
  const told = await runAll()
  const skipped = expectSound(told)
  for (const id of findLabs()) {
    expect(of(told.checks, 'pass').filter((line) => line.startsWith(id)).length).toBeGreaterThan(0)
  }
  // Only another user's rights may be missing on a machine that runs these tests.
  expect(skipped.filter((line) => !line.includes('another-user') && !line.includes('ipv6-loopback'))).toEqual([])
})

const ordinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

test.skipIf(process.getuid?.() !== 0)('as an ordinary user (skipped: only root can become one)', async () => {
  const skipped = expectSound(await runAll({ prefix: ordinary, env: { HOME: '/nonexistent' } }))
  expect(skipped.filter((line) => !line.includes('another-user'))).toEqual([])
})

test('without lsof, ss, netstat and every other tool', async () => {
  const skipped = expectSound(await runAll({ env: { PATH: '/nonexistent' } }))
  expect(skipped.filter((line) => !/another-user|ipv6-loopback/.test(line))).toEqual([])
})

describe.skipIf(noNamespace)(`in a network of its own${noNamespace ? ` (skipped: ${noNamespace})` : ''}`, () => {
  test('nothing is missing but another user', async () => {
    const skipped = expectSound(await runAll({ prefix: namespaced() }))
    expect(skipped.filter((line) => !line.includes('another-user'))).toEqual([])
  })

  test('with IPv6 switched off, what needs it is skipped by name', async () => {
    const off = namespaced('sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1')
    const skipped = expectSound(await runAll({ prefix: off }))
    expect(skipped.filter((line) => line.includes('ipv6-loopback')).length).toBeGreaterThan(5)
    expect(skipped.filter((line) => !/another-user|ipv6-loopback/.test(line))).toEqual([])
  })

  test('with 127.0.0.1 as the only loopback address, as on macOS, the rest is skipped by name', async () => {
    const only = namespaced('ip route del local 127.0.0.0/8 dev lo table local')
    const skipped = expectSound(await runAll({ prefix: only }))
    expect(skipped.filter((line) => line.includes('loopback-block')).length).toBeGreaterThan(5)
  })

  test('with the loopback interface down, everything is skipped, and the exit code says that nothing failed', async () => {
    const { exitCode, checks } = await runAll({ prefix: ['unshare', '-rn'] })
    expect(exitCode).toBe(0)
    expect(checks.length).toBeGreaterThan(40)
    expect(of(checks, 'skip').length).toBe(checks.length)
  })
})
