/** What is foretold from declarations and a machine. */

import { describe, expect, test } from 'vitest'

import { OWN_LABS } from '../../harness/catalog/find.ts'
import { readDeclaration } from '../../harness/catalog/read.ts'
import type { Remedy } from '../../harness/domain/forecast.ts'
import type { AnyAct, AnyCheck, Capability, Lab } from '../../harness/domain/lab.ts'
import type { Machine, Setting } from '../../harness/domain/machine.ts'
import { foretellSettings } from '../../harness/verify/forecast-settings.ts'
import { forecast } from '../../harness/verify/forecast.ts'
import { aMachine } from './a-machine.ts'

function check(...requires: Capability[]): AnyCheck {
  return {
    requires,
    outcomes: ['seen'],
    outcome: () => 'seen',
    expect: { linux: { outcome: 'seen', source: 'socket(7)' } },
    lie: 'another-port',
  }
}

function act(requires: Capability[], checks: Record<string, AnyCheck>, network?: 'own'): AnyAct {
  return { requires, checks, experiment: () => Promise.resolve(null), ...(network ? { network } : {}) }
}

function foretell(acts: Record<string, AnyAct>, machine: Machine) {
  return forecast([{ id: '01-one', lab: { id: '01-one', acts }, defect: null }], machine)
}

function labOf(acts: Record<string, AnyAct>, machine: Machine) {
  return foretell(acts, machine).labs[0]
}

describe('skips', () => {
  const acts = {
    plain: act(['ipv4-loopback'], { a: check(), b: check('nmap') }),
    own: act(['ipv6-loopback'], { c: check('ss'), d: check('another-user') }, 'own'),
  }

  test('none where nothing is lacking', () => {
    const whole = { lab: '01-one', checks: 4, defect: null, unsourced: 0, skips: [], unsure: [] }
    expect(labOf(acts, aMachine())).toEqual(whole)
  })

  test('of a check, of an act, and of an act for want of a network of its own', () => {
    const machine = aMachine({}, { nmap: 'nmap: ENOENT', 'own-network': 'forbidden', ss: 'ss: ENOENT' })
    expect(labOf(acts, machine)?.skips).toEqual([
      { capability: 'nmap', why: 'nmap: ENOENT', acts: [], checks: ['b'] },
      { capability: 'own-network', why: 'forbidden', acts: ['own'], checks: ['c', 'd'] },
    ])
  })

  test('what depends on the network is not sure in another one; what is sure goes first', () => {
    const found = labOf(acts, aMachine({}, { 'ipv6-loopback': 'no ::1', ss: 'ss: ENOENT' }))
    expect(found?.skips).toEqual([{ capability: 'ss', why: 'ss: ENOENT', acts: [], checks: ['c'] }])
    expect(found?.unsure).toEqual([{ capability: 'ipv6-loopback', why: 'no ::1', acts: ['own'], checks: ['d'] }])
  })

  test('a packet filter was tried in a network of its own, and elsewhere nothing is known of it', () => {
    const lacking = aMachine({}, { 'packet-filter': 'no nf_tables' })
    expect(labOf({ own: act(['packet-filter'], { a: check() }, 'own') }, lacking)?.skips).toHaveLength(1)
    expect(labOf({ plain: act(['packet-filter'], { a: check() }) }, lacking)?.unsure).toHaveLength(1)
  })

  test('a lab that cannot be loaded, and a system of which no source speaks', () => {
    const [broken] = forecast([{ id: '02-two', lab: null, defect: 'lab.ts is missing' }], aMachine()).labs
    expect(broken).toMatchObject({ checks: 0, defect: 'lab.ts is missing' })
    const darwin = aMachine({ system: { ...aMachine().system, os: 'darwin' } })
    expect(labOf(acts, darwin)?.unsourced).toBe(4)
  })
})

describe('settings', () => {
  const effectsOf = (settings: Record<string, string | null>) => {
    const known: Setting[] = Object.entries(settings).map(([name, value]) => ({ name, value, usual: null }))
    return foretellSettings(aMachine({ settings: known }))
  }
  const here = (settings: Record<string, string | null>) =>
    effectsOf(settings)
      .filter((one) => one.here)
      .map(({ effect }) => effect)

  test.each([
    ['net.ipv4.ip_unprivileged_port_start', '0', ['no-port-is-privileged']],
    ['net.ipv4.ip_unprivileged_port_start', '1', ['no-port-is-privileged']],
    ['net.ipv4.ip_unprivileged_port_start', '80', []],
    ['net.ipv4.ip_local_port_range', '32768 60999', []],
    ['net.ipv4.ip_local_port_range', '1024 65535', ['any-client-port']],
    ['net.ipv4.ip_local_port_range', '1025 65535', []],
    ['net.ipv4.ip_local_port_range', '49152 65535', ['dynamic-ports-only']],
    ['net.ipv4.ip_local_port_range', '40000 40001', ['client-ports-run-out']],
    ['net.ipv4.ip_local_port_range', '40000 40099', []],
    ['net.ipv4.ip_nonlocal_bind', '1', ['address-of-another-host']],
  ])('%s of %s changes %j', (name, value, effects) => {
    expect(here({ [name]: value })).toEqual(effects)
  })

  test('each is about checks that there are', async () => {
    const names = ['ip_unprivileged_port_start', 'ip_local_port_range', 'ip_nonlocal_bind']
    const rows = effectsOf(Object.fromEntries(names.map((name) => [`net.ipv4.${name}`, '0']))).filter((one) => one.lab)
    expect(rows).toHaveLength(4)
    for (const { lab, checks } of rows) {
      const { acts } = (await readDeclaration(lab, OWN_LABS)).value as Lab
      const known = Object.values(acts).flatMap((one) => Object.keys(one.checks))
      expect(known).toEqual(expect.arrayContaining(checks))
    }
  })

  test('one that this system does not have changes nothing', () => {
    expect(effectsOf({ 'net.ipv4.ip_nonlocal_bind': null })).toEqual([])
  })

  test('one whose lab is not in the folder is not told', () => {
    const settings = [{ name: 'net.ipv4.ip_nonlocal_bind', value: '1', usual: '0' }]
    expect(foretell({}, aMachine({ settings })).settings).toEqual([])
  })
})

