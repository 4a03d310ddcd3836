/** What is read about a machine, from the texts in which systems tell it. */

import { describe, expect, test } from 'vitest'

import { isLoopbackAddress } from '../../harness/host/local-addresses.ts'
import { interposedBy, withoutFolders } from '../../harness/host/machine-interposed.ts'
import { withoutHome } from '../../harness/host/machine-private.ts'
import { readSysctl, usualFor } from '../../harness/host/machine-settings.ts'
import type { Files } from '../../harness/host/machine-system.ts'
import { readDistribution, surroundingsOf } from '../../harness/host/machine-system.ts'
import { judge } from '../../harness/host/tool-answers.ts'

/** A system on which these files, links and inodes are there. */
function filesOf(files: Record<string, string>): Files {
  const find = (path: string) => files[path] ?? null
  return { read: find, link: find, inode: find, exists: (path) => path in files }
}

const FIRST = {
  '/proc/self/ns/user': 'user:[4026531837]',
  '/proc/self/ns/pid': 'pid:[4026531836]',
  '/proc/self/ns/net': 'net:[4026531833]',
}

const KERNEL = '6.18.0'

describe('what stands around a process', () => {
  test('nothing on a plain machine, and nothing where nothing can be read', () => {
    expect(surroundingsOf(filesOf(FIRST), {}, KERNEL)).toEqual([])
    expect(surroundingsOf(filesOf({}), {}, KERNEL)).toEqual([])
  })

  test.each([
    [{ '/.dockerenv': '' }, {}, /Docker.*\/\.dockerenv/],
    [{ '/run/.containerenv': '' }, {}, /Podman/],
    [{ '/proc/1/cgroup': '0::/kubepods/besteffort/pod1' }, {}, /cgroup names kubepods/],
    [{}, { container: 'lxc' }, /the variable container is lxc/],
    [{}, { KUBERNETES_SERVICE_HOST: '192.0.2.1' }, /pod of Kubernetes/],
    [{ '/proc/version': 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016' }, {}, /gVisor/],
    [{ '/proc/1/root': '1:2', '/': '1:77' }, {}, /root folder/],
    [{ '/proc/self/ns/pid': 'pid:[4026532597]' }, {}, /process namespace/],
  ])('%j with %j', (files, env, told) => {
    const found = surroundingsOf(filesOf({ ...FIRST, ...files }), env, KERNEL)
    expect(found).toEqual([expect.stringMatching(told)])
    expect(found.join()).not.toContain('192.0.2.1')
  })

  test.each([
    ['4.4.0-19041-Microsoft', 'WSL 1'],
    ['5.15.153.1-microsoft-standard-WSL2', 'WSL 2'],
  ])('%s is %s', (kernel, told) => {
    expect(surroundingsOf(filesOf(FIRST), {}, kernel)).toEqual([expect.stringContaining(told)])
  })

  test('a network namespace: by its number where the kernel fixes it, else only beside process 1', () => {
    const other = { ...FIRST, '/proc/self/ns/net': 'net:[4026532528]' }
    const netOf = (files: Record<string, string>, kernel: string) =>
      surroundingsOf(filesOf(files), {}, kernel).filter((one) => one.includes('network namespace'))
    expect(netOf(other, '6.18.44')).toHaveLength(1)
    expect(netOf(other, '6.1.0')).toEqual([])
    expect(netOf({ ...other, '/proc/1/ns/net': 'net:[4026531840]' }, '6.1.0')).toHaveLength(1)
    expect(netOf({ ...other, '/proc/1/ns/net': 'net:[4026532528]' }, '6.18.44')).toEqual([])
  })

  test.each([
    ['         0       1000          1\n', 'one user'],
    ['         0     100000      65536\n', 'other ids'],
    ['', 'no user'],
  ])('a user namespace with the map %j', (map, told) => {
    const files = { ...FIRST, '/proc/self/ns/user': 'user:[4026532596]', '/proc/self/uid_map': map }
    expect(surroundingsOf(filesOf(files), {}, KERNEL)).toEqual([expect.stringContaining(told)])
  })
})

test('the name of a distribution, with quotes and without', () => {
  expect(readDistribution('NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')).toBe(
    'Debian GNU/Linux 12 (bookworm)',
  )
  expect(readDistribution('PRETTY_NAME=Alpine\n')).toBe('Alpine')
  expect(readDistribution('')).toBeNull()
})

describe('settings', () => {
  test('sysctl writes them in three ways', () => {
    const values = { 'net.inet.tcp.msl': '15000', 'kern.somaxconn': '128', 'net.inet6.ip6.v6only': '1' }
    expect(readSysctl('net.inet.tcp.msl: 15000\nkern.somaxconn=128\nnet.inet6.ip6.v6only = 1\n')).toEqual(values)
    expect(readSysctl("sysctl: unknown oid 'kern.nothing'\n")).toEqual({})
  })

  test('what is usual depends on the kernel', () => {
    expect(usualFor('net.core.somaxconn', '4096', '5.3.18-lp152')).toBe('128')
    expect(usualFor('net.core.somaxconn', '4096', '5.15.0')).toBe('4096')
    expect(usualFor('net.core.somaxconn', '4096', '6.1.0')).toBe('4096')
    expect(usualFor('net.ipv4.tcp_tw_reuse', '2', '4.18.0-553.el8')).toBe('0')
    expect(usualFor('net.ipv6.bindv6only', '0', '4.18.0')).toBe('0')
  })
})

describe('what comes between', () => {
  test('files without their folders, proxies without their values', () => {
    const env = {
      LD_PRELOAD: '/home/ann/lib/libfaketime.so.1:/opt/x/y.so',
      NODE_OPTIONS: '--require=/home/ann/hook.js --inspect',
      HTTPS_PROXY: 'http://ann:secret@proxy.example:3128',
      no_proxy: '',
      PATH: '/usr/bin',
    }
    expect(interposedBy(env, { preload: '', status: '', mounts: '' })).toEqual([
      { name: 'LD_PRELOAD', value: 'libfaketime.so.1:y.so' },
      { name: 'NODE_OPTIONS', value: '--require=hook.js --inspect' },
      { name: 'HTTPS_PROXY', value: 'set' },
    ])
    expect(withoutFolders('C:\\Users\\ann\\hook.js ~/b.js ./c.js d.js')).toBe('hook.js b.js c.js d.js')
  })

  test('the file of ld.so, a tracer, a filter of system calls', () => {
    const names = (status: string, mounts = '') =>
      interposedBy({}, { preload: '/usr/lib/libx.so\n', status, mounts }).map(({ name }) => name)
    expect(names('TracerPid:\t77\nSeccomp:\t2\n')).toEqual(['/etc/ld.so.preload', 'ptrace', 'seccomp'])
    expect(names('TracerPid:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\n')).toEqual(['/etc/ld.so.preload'])
    expect(names('', 'proc /proc proc rw,nosuid,hidepid=invisible 0 0\n')).toEqual(['/etc/ld.so.preload', 'hidepid'])
    expect(names('', 'proc /proc proc rw,nosuid 0 0\n')).toEqual(['/etc/ld.so.preload'])
  })

  test('the folders of people are taken out of what tools have said', () => {
    const told = { why: ['/root/x: no', 'ann: /home/ann/.pyenv/python3: not found', '/Users/bob/y'] }
    expect(withoutHome(told, '/root')).toEqual({ why: ['~/x: no', 'ann: ~/.pyenv/python3: not found', '~/y'] })
    expect(withoutHome({ why: '/proc/net/tcp' }, '/')).toEqual({ why: '/proc/net/tcp' })
  })
})

test('which addresses are loopback ones', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1', 'fe80::1%lo0'].every(isLoopbackAddress)).toBe(true)
  expect(['192.0.2.1', '::', 'fe80::1%eth0', '2001:db8::1'].some(isLoopbackAddress)).toBe(false)
})

describe('what a tool answers', () => {
  const question = { answers: /iproute2/, version: /iproute2-([^\s,]+)/ }
  const ask = (stdout: string, stderr = '', exitCode = 0) => judge('ss -V', question, { stdout, stderr, exitCode })

  test('its version', () => {
    expect(ask('ss utility, iproute2-6.1.0, libbpf 1.1.2\n')).toEqual({ version: '6.1.0', reason: null })
    expect(ask('iproute2 of a kind')).toEqual({ version: 'of unknown version', reason: null })
  })

  test('another program of its name', () => {
    const busybox = ask('', "ss: invalid option -- 'V'\nBusyBox v1.36.1 () multi-call binary.\n", 1)
    expect(busybox).toEqual({ version: null, reason: 'ss -V is answered by BusyBox v1.36.1' })
    expect(ask('', 'something else\n', 1).reason).toBe('ss -V answers "something else"')
    expect(ask('', '', 3).reason).toBe('ss -V answers with exit code 3')
  })
})
