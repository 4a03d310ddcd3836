/**
 * Hostile programs, each in the sandbox, in a network of its own, with its limits in place. Where there is no sandbox
 * none of them is started, and the tests say so in their names.
 */

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Performed } from '../sandbox-stage.ts'
import { processesIn, settings, Stage } from '../sandbox-stages.ts'

const HOSTILE = join(import.meta.dirname, '../hostile')
const PROJECT = join(import.meta.dirname, '../../..')

/** Submissions side by side, as a teacher has them. */
const folder = mkdtempSync(join(tmpdir(), 'submissions-'))
const { all, bare } = settings()
const [eve, bob, rubric] = [join(folder, 'eve'), join(folder, 'bob'), join(folder, 'rubric.json')]
chmodSync(folder, 0o755)
for (const one of [eve, bob]) mkdirSync(one)
writeFileSync(join(bob, 'secret.txt'), 'the answer is 42')
writeFileSync(rubric, '{"answer": 42}')
for (const name of readdirSync(HOSTILE)) {
  for (const one of [eve, bob]) copyFileSync(join(HOSTILE, name), join(one, name))
}
symlinkSync(rubric, join(eve, 'link'))
symlinkSync(bob, join(eve, 'folder'))
const whyNoCompiler = compile()

function compile(): string {
  try {
    execFileSync('cc', ['-o', join(eve, 'traces'), join(eve, 'traces.c')], { stdio: 'ignore' })
    return ''
  } catch {
    return ': skipped, because there is no C compiler'
  }
}

afterAll(() => {
  for (const one of [folder, bare]) rmSync(one, { recursive: true })
})

const python = (name: string, ...args: string[]) => ['python3', `${name}.py`, ...args]

async function gone(namespace: string): Promise<number[]> {
  expect(namespace).toMatch(/^pid:/)
  // What was killed is gone when the kernel has come to it.
  for (let look = 0; look < 500 && processesIn(namespace).length > 0; look++) await pause(10)
  return processesIn(namespace)
}

const PASSED = { told: expect.stringMatching(/^started 1 \d+\nended 0\n$/) }

