/** All labs under settings in which nothing is wrong: none may fail. Too long for `npm test`; part of what CI runs. */

import { describe, test } from 'vitest'

import { namespaced, noNamespace } from '../namespace.ts'
import { expectSound, runAll } from '../run-all.ts'

test('on a terminal of twenty columns, without a home, in another locale', async () => {
  expectSound(await runAll({ env: { COLUMNS: '20', TERM: 'dumb', HOME: '', LC_ALL: 'ru_RU.KOI8-R', LANG: 'ja_JP' } }))
})

describe.skipIf(noNamespace)(`in a network of its own${noNamespace ? ` (skipped: ${noNamespace})` : ''}`, () => {
  test('with bindv6only set, nothing changes for Node', async () => {
    expectSound(await runAll({ prefix: namespaced('sysctl -qw net.ipv6.bindv6only=1') }))
  })

  test('with clients that get their ports from a range that contains 8080', async () => {
    expectSound(await runAll({ prefix: namespaced('sysctl -qw net.ipv4.ip_local_port_range="8000 8400"') }))
  })

  test('with a hundred ports for clients', async () => {
    expectSound(await runAll({ prefix: namespaced('sysctl -qw net.ipv4.ip_local_port_range="40000 40100"') }))
  })

  test('with every port allowed to every user, and addresses that are not local', async () => {
    const setup = 'sysctl -qw net.ipv4.ip_unprivileged_port_start=0 net.ipv4.ip_nonlocal_bind=1'
    expectSound(await runAll({ prefix: namespaced(setup) }))
  })

  test('with no connection kept in TIME-WAIT', async () => {
    expectSound(await runAll({ prefix: namespaced('sysctl -qw net.ipv4.tcp_max_tw_buckets=0') }))
  })
})
