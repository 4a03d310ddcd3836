/**
 * The files of a grading are there before the first process is started, so that whatever ends the grader leaves files
 * which say that they are no result. The last of them is a pipe that takes nothing: the grader stands still there, at the
 * earliest moment that there is, and is killed.
 */

import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { descendantsOf } from '../../harness/process/descendants.ts'
import { GRADED_FORMATS } from '../../harness/report/graded/formats.ts'
import { startLab } from '../lab-command.ts'
import { readTap } from '../report/tap-reader.ts'

const LABS = ['--labs', '01-tcp-udp-same-port', '--no-require-sandbox']
const CLASSROOM = {
  CLASSROOM: 'networks',
  ASSIGNMENT: 'sockets',
  ASSIGNMENT_TYPE: 'individual',
  USERNAME: 'ada',
  SUBMISSION_TAG: 'submit/1',
  COMMIT_URL: 'c',
  RELEASE_URL: 'r',
  REVIEW_URL: 'v',
}

let folder: string
let pipe: string
let descriptor: number
let running: ReturnType<typeof startLab>[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'early-'))
  running = []
  for (const name of ['ada', 'bob']) {
    mkdirSync(join(folder, 'submissions', name), { recursive: true })
    const sheet = {
      author: name,
      predictions: { '01-tcp-udp-same-port': { 'one-process-holds-tcp-and-udp-on-one-port': '' } },
    }
    writeFileSync(join(folder, 'submissions', name, 'submission.json'), JSON.stringify(sheet))
  }
  pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  // Linux opens a pipe for both ends without waiting (fifo(7)). It is full from the beginning.
  descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
  }
})
afterEach(async () => {
  for (const one of running) one.kill('SIGKILL')
  await Promise.all(running)
  closeSync(descriptor)
  rmSync(folder, { recursive: true })
})

function grade(args: readonly string[]) {
  const started = startLab(args, { command: 'harness/cli/grade.ts', env: CLASSROOM })
  running.push(started)
  return started
}

async function appears(file: string, started: ReturnType<typeof startLab>): Promise<void> {
  let stderr: string | null = null
  void started.then((ended) => (stderr = ended.stderr))
  while (!existsSync(file)) {
    if (stderr !== null) throw new Error(`it ended: ${String(stderr)}`)
    await pause(5)
  }
}

const text = (name: string) => readFileSync(join(folder, name), 'utf8')
const json = (name: string) => JSON.parse(text(name)) as Record<string, unknown>

describe.skipIf(process.platform !== 'linux')('killed at the earliest moment (Linux)', () => {
  const formats = Object.keys(GRADED_FORMATS)

  test('the grader of one submission leaves every report whole, with none of its points', async () => {
    const reports = formats.flatMap((name) => ['--report', `${name}=${join(folder, name)}`])
    const started = grade([join(folder, 'submissions/ada'), ...LABS, ...reports, '--report', `tap=${pipe}`])
    await appears(join(folder, formats.at(-1) as string), started)
    expect(descendantsOf(started.pid as number)).toEqual([])
    started.kill('SIGKILL')
    expect((await started).signal).toBe('SIGKILL')

    const { submission } = json('json') as { submission: { points: number; maxPoints: number; finished: boolean } }
    expect(submission).toMatchObject({ name: 'ada', points: 0, finished: false })
    expect(submission.maxPoints).toBeGreaterThan(10)
    for (const name of ['text', 'markdown', 'github', 'html', 'annotations']) {
      expect(text(name)).toContain('Grading has not finished.')
      expect(text(name)).toContain(`0 of ${submission.maxPoints} points so far`)
    }
    expect(json('gradescope')).toMatchObject({ score: 0 })
    expect(json('classroom50')).toMatchObject({ score: 0, 'max-score': 0, tests: [{ passed: false }] })
    expect(json('prairielearn')).toMatchObject({ gradable: false })
    expect(json('ctrf')).toMatchObject({ results: { summary: { passed: 0, other: 1 } } })
    expect(text('junit')).toMatch(/errors="1"[^]*<\/testsuites>\n$/)
    const { planned, points } = readTap(text('tap'))
    expect(points).toHaveLength(planned)
    expect(points.filter(({ ok }) => !ok)).toHaveLength(1)
    expect(text('ndjson').trimEnd().split('\n').at(-1)).toContain('"finished":false')
    // Nothing half-written is left beside them.
    expect(readdirSync(folder).filter((name) => !formats.includes(name))).toEqual(['pipe', 'submissions'])
  })

  test('the grader of a class leaves its gradebook and its reports, keeps out a second one, and lets the next one in', async () => {
    const out = join(folder, 'graded')
    const words = [join(folder, 'submissions'), ...LABS, '--out', out]
    const page = join(folder, 'page')
    const first = grade([...words, '--report', `html=${page}`, '--report', `tap=${pipe}`])
    await appears(page, first)
    expect(descendantsOf(first.pid as number)).toEqual([])

    const second = await grade(words)
    expect({ code: second.exitCode, stdout: second.stdout }).toEqual({ code: 2, stdout: '' })
    expect(second.stderr).toBe(
      `grade: ${out} cannot be used: another grader is at work there, process ${first.pid} since ${/since (\S+)/.exec(second.stderr)?.[1]}`,
    )
    first.kill('SIGKILL')
    await first
    const names = ['gradebook.csv', 'gradebook.json']
    expect(readdirSync(out).sort()).toEqual([...names, 'graded.lock'].sort())
    const { submissions } = json('graded/gradebook.json') as { submissions: { name: string; finished: boolean }[] }
    expect(submissions).toMatchObject([
      { name: 'ada', finished: false, points: 0 },
      { name: 'bob', finished: false, points: 0 },
    ])
    expect(text('graded/gradebook.csv')).toMatch(/^ada,,0,\d+,not finished\r\nbob,,0,/m)
    expect(text('page')).toContain('none of them graded to the end')

    const third = await grade(words)
    expect({ code: third.exitCode, stderr: third.stderr }).toEqual({ code: 0, stderr: '' })
    expect(readdirSync(out).sort()).toEqual([...names, 'graded.ndjson'].sort())
    expect(text('graded/gradebook.csv')).toMatch(/^ada,ada,0,\d+,[^]*,graded\r\nbob,/m)
  })
})
