/** The parts of the sandbox that decide without an operating system: who runs, what is mounted, what is promised. */

import { describe, expect, test } from 'vitest'

import { judgeCaller } from '../../harness/host/sandbox-caller.ts'
import { bubblewrapWords } from '../../harness/process/sandbox-bubblewrap.ts'
import { mountsFor } from '../../harness/process/sandbox-mounts.ts'
import { judgeTrial } from '../../harness/process/sandbox-promises.ts'
import { startWords } from '../../harness/process/sandbox-start.ts'
import { ownNamespace } from '../../harness/process/sandbox-trial.ts'
import { utilLinuxWords } from '../../harness/process/sandbox-util-linux.ts'

describe('as whom a program runs', () => {
  const user = (map: string, isUserZero: boolean, pid = 7) => judgeCaller(map, isUserZero, pid)

  test('root gives each process of the harness another user', () => {
    const all = '         0          0 4294967295\n'
    expect(user(all, true)).toEqual({ user: { uid: 1_900_000_007, gid: 1_900_000_007 } })
    expect(user(all, true, 8)).not.toEqual(user(all, true, 7))
  })

  test('a container has fewer, and none of them is nobody or root', () => {
    for (const pid of [1, 4_194_303]) {
      const found = user('0 100000 65536\n', false, pid)
      const { uid } = 'user' in found && found.user !== null ? found.user : { uid: 0 }
      expect(uid).toBeGreaterThan(0)
      expect(uid).toBeLessThan(65_534)
    }
  })

  test('an ordinary user has no other, and root in a namespace of one user is refused', () => {
    expect(user('0 1000 1\n', false)).toEqual({ user: null })
    expect(user('0 0 1\n', true)).toMatchObject({ why: expect.stringContaining('unshare --net') })
  })
})

const OPTIONS = {
  interpreters: { node: process.execPath, python: { file: '/usr/lib/bin/python3', folders: ['/usr/lib'] } },
  folder: import.meta.dirname,
  writable: false,
  temporaryBytes: 5000,
  hidden: [],
}

describe.skipIf(process.platform !== 'linux')('what is mounted', () => {
  test('nothing but links, memory, devices and what is on the list', () => {
    const sources = mountsFor(OPTIONS).flatMap((mount) => ('from' in mount ? [mount.from] : []))
    const ours = [process.execPath, import.meta.dirname]
    const others = sources.filter((path) => !/^\/(usr|bin|sbin|lib\w*|etc)(\/|$)/.test(path))
    expect(others.filter((path) => !ours.includes(path) && !/sandbox-etc\/(passwd|group)$/.test(path))).toEqual([])
  })

  test('a folder for a build may be written, and one that is handed in not', () => {
    const last = (writable: boolean) => mountsFor({ ...OPTIONS, writable }).find(({ to }) => to === '/work')?.kind
    expect([last(true), last(false)]).toEqual(['writable', 'read-only'])
  })

  test('what is secret is covered where it lies below what is seen', () => {
    const places = mountsFor({ ...OPTIONS, hidden: ['/usr/share', '/usr', '/etc', '/usr/no-such-folder'] }).map(
      ({ kind, to }) => `${kind} ${to}`,
    )
    expect(places).toContain('memory /usr/share')
    expect(places.filter((place) => /memory \/(usr|etc)$|no-such/.test(place))).toEqual([])
  })

  test('a quotation mark in a name is a letter for the shell', () => {
    const tools = { unshare: 'unshare', setpriv: 'setpriv', setsid: 'setsid' }
    const script = utilLinuxWords(tools, [{ kind: 'link', target: "a'; touch x; '", to: '/b' }], '/work').join('\n')
    expect(script).toContain(`ln -s 'a'\\''; touch x; '\\''' '/sys/b'`)
  })

  test('both ways mount the same places', () => {
    const mounts = mountsFor(OPTIONS).filter(({ kind }) => kind !== 'closed' && kind !== 'folder')
    const tools = { unshare: 'unshare', setpriv: 'setpriv', setsid: 'setsid' }
    const [words, script] = [
      bubblewrapWords('bwrap', mounts, '/work'),
      utilLinuxWords(tools, mounts, '/work').join('\n'),
    ]
    for (const { to } of mounts) {
      expect(words).toContain(to)
      expect(script).toContain(`'/sys${to === '/' ? '' : to}'`)
    }
  })
})

const LIMITS = {
  processes: 5,
  memoryBytes: 1,
  cpuSeconds: 2,
  fileBytes: 3,
  openFiles: 4,
  temporaryBytes: 5000,
}

test('a program is started behind its limits, and its words are words', () => {
  const standing = { user: { uid: 9, gid: 9 }, ownUserNamespace: false, limits: LIMITS }
  const words = startWords(['a b', '$(c)'], standing, { env: { PORT: '8080' } })
  expect(words.slice(-2)).toEqual(['a b', '$(c)'])
  expect(words).toEqual(
    expect.arrayContaining(['--reuid=9', '--nproc=5:5', '--cpu=2:3', '--no-new-privs', 'PORT=8080']),
  )
  expect(words.indexOf('--nproc=5:5')).toBeLessThan(words.indexOf('a b'))
  expect(words).not.toContain('--user')
})

describe.skipIf(process.platform !== 'linux')('what is promised', () => {
  const standing = { user: null, ownUserNamespace: true, limits: LIMITS }
  const caps = ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((one) => `Cap${one}:\t0000000000000000`)
  const GOOD = [
    ...['pid', 'ipc', 'uts', 'mnt', 'user'].map((one) => `namespace-${one} ${one}:[1]`),
    ...(process.platform === 'linux' ? [`namespace-net ${ownNamespace('net')}`] : []),
    'Uid:\t1000\t1000\t1000\t1000',
    ...caps,
    'NoNewPrivs:\t1',
    'Max cpu time              2                    3                    seconds',
    'Max file size             3                    3                    bytes',
    'Max core file size        0                    0                    bytes',
    'Max processes             5                    5                    processes',
    'Max open files            4                    4                    files',
    'processes 2',
    'writes /tmp',
    'session 1',
    'has node',
    'has python3',
    'variable PATH',
    'end',
  ]
  const judge = (said: string[], isGone = true) => judgeTrial({ said, isGone, stderr: 'bwrap: no\n' }, standing)
  const broken = (said: string[]) => judge(said).promises.flatMap(({ what, kept }) => (kept ? [] : [what]))

  test('everything, where the probe says so', () => {
    expect(judge(GOOD)).toMatchObject({ whyNone: null })
    expect(broken(GOOD)).toEqual([])
  })

  test('nothing, where the probe did not come to its end', () => {
    expect(judge(GOOD.slice(0, -1))).toEqual({ promises: [], whyNone: 'bwrap: no' })
    expect(judge(GOOD, false).whyNone).toContain('it ends with the harness')
  })

  test.each([
    ['forks', 'a limit of processes'],
    ['writes /work', 'it writes nothing but its temporary folder'],
    ['sees /root', 'it reads nothing of the harness, of the user, or of other submissions'],
    ['descriptor 11', 'no open file of the harness'],
    ['variable SECRET', 'no variable of the harness'],
    ['CapEff:\t00000000a80425fb', 'no capabilities'],
    ['makes user', 'no user namespace below its own'],
  ])('%s breaks one', (line, what) => {
    expect(broken([line, ...GOOD])).toEqual([what])
  })

  test.each(GOOD.slice(0, -1))('without "%s" one is broken', (line) => {
    expect(broken(GOOD.filter((one) => one !== line)).length).toBeGreaterThan(0)
  })
})