describe('remedies', () => {
  const everything: Record<string, AnyAct> = {
    plain: act(['ipv4-loopback', 'ipv6-loopback', 'loopback-block', 'bound-socket'], {
      a: check('lsof', 'another-user'),
    }),
    own: act(['packet-filter'], { b: check('nmap') }, 'own'),
  }
  const remediesFor = (changes: Partial<Machine>, lacking: Partial<Record<Capability, string>>): Remedy[] =>
    foretell(everything, aMachine(changes, lacking)).remedies
  const absent = (...names: string[]) => names.map((name) => ({ name, version: null, why: 'not installed' }))

  test('none where nothing is lacking, whatever else is not installed', () => {
    expect(remediesFor({ tools: absent('strace', 'lsof') }, {})).toEqual([])
  })

  test('one command for all tools, also for those that are met only after another one', () => {
    const lacking = { lsof: 'x', nmap: 'x', 'packet-filter': 'x', 'own-network': 'x' }
    const tools = absent('lsof', 'nmap', 'nft', 'unshare')
    expect(remediesFor({ tools }, lacking)).toEqual([
      {
        do: 'install',
        tools: ['lsof', 'nmap', 'nft', 'unshare'],
        command: 'sudo apt install lsof nmap nftables util-linux',
        labs: ['01-one'],
      },
    ])
  })

  test.each([
    ['Fedora Linux 43', 'sudo dnf install iproute'],
    ['Alpine Linux v3.22', 'sudo apk add iproute2'],
    ['Something of our own', null],
  ])('on %s: %s', (distribution, command) => {
    const system = { ...aMachine().system, distribution }
    const [found] = remediesFor({ system, tools: absent('ip') }, { 'own-network': 'x' })
    expect(found).toMatchObject({ do: 'install', tools: ['ip'], command })
  })

  test('on macOS no package has the tools of Linux, and an address can be added', () => {
    const system = { ...aMachine().system, os: 'darwin', distribution: null }
    const lacking = { 'own-network': 'x', 'loopback-block': 'x', nmap: 'x' }
    expect(remediesFor({ system, tools: absent('unshare', 'ip', 'nmap') }, lacking)).toMatchObject([
      { do: 'install', command: 'brew install nmap' },
      { do: 'address', command: 'sudo ifconfig lo0 alias 127.0.0.2' },
    ])
  })

  test('settings that take something away, and only where it is lacking', () => {
    const settings = [
      { name: 'net.ipv6.conf.lo.disable_ipv6', value: '1', usual: '0' },
      { name: 'kernel.apparmor_restrict_unprivileged_userns', value: '1', usual: '0' },
    ]
    expect(remediesFor({ settings }, { 'ipv6-loopback': 'x' })).toMatchObject([
      { do: 'set', command: 'sudo sysctl -w net.ipv6.conf.lo.disable_ipv6=0' },
    ])
    expect(remediesFor({ settings }, {})).toEqual([])
  })

  test('what must be allowed', () => {
    const machine = aMachine()
    const changes: Partial<Machine> = {
      system: { ...machine.system, surroundings: ['a container of Docker (the file /.dockerenv)'] },
      runtime: { ...machine.runtime, nodeOrigin: 'system', interposed: [{ name: 'seccomp', value: 'a filter' }] },
      rights: { ...machine.rights, 'user-namespaces': { works: false, how: 'EPERM' } },
      tools: [{ name: 'unshare', version: '2.38', why: null }],
      loopback: [{ name: 'lo', isUp: false, addresses: [] }],
    }
    const lacking = { 'own-network': 'x', 'another-user': 'x', 'bound-socket': 'x', 'ipv4-loopback': 'x' }
    const done = remediesFor(changes, lacking).map((remedy) => remedy.do)
    expect(done).toEqual(['container', 'superuser', 'bundled-node', 'interface-up'])
  })
})
