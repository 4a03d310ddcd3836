/** Machines on which something really is wrong: the run says what it is. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execaSync } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'

import type { Verification } from '../../harness/domain/verification.ts'
import { lab, PROJECT } from '../lab-command.ts'
import { namespaced, noNamespace, whyNot } from '../namespace.ts'

const folder = mkdtempSync(join(tmpdir(), 'diagnosis-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SOCKET_LABS_FOLDER = join(PROJECT, 'test/fixtures/diagnosed')

/** By check: the verdict, and the causes in one line each. */
async function diagnosed(setup: string, env: Record<string, string> = {}, wrapper: readonly string[] = []) {
  const prefix = [...namespaced(setup), ...wrapper]
  // What a preloaded library or an option does to the harness itself is no part of this.
  const { stdout } = await lab(['--timeout', '40', '--report', 'json'], {
    command: 'harness/cli/verify.ts',
    prefix,
    env: { SOCKET_LABS_FOLDER, ...env },
  })
  const { verification } = JSON.parse(stdout) as { verification: Verification }
  return Object.fromEntries(
    verification.diagnoses.map(({ check, verdict, causes }) => [
      check,
      [verdict, ...causes.map(({ kind, found, isGuess }) => `${isGuess ? 'perhaps ' : ''}${kind}: ${found}`)],
    ]),
  )
}

const CHAIN = 'add table inet t; add chain inet t in { type filter hook input priority 0; }'
const noFilter = noNamespace ?? whyNot([...namespaced(`nft '${CHAIN}'`), 'true'])
const COMPILER = 'gcc'
const noCompiler = noNamespace ?? whyNot([COMPILER, '--version'])
const noSetpriv = noNamespace ?? whyNot(['setpriv', '--version'])
const because = (why: string | null) => (why === null ? '' : ` (skipped: ${why})`)

describe.skipIf(noNamespace)(`in a network of its own${because(noNamespace)}`, () => {
  test('a calm machine has nothing to explain', async () => {
    expect(await diagnosed('')).toEqual({})
  })

  test('two ports for all clients are named as the cause', async () => {
    expect(await diagnosed('sysctl -qw net.ipv4.ip_local_port_range="40000 40001"')).toEqual({
      'last-client-is-connected': [
        'fail',
        expect.stringMatching(/^setting: .*range is 40000 40001: there are 2 ports/),
      ],
    })
  })

  test('an option of Node that ends each program is named', async () => {
    const hook = join(folder, 'hook.cjs')
    writeFileSync(hook, "if (/programs/.test(process.argv[1] ?? '')) process.exit(9)\n")
    const told = await diagnosed('', { NODE_OPTIONS: `--require=${hook}` })
    expect(Object.keys(told)).toHaveLength(3)
    for (const one of Object.values(told)) {
      expect(one.slice(0, 2)).toEqual(['inconclusive', 'interposed: NODE_OPTIONS is --require=hook.cjs'])
    }
  })
})

describe.skipIf(noSetpriv)(`without the right to privileged ports${because(noSetpriv)}`, () => {
  test('a setting that makes more ports privileged is named', async () => {
    const without = ['setpriv', '--bounding-set=-net_bind_service', '--inh-caps=-net_bind_service']
    const told = await diagnosed('sysctl -qw net.ipv4.ip_unprivileged_port_start=30000', {}, without)
    expect(told['tcp-client-is-connected']).toEqual([
      'inconclusive',
      'setting: net.ipv4.ip_unprivileged_port_start is 30000 (1024 is usual)',
      expect.stringMatching(/^perhaps platform-rule/),
    ])
  })
})

describe.skipIf(noFilter)(`behind a packet filter${because(noFilter)}`, () => {
  // Further ports of a lab come from 10000 on.
  const rules = 'tcp dport 8080 drop; add rule inet t in tcp dport 10000-17999 reject with tcp reset'
  const setup = `nft '${CHAIN}; add rule inet t in ${rules}'`

  test('silence and resets are told apart, and the rule behind each is quoted', async () => {
    expect(await diagnosed(setup)).toEqual({
      'tcp-client-is-connected': ['fail', 'platform-rule: nft list ruleset shows for input: tcp dport 8080 drop'],
      'last-client-is-connected': [
        'fail',
        'platform-rule: nft list ruleset shows for input: tcp dport 10000-17999 reject with tcp reset',
      ],
    })
  })

  test('a policy is the rule behind silence where no rule lets the packet through', async () => {
    const policy = CHAIN.replace('priority 0;', 'priority 0; policy drop;')
    const told = await diagnosed(
      `nft '${policy}; add rule inet t in tcp dport 10000-17999 accept; add rule inet t in ct state established accept'`,
    )
    expect(told['tcp-client-is-connected']).toContain('platform-rule: nft list ruleset shows for input: policy drop')
    expect(told['last-client-is-connected']).toBeUndefined()
  })

  test('where the rules may not be read, the filter is what to look for', async () => {
    const told = await diagnosed(setup, {}, ['env', 'PATH=/nonexistent'])
    expect(told['tcp-client-is-connected']).toEqual([
      'fail',
      expect.stringMatching(/^perhaps platform-rule: Some packets .* get no answer/),
    ])
  })
})

/** As a proxy's library may do with a port that it does not know. */
const SHIM = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
int connect(int fd, const struct sockaddr *to, socklen_t length) {
  int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
  int type = 0;
  socklen_t size = sizeof type;
  getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
  if (type == SOCK_STREAM && to->sa_family == AF_INET && ((const struct sockaddr_in *)to)->sin_port == htons(8080)) {
    errno = ECONNREFUSED;
    return -1;
  }
  return next(fd, to, length);
}
`

describe.skipIf(noCompiler)(`under a preloaded library${because(noCompiler)}`, () => {
  test.each([
    ['libproxychains4.so', ''],
    ['libodd.so', 'perhaps '],
  ])('%s is named', async (name, perhaps) => {
    const library = join(folder, name)
    execaSync(COMPILER, ['-shared', '-fPIC', '-x', 'c', '-', '-o', library], { input: SHIM })
    const told = await diagnosed('', { LD_PRELOAD: library })
    expect(told['tcp-client-is-connected']?.slice(0, 2)).toEqual([
      'fail',
      `${perhaps}interposed: LD_PRELOAD puts ${name} before the C library`,
    ])
    expect(told['datagram-is-received']).toBeUndefined()
  })
})
