/** What the launcher starts, and how it ends. */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

import { bundle, bundleThisNode, describeBundled, outcome, ready, root, run, start, started, told } from './project.ts'

describeBundled('what is asked for', () => {
  test.each([
    [[], 'no command; there are: lab, claims, try, ports, doctor, verify, compare, grade, lab:new,'],
    [['labs'], 'unknown command "labs"; there are: lab, claims, try, ports, doctor, verify, compare, grade, lab:new,'],
    [['constructor'], 'unknown command "constructor"'],
    [['a\nb'], 'unknown command "a b"'],
    [['docs'], `${path.join('harness', 'cli', 'docs.ts')} is missing`],
    [['test'], 'npm ci'],
    [['program'], 'no program; there are: server1'],
    [['program', 'server1.ts'], 'unknown program'],
    [['program', '../../harness/cli/lab'], 'unknown program'],
    [['program', '../programs/server1'], 'unknown program'],
  ])('%j is wrong: one line, exit code 2', async (args, message) => {
    const { out, err, code } = await run(args)
    expect({ out, code, lines: err.split('\n').length }).toEqual({ out: '', code: 2, lines: 2 })
    expect(err).toContain(message)
  })

  test('a program is started by its name, without the pipe', async () => {
    bundle()
    const said = await told(['program', 'server1', '8080'], { env: { SOCKET_LABS_LAUNCHER_FD: '9' } })
    expect(said.args).toEqual(['8080'])
    expect(said).not.toHaveProperty('SOCKET_LABS_LAUNCHER_FD')
  })

  test('nothing is installed: one line, exit code 2', async () => {
    fs.rmdirSync(path.join(root, 'node_modules'))
    const { err, code } = await run(['lab'])
    expect(err).toBe(`socket-labs: the packages are not installed: run "npm ci" in ${root} first\n`)
    expect(code).toBe(2)
  })
})

describeBundled('how it ends', () => {
  test.each([0, 1, 3])('with the exit code of what it started: %i', async (code) => {
    bundle()
    expect(await run(['lab', 'exit', String(code)])).toEqual({ out: '', err: '', code })
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s sent to it alone arrives once, and ends it', async (signal, code) => {
    bundle()
    for (const mode of ['graceful', 'wait']) {
      const child = start(['lab', mode])
      await ready(child)
      child.kill(signal)
      const out = mode === 'graceful' ? `${signal} came 1 time\n` : ''
      expect(await outcome(child)).toEqual({ out, err: '', code })
    }
  })

  test('two SIGINT in a burst, as under npm, are passed on once', async () => {
    bundle()
    const child = start(['lab', 'graceful'])
    await ready(child)
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGINT'), 20)
    expect(await outcome(child)).toMatchObject({ out: 'SIGINT came 1 time\n', code: 130 })
  })

  test('what it started was killed: 137', async () => {
    bundle()
    const child = start(['lab', 'wait'])
    process.kill(await ready(child), 'SIGKILL')
    expect(await outcome(child)).toMatchObject({ code: 137 })
  })

  test('killed itself, it lets what it started know', async () => {
    bundle()
    const child = start(['lab', 'watch'])
    await ready(child)
    child.kill('SIGKILL')
    expect(await outcome(child)).toMatchObject({ out: 'launcher is gone\n', err: '' })
  })

  test.each([bundle, bundleThisNode])("the death of npm's shell ends it (%o)", async (arrange) => {
    arrange()
    const shell = spawn('sh', ['-c', `'${process.execPath}' harness/cli/launch.cjs lab graceful; true`], {
      cwd: root,
      env: { PATH: process.env.PATH, TMPDIR: root, npm_lifecycle_event: 'lab' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    started.push(shell)
    await ready(shell)
    shell.kill('SIGKILL')
    expect(await outcome(shell)).toMatchObject({ out: 'SIGTERM came 1 time\n', err: '' })
  })
})
