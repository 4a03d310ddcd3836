/** `npm run doctor`, run for real: on this machine, under other settings, without tools, and as another user. */

import { hostname, networkInterfaces, userInfo } from 'node:os'

import { beforeAll, describe, expect, test } from 'vitest'

import { findLabs } from '../../harness/catalog/find.ts'
import type { Forecast, MachineNames } from '../../harness/domain/forecast.ts'
import { CAPABILITIES } from '../../harness/domain/lab.ts'
import type { Machine } from '../../harness/domain/machine.ts'
import type { LabRunOptions } from '../lab-command.ts'
import { lab } from '../lab-command.ts'
import { namespaced, noNamespace, whyNot } from '../namespace.ts'

const DOCTOR = { command: 'harness/cli/doctor.ts' }

type Told = { format: string; version: number; names: MachineNames | null; machine: Machine; forecast: Forecast }

async function doctor(options: LabRunOptions = {}, ...args: string[]): Promise<Told> {
  const { exitCode, stdout, stderr } = await lab(['--json', ...args], { ...options, ...DOCTOR })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as Told
}

async function inWords(args: string[] = [], options: LabRunOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await lab(args, { ...options, ...DOCTOR })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return stdout
}

/** For several labs at once, on a machine that does other things too. */
const LONG_MS = 180_000

/** What was observed, by check. */
async function answers(labs: readonly string[], prefix: readonly string[]): Promise<Record<string, string | null>> {
  const { stdout } = await lab([...labs, '--report', 'json'], { prefix, timeoutMs: LONG_MS })
  const told = JSON.parse(stdout) as { labs: { checks: { id: string; observed: string | null }[] }[] }
  return Object.fromEntries(told.labs.flatMap(({ checks }) => checks.map(({ id, observed }) => [id, observed])))
}

const settingOf = ({ machine }: Told, name: string) => machine.settings.find((one) => one.name === name)?.value

const CHAIN = 'add table inet t; add chain inet t in { type filter hook input priority 0; }'
const noFilter = noNamespace ?? whyNot([...namespaced(`nft '${CHAIN}'`), 'true'])

describe('on this machine', () => {
  let text: string
  let markdown: string
  let json: string
  let named: string

  beforeAll(async () => {
    const forms = [[], ['--markdown'], ['--json'], ['--json', '--names']]
    ;[text = '', markdown = '', json = '', named = ''] = await Promise.all(forms.map((args) => inWords(args)))
  })

  test('the JSON has all that is asked, and every lab', () => {
    const { format, version, names, machine, forecast } = JSON.parse(json) as Told
    expect({ format, version, names }).toEqual({ format: 'socket-labs-doctor', version: 1, names: null })
    expect(Object.keys(machine.capabilities)).toEqual([...CAPABILITIES])
    expect(machine.runtime.node).toBe(process.version)
    expect(forecast.labs.map((one) => one.lab)).toEqual(findLabs())
    for (const { version: known, why } of machine.tools)
      expect([known, why].filter((one) => one === null)).toHaveLength(1)
  })

  test('neither form tells who and where it is, and --names does', () => {
    const addresses = Object.values(networkInterfaces()).flatMap((some = []) => some)
    const secrets = [
      hostname(),
      userInfo().username,
      ...addresses.filter((one) => !one.internal).map((one) => one.address),
    ]
    const asWord = (text: string) => new RegExp(`(?<![\\w.:-])${RegExp.escape(text)}(?![\\w.:-])`)
    for (const form of [text, markdown, json]) for (const secret of secrets) expect(form).not.toMatch(asWord(secret))
    expect((JSON.parse(named) as Told).names).toMatchObject({ host: hostname(), user: userInfo().username })
    for (const secret of secrets) expect(named).toMatch(asWord(secret))
  })

  test('for reading: sections in their order, no line wider than 80 columns', () => {
    const lines = text.split('\n')
    const titles = lines.filter((line) => /^\S/.test(line))
    const machine = ['System', 'Runtime', 'Loopback', 'Settings', 'What a setting changes', 'Tools', 'Rights']
    const all = [...machine, 'Sandbox for handed-in programs', 'Labs']
    expect(titles.slice(0, all.length)).toEqual(all)
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  })

  test('for a bug report: what is long is folded away', () => {
    expect(markdown).toContain('### System')
    expect(markdown.match(/<details>/g)).toHaveLength(2)
    expect(markdown.match(/<\/details>/g)).toHaveLength(2)
  })

  test('variables that come between are told without what is secret in them', async () => {
    const env = { HTTPS_PROXY: 'http://ann:word@proxy.example:1', NODE_OPTIONS: '--title=/somewhere/secret/x' }
    const told = await doctor({ env })
    expect(told.machine.runtime.interposed).toEqual(
      expect.arrayContaining([
        { name: 'HTTPS_PROXY', value: 'set' },
        { name: 'NODE_OPTIONS', value: '--title=x' },
      ]),
    )
    expect(JSON.stringify(told)).not.toMatch(/proxy\.example|somewhere/)
  })
})

