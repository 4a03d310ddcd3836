/**
 * A project of its own for each test: the launcher, and stand-ins for the commands and for the bundled Node.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect } from 'vitest'

const CLI = path.resolve(import.meta.dirname, '../../harness/cli')
/** The launcher and what it reads before it has found a Node. */
const LAUNCHER = ['launch.cjs', 'commands.cjs']
/** The tests run on the bundled Node: .../node_modules/PACKAGE/bin/node */
export const PACKAGE = path.basename(path.resolve(process.execPath, '../..'))
export const BINARY = `node_modules/${PACKAGE}/bin/node`

/** Without the bundled Node there is nothing to take for it; `npm test` then skips these tests. */
export const describeBundled = describe.skipIf(!PACKAGE.startsWith('node-'))

/** What the launcher starts: says what it was told, or does what its first argument names. */
const STAND_IN = `
import { Socket } from 'node:net'
import { writeSync } from 'node:fs'
const [mode, ...rest]: string[] = process.argv.slice(2)
const told = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^SOCKET_LABS|^NODE_COMPILE/.test(name)))
if (mode === 'exit') process.exit(Number(rest[0]))
if (mode === 'warn') process.emitWarning('new', 'ExperimentalWarning')
if (mode === 'graceful') {
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
    let times = 0
    process.on(signal, () => {
      times += 1
      setTimeout(() => (writeSync(1, signal + ' came ' + times + ' time\\n'), process.exit(code)), 100)
    })
  }
}
if (mode === 'watch') {
  const launcher = new Socket({ fd: Number(process.env.SOCKET_LABS_LAUNCHER_FD) })
  launcher.on('close', () => (writeSync(1, 'launcher is gone\\n'), process.exit()))
  launcher.resume()
}
const said = { ...told, isMain: import.meta.main, args: process.argv.slice(2), pid: process.pid }
writeSync(1, JSON.stringify(said) + '\\n')
if (['graceful', 'wait', 'watch'].includes(mode)) setTimeout(() => {}, 20_000)
`

export let root: string
export const started: ChildProcess[] = []

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'launch-')))
  write('harness/cli/lab.ts', STAND_IN)
  write('labs/programs/server1.ts', STAND_IN)
  write('harness/command/resolve.cjs', fs.readFileSync(path.join(CLI, '../command/resolve.cjs'), 'utf8'))
  for (const file of LAUNCHER) fs.copyFileSync(path.join(CLI, file), path.join(root, 'harness/cli', file))
  write('package.json', '{ "type": "module" }')
  fs.mkdirSync(path.join(root, 'node_modules'))
})

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  fs.rmSync(root, { recursive: true })
})

export function write(file: string, content: string, mode = 0o644): void {
  const full = path.join(root, file)
  fs.mkdirSync(path.dirname(full), { recursive: true })
  fs.writeFileSync(full, content, { mode })
}

/** The bundled Node, under another path than the one that runs the launcher, as when an older Node runs that. */
export function bundle(script = `exec '${process.execPath}' "$@"`, mode = 0o755): void {
  write(BINARY, `#!/bin/sh\n${script}\n`, mode)
}

/** The bundled Node is the one that runs the launcher, as under npm 11.6 and newer. */
export function bundleThisNode(): void {
  fs.symlinkSync(path.resolve(process.execPath, '../..'), path.join(root, 'node_modules', PACKAGE))
}

/** Makes the Node that runs the launcher look like another one. */
export function pretend(version: string, typescript: unknown): string[] {
  write(
    'pretend.cjs',
    `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })
     Object.defineProperty(process.features, 'typescript', { value: ${JSON.stringify(typescript)} })`,
  )
  return ['-r', path.join(root, 'pretend.cjs')]
}

interface Options {
  node?: string[]
  env?: NodeJS.ProcessEnv
}

export function start(args: string[], { node = [], env = {} }: Options = {}): ChildProcess {
  const clean = Object.entries(process.env).filter(([name]) => !/^(NODE|SOCKET_LABS|npm_)/i.test(name))
  const child = spawn(process.execPath, [...node, 'harness/cli/launch.cjs', ...args], {
    cwd: root,
    env: { ...Object.fromEntries(clean), TMPDIR: root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return child
}

export async function outcome(child: ChildProcess) {
  const ended = once(child, 'exit')
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)])
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null]
  return { out, err, code: signal ? 128 + os.constants.signals[signal] : code }
}

export const run = (args: string[], options?: Options) => outcome(start(args, options))

export async function told(args: string[], options?: Options): Promise<Record<string, unknown>> {
  const { out, err } = await run(args, options)
  expect(err).toBe('')
  return JSON.parse(out) as Record<string, unknown>
}

/** Resolves with the pid that the stand-in says, once it is there. */
export async function ready(child: ChildProcess): Promise<number> {
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    return (JSON.parse(String(chunk)) as { pid: number }).pid
  }
  throw new Error('it said nothing')
}