for (const setting of all) {
  const { name, whyNot } = setting
  const skipped = whyNot === null ? '' : `: skipped, because ${whyNot}`

  describe.skipIf(whyNot !== null)(`the sandbox of ${name}${skipped}`, () => {
    let stage: Stage

    beforeAll(async () => {
      stage = new Stage(setting)
      await stage.find(['/usr/share/doc'])
    })
    afterAll(() => stage.kill())

    /** The next one is not affected by what came before it: after each of them a program does its work. */
    async function expectUnaffected({ namespace }: Performed): Promise<void> {
      expect(await gone(namespace)).toEqual([])
      const next = await stage.perform({
        command: ['python3', '-c', 'print("here", __import__("os").listdir("/tmp"))'],
        folder: eve,
      })
      expect(next).toMatchObject({ ...PASSED, output: 'here []\n', errors: '', listening: [] })
    }

    const perform = (command: string[], until?: string | number) =>
      stage.perform({ command, folder: eve, ...(until === undefined ? {} : { until }) })

    test('keeps what it promises here', async () => {
      const { found, user } = await stage.find(['/usr/share/doc'])
      const broken = found.facts.promises.filter(({ kept }) => !kept).map(({ what }) => what)
      // Whether this user may make a cgroup is a matter of the machine.
      expect(broken.filter((what) => !what.includes('memory'))).toEqual([])
      expect(found.kind).toBe(name.endsWith('bubblewrap') ? 'bubblewrap' : 'util-linux')
      if (name.startsWith('root')) expect(user?.uid).toBeGreaterThan(65_534)
    })

    test('gives a program what it needs', async () => {
      const script =
        'pwd; cat sleeps.py | head -1; node -p 1+1; python3 -c "print(2)"; id -un; hostname; echo "$PORT"; cat'
      const { output, errors } = await perform(['sh', '-c', `${script} </dev/null`])
      expect({ output, errors }).toEqual({
        output: '/work\n# The neighbour: does nothing.\n2\n2\nstudent\nsandbox\n8080\n',
        errors: '',
      })
    })

    test('tells how a program ended', async () => {
      expect(await perform(['sh', '-c', 'exit 9'])).toMatchObject({ told: expect.stringContaining('ended 9\n') })
      expect(await perform(['sh', '-c', 'kill -TERM $$'])).toMatchObject({
        told: expect.stringContaining('ended 143\n'),
      })
      const absent = await perform(['no-such-command'])
      expect(absent).toMatchObject({ told: expect.stringContaining('ended 127\n') })
      expect(absent.errors).toContain('no-such-command')
    })

    test('a fork bomb has its limit of processes', async () => {
      const performed = await perform(python('fork-bomb'), 'refused after')
      expect(performed.inside).toBeLessThanOrEqual(40)
      expect(performed.output).toMatch(/refused after \d+ 11\n/)
      await expectUnaffected(performed)
    })

    test.each([
      ['one process', python('balloon')],
      ['Node', ['node', 'balloon.js']],
      ['a file without a name', python('nameless-balloon')],
      ['many small processes', python('many-balloons')],
    ])('a balloon of memory is ended: %s', async (_, command) => {
      const performed = await perform(command)
      expect(performed.memory.exceeded).toBe(true)
      await expectUnaffected(performed)
    })

    test('what fills a disk has a bounded one, and no large file', async () => {
      const performed = await perform(python('fills-disk'))
      expect(performed).toMatchObject(PASSED)
      const [, large, , all, why] = /^large (\d+) (\w+)\nall (\d+) (\w+)\n$/.exec(performed.output) ?? []
      expect({ large, all: Number(all) <= 8_000_000, why }).toEqual({ large: '4000000', all: true, why: 'ENOSPC' })
      await expectUnaffected(performed)
    })

    test('an endless loop has its processor time', async () => {
      const performed = await perform(['sh', 'spins.sh'])
      expect(performed).toMatchObject({ output: 'ready\n', told: expect.stringContaining('ended 137\n') })
      await expectUnaffected(performed)
    })

    test('who ignores every signal is ended with the sandbox', async () => {
      const performed = await perform(python('ignores-signals'), 'ready')
      expect(performed.inside).toBe(1)
      await expectUnaffected(performed)
    })

    test('who leaves group, session, parent and environment is seen, and ended with the sandbox', async () => {
      const performed = await perform(python('daemon'), 'ready')
      expect(performed.listening).toEqual(['0100007F:1F90'])
      await expectUnaffected(performed)
    })

    test('a child that was left behind is seen with its socket when its parent has ended', async () => {
      const performed = await perform(python('leaves-a-child'), 'ended 7')
      expect(performed).toMatchObject({ inside: 1, listening: ['0100007F:1F91'] })
      await expectUnaffected(performed)
    })

    test('who kills all that can be named kills nobody else', async () => {
      const neighbour = await stage.start({ command: python('sleeps'), folder: bob, until: 'ready' })
      const performed = await perform(python('kills-all'))
      expect(performed.output).toMatch(/^killed \[(1)?\]\n/)
      expect(processesIn(neighbour.namespace).length).toBeGreaterThan(1)
      await expectUnaffected(performed)
    })

    test('who closes all descriptors is ended with the sandbox', async () => {
      await expectUnaffected(await perform(python('closes-all'), 'ready'))
    })

    test('nothing outside can be reached', async () => {
      const met: string[] = []
      const server = createServer((socket) => met.push(String(socket.remoteAddress))).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const performed = await perform(python('connects-outside', `${(server.address() as AddressInfo).port}`))
      server.close()
      expect(performed.output).toBe("192.0.2.7 ENETUNREACH\n127.0.0.1 ECONNREFUSED\n['lo']\n")
      expect(met).toEqual([])
    })

    test('nothing of others, of the harness or of the user can be read', async () => {
      const places = [
        join(bob, 'secret.txt'),
        rubric,
        join(PROJECT, 'package.json'),
        '/root/.bashrc',
        '/usr/share/doc/bash/README',
      ]
      const performed = await perform(python('reads-secrets', ...places))
      expect(performed.output).toBe("[]\nown ['socket', 'socket', 'socket']\n")
    })

    test('nothing outside its temporary folder can be written, and no tool replaced', async () => {
      const before = readdirSync(folder).concat(readdirSync(eve))
      const performed = await perform(python('writes-outside', rubric, join(PROJECT, 'package.json')))
      expect(performed.output).toBe("['/tmp']\n")
      expect(readdirSync(folder).concat(readdirSync(eve))).toEqual(before)
      await expectUnaffected(performed)
    })

    test('nobody gains a right', async () => {
      const performed = await perform(['sh', 'gains-rights.sh'])
      expect(performed.output).toMatch(/^still [1-9]\d*\n$/)
      await expectUnaffected(performed)
    })

    test.skipIf(whyNoCompiler !== '')(`nobody can be traced${whyNoCompiler}`, async () => {
      expect((await perform(['./traces'])).output).toBe('traced 0\n')
    })

    test('every port can be bound, and nobody outside feels it', async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const performed = await perform(python('binds-all'), 'ready')
      server.close()
      expect(performed.listening.length).toBeGreaterThan(100)
      expect(readFileSync('/proc/self/net/tcp', 'latin1')).not.toContain(performed.listening[99])
      await expectUnaffected(performed)
    })

    test.each([
      ['ignores every signal', python('ignores-signals')],
      ['has left its group, session, parent and environment', python('daemon')],
      ['forks for ever', python('fork-bomb')],
    ])('when the harness is killed, nothing is left of a program that %s', async (_, command) => {
      const other = new Stage(setting)
      await other.find()
      const { namespace } = await other.start({ command, folder: eve, until: 'ready' })
      expect(processesIn(namespace).length).toBeGreaterThan(1)
      other.kill()
      expect(await gone(namespace)).toEqual([])
    })

    test('a flood ends with the sandbox', async () => {
      const performed = await perform(['sh', 'floods.sh'], 20_000_000)
      expect(performed.output).toContain('::error::everything')
      await expectUnaffected(performed)
    })
  })
}