describe.skipIf(noNamespace)(`in a network namespace${noNamespace === null ? '' : ` (${noNamespace})`}`, () => {
  test('settings are those of that network, and what they change is told', async () => {
    const setup = 'sysctl -qw net.ipv6.bindv6only=1 net.ipv4.ip_local_port_range="1024 65535"'
    const told = await doctor({ prefix: namespaced(setup) })
    expect(settingOf(told, 'net.ipv6.bindv6only')).toBe('1')
    expect(settingOf(told, 'net.ipv4.ip_local_port_range')).toBe('1024 65535')
    expect(told.forecast.settings.filter(({ here }) => here).map(({ effect }) => effect)).toEqual(['any-client-port'])
    expect(told.machine.system.surroundings.join()).toMatch(/user namespace: there is one user in it/)
  })

  test('an interface that is down, and one without addresses', async () => {
    const [down, bare] = await Promise.all([
      doctor({ prefix: ['unshare', '-rn'] }),
      doctor({ prefix: namespaced('ip addr flush dev lo') }),
    ])
    expect(down.machine.loopback).toEqual([{ name: 'lo', isUp: false, addresses: [] }])
    expect(bare.machine.loopback).toEqual([{ name: 'lo', isUp: true, addresses: [] }])
    expect(down.machine.protocols.ipv4.works).toBe(false)
    expect(down.forecast.remedies).toContainEqual(expect.objectContaining({ do: 'interface-up' }))
    const ofOwnNetwork = down.forecast.labs.filter(({ skips, unsure }) => skips.length + unsure.length === 0)
    expect(ofOwnNetwork.map((one) => one.lab)).toContain('23-lost-packets')
  })

  test(
    'a setting changes the answers that it is said to change, and no other of these labs',
    async () => {
      const changed = 'net.ipv4.ip_nonlocal_bind=1 net.ipv4.ip_unprivileged_port_start=0'
      const prefix = namespaced(`sysctl -qw ${changed} net.ipv4.ip_local_port_range="1024 65535"`)
      const labs = ['05-address-in-use', '08-ephemeral-ports', '15-privileged-ports']
      const [{ forecast }, usual, there] = await Promise.all([
        doctor({ prefix, timeoutMs: LONG_MS }),
        answers(labs, namespaced()),
        answers(labs, prefix),
      ])
      const differing = Object.keys(usual).filter((id) => usual[id] !== there[id])
      const foretold = forecast.settings.filter(({ here }) => here).flatMap(({ checks }) => checks)
      expect(differing.sort()).toEqual(foretold.sort())
      expect(foretold).toHaveLength(3)
    },
    LONG_MS,
  )

  test.skipIf(noFilter)(
    `a packet filter${noFilter === null ? '' : ` (${noFilter})`}: its rule, and nothing of others`,
    async () => {
      const rules = ['iifname "wg-acme" accept', 'ip saddr 198.51.100.7 drop', 'tcp dport 8080 drop comment "acme"']
      const { machine, forecast } = await doctor({
        prefix: namespaced(`nft '${[CHAIN, ...rules].join('; add rule inet t in ')}'`),
      })
      expect(machine.filter?.why).toBeNull()
      expect(forecast.filter?.rules).toEqual([
        { hook: 'input', text: 'tcp dport 8080 drop', shownBy: 'nft list ruleset' },
      ])
      expect(forecast.remedies).toContainEqual(expect.objectContaining({ do: 'let-through' }))
      expect(JSON.stringify({ machine, forecast })).not.toMatch(/acme|198\.51/)
    },
  )

  test('what is foretold comes true', async () => {
    // Whatever is in PATH: sysctl sets the network up before PATH is taken away.
    const prefix = [...namespaced('sysctl -qw net.ipv6.conf.all.disable_ipv6=1'), 'env', 'PATH=/nonexistent']
    const labs = ['04-dual-stack', '09-both-directions', '16-inside-view']
    const { forecast } = await doctor({ prefix })
    const { stdout } = await lab([...labs, '--report', 'json'], { prefix })
    const told = JSON.parse(stdout) as { labs: { checks: { id: string; verdict: string }[] }[] }
    const checks = told.labs.flatMap((one) => one.checks)
    const foretold = forecast.labs.filter((one) => labs.includes(one.lab))
    expect(foretold.flatMap(({ unsure }) => unsure)).toEqual([])
    expect(foretold.flatMap(({ skips }) => skips.flatMap((skip) => skip.checks)).sort()).toEqual(
      checks
        .filter(({ verdict }) => verdict === 'skip')
        .map(({ id }) => id)
        .sort(),
    )
  })
})

test('without any tool: each is named as absent, and how to get them', async () => {
  const { machine, forecast } = await doctor({ env: { PATH: '/nonexistent' } })
  expect(new Set(machine.tools.map(({ why }) => why))).toEqual(new Set(['not installed']))
  expect(machine.rights['user-namespaces'].works).toBe(false)
  const lacking = new Set(forecast.labs.flatMap(({ skips }) => skips.map(({ capability }) => capability)))
  expect([...lacking]).toEqual(expect.arrayContaining(['own-network', 'lsof', 'ss', 'python']))
})

const OTHER_USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
const noOtherUser = whyNot([...OTHER_USER, 'true'])

test.skipIf(noOtherUser)(`as an ordinary user${noOtherUser === null ? '' : ` (${noOtherUser})`}`, async () => {
  const told = await doctor({ prefix: OTHER_USER })
  const start = Number(settingOf(told, 'net.ipv4.ip_unprivileged_port_start'))
  expect(told.machine.rights['privileged-ports'].works).toBe(start <= 4)
  expect(told.machine.rights['another-user']).toEqual({ works: false, how: 'this is user 65534 already' })
  expect(told.forecast.remedies).toContainEqual(expect.objectContaining({ do: 'superuser' }))
})

describe('wrong usage', () => {
  test.each([
    [['04'], 'doctor: it takes no words; npm run lab runs a lab\n'],
    [['--json', '--markdown'], 'doctor: --json and --markdown are two forms; choose one\n'],
    [['--jsno'], 'doctor: there is no option --jsno; there are --json, --markdown, --names, --help\n'],
  ])('%j', async (args, told) => {
    const { exitCode, stdout, stderr } = await lab(args, DOCTOR)
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: told.trimEnd() })
  })

  test('--help says what there is', async () => {
    expect(await inWords(['--help'])).toMatch(/--markdown .*for a bug report/)
  })
})
