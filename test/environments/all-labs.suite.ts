/**
 * All labs on machines of several kinds, in which nothing is wrong: none fails, every skip names what is lacking, and
 * nothing stays behind. Too long for `npm test`; part of what CI runs. What a setting could change in any lab stands
 * here; settings that concern few labs are in some-labs.suite.ts.
 */

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, onTestFinished, test } from 'vitest'

import { PROJECT } from '../lab-command.ts'
import { namespaced, noNamespace, whyNot } from '../namespace.ts'
import type { Told } from '../run-all.ts'
import { expectSound, runLabs, together } from '../run-all.ts'

const isRoot = process.getuid?.() === 0

test.skipIf(!isRoot)('as root and as an ordinary user at once (skipped unless by root, who can be both)', async () => {
  const ordinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const env = { HOME: '/nonexistent', NODE_COMPILE_CACHE: cacheOf(65534) }
  const [root, user] = await together(runLabs('all'), runLabs('all', { prefix: ordinary, env }))
  expectSound(root as Told)
  expectSound(user as Told, ['another-user'])
})

/**
 * The user id has no name. In a mount namespace of root's he sees no process of anybody else (proc(5), hidepid), and the
 * project cannot be written to.
 */
const NAMELESS = 54_321
const MOUNTS = `mount -t proc -o hidepid=2 proc /proc && cd / && mount --bind '${PROJECT}' '${PROJECT}' &&
  mount -o remount,bind,ro '${PROJECT}' && cd '${PROJECT}'`
const HIDDEN = ['unshare', '--mount', 'sh', '-c', `${MOUNTS} && umask 077 && exec "$@" <&-`, 'sh']
const noMounts = isRoot ? whyNot([...HIDDEN, 'true']) : 'only root makes a mount namespace for another user'

test.skipIf(noMounts)(
  `by a user without a name, with groups, who sees and writes little${noMounts ? ` (skipped: ${noMounts})` : ''}`,
  async () => {
    const nameless = ['setpriv', `--reuid=${NAMELESS}`, `--regid=${NAMELESS}`, '--groups=20,54322']
    const env = { NODE_COMPILE_CACHE: cacheOf(NAMELESS) }
    expectSound(await runLabs('all', { prefix: [...HIDDEN, ...nameless], env }), ['another-user'])
  },
)

/** Each user has a compile cache of his own, as the launcher sees to it. */
function cacheOf(user: number): string {
  const cache = mkdtempSync(join(tmpdir(), 'ordinary-'))
  onTestFinished(() => rmSync(cache, { recursive: true }))
  chownSync(cache, user, user)
  return cache
}

test.skipIf(isRoot)('by two of this user at once (skipped for root)', async () => {
  for (const told of await together(runLabs('all'), runLabs('all'))) expectSound(told)
})

test('without lsof, ss, netstat, python3, unshare and every other tool', async () => {
  const tools = ['lsof', 'ss', 'netstat', 'nmap', 'tcpdump', 'ip', 'setpriv', 'packet-filter', 'neighbour'] as const
  expectSound(await runLabs('all', { env: { PATH: '/nonexistent' } }), ['own-network', 'python'], tools)
})

// Three things at once that touch different parts: the choice of a port, the layout of words, what tools print.
test('beside a stranger on 8080, with twenty columns, without a home, in another locale', async () => {
  const stranger = createServer().listen({ host: '::', port: 8080 })
  onTestFinished(() => void stranger.close())
  const another = createSocket('udp6').bind({ address: '::', port: 8080 })
  onTestFinished(() => void another.close())
  // Where somebody else has it already, that will do as well.
  await Promise.all([stranger, another].map((socket) => once(socket, 'listening').catch(() => {})))
  const env = { COLUMNS: '20', TERM: 'dumb', HOME: '', LC_ALL: 'ru_RU.KOI8-R', LANG: 'ja_JP' }
  expectSound(await runLabs('all', { env }))
})

describe.skipIf(noNamespace)(`in a network namespace${noNamespace ? ` (skipped: ${noNamespace})` : ''}`, () => {
  test('nothing is missing but another user', async () => {
    expectSound(await runLabs('all', { prefix: namespaced() }), ['another-user'])
  })

  test('with IPv6 switched off, what needs it is skipped by name', async () => {
    const off = namespaced('sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1')
    expectSound(await runLabs('all', { prefix: off }), ['another-user', 'ipv6-loopback'])
  })

  test('with 127.0.0.1 as the only loopback address, as on macOS, the rest is skipped by name', async () => {
    const only = namespaced('ip route del local 127.0.0.0/8 dev lo table local')
    expectSound(await runLabs('all', { prefix: only }), ['another-user', 'loopback-block'])
  })

  test('with the loopback interface down, what needs an address is skipped by name', async () => {
    const perhaps = ['loopback-block', 'ipv6-loopback', 'another-user'] as const
    expectSound(await runLabs('all', { prefix: ['unshare', '-rn'] }), ['ipv4-loopback'], perhaps)
  })
})
