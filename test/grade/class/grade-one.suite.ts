/** `npm run grade` for one submission, as a person or a platform starts it. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import type { GradedFormatName } from '../../../harness/report/graded/formats.ts'
import { GRADED_FORMATS } from '../../../harness/report/graded/formats.ts'
import { notBegunInWords } from '../../../harness/words/graded.en.ts'
import { lab } from '../../lab-command.ts'
import { leftoversAfter, newMark } from '../../leftovers.ts'
import { hand } from './generate.ts'
import { leftIn, makeDesk, startGrader } from './grader.ts'
import { kindNamed, skippedHere, whyNotGraded } from './misunderstood.ts'

const desk = makeDesk()
afterAll(() => rmSync(desk.folder, { recursive: true }))

const LAB = '04-dual-stack'
const folderOf = (name: string) => join(desk.submissions, name)
for (const name of ['right-python-dualStack', 'predictions-alone', 'serves-for-ever as server1']) {
  hand(folderOf(name), kindNamed(name))
}
const sheet = {
  author: 'ada',
  labs: [LAB],
  predictions: { [LAB]: { 'ipv4-client-reaches-dual-stack-listener': 'connected' } },
}
mkdirSync(folderOf('ada'))
writeFileSync(join(folderOf('ada'), 'submission.json'), JSON.stringify(sheet))

async function grade(words: readonly string[], env: Record<string, string> = {}) {
  const mark = newMark()
  const run = await lab(words, {
    command: 'harness/cli/grade.ts',
    env: { TMPDIR: desk.temporary, ...mark.env, ...env },
  })
  expect(await leftoversAfter(mark)).toEqual([])
  expect(leftIn(desk)).toEqual([])
  return run
}

describe('wrong usage is one line that says what is allowed, and exit code 2', () => {
  writeFileSync(join(desk.folder, 'wrong.json'), '{"labs": ["99"]}')
  test.for<[string[], RegExp]>([
    [[], /name a submission, or a folder of submissions/],
    [[join(desk.folder, 'nowhere')], /there is no folder/],
    [[desk.temporary, '--labs', '04'], /no submission\.json, and no folders/],
    [[folderOf('ada'), '--report', 'gif'], /gradescope/],
    [[folderOf('ada'), '--report', 'json', '--report', 'tap'], /only one report/],
    [[folderOf('ada'), '--report', 'json=a', '--report', 'tap=a'], /two reports/],
    [[folderOf('ada'), '--jobs', '0'], /1 to 64/],
    [[folderOf('ada'), '--repeat', '21'], /1 to 20/],
    [[folderOf('ada'), '--shard', '1/2'], /this is one submission/],
    [[folderOf('ada'), '--labs', '99'], /99/],
    [[folderOf('ada'), '--rubric', join(desk.folder, 'wrong.json')], /labs\[0\].*99/],
    [[folderOf('ada'), '--merge', '--labs', '04'], /--merge grades nothing/],
    [['--merge', join(desk.folder, 'wrong.json')], /no gradebook/],
    [[desk.submissions], /which labs/],
    [[desk.submissions, '--labs', '04', '--report', 'gradescope'], /one submission/],
  ])('%s', async ([words, says]) => {
    const { exitCode, stdout, stderr } = await grade(words)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^grade: [^\n]+$/)
    expect(stderr).toMatch(says)
  })
})

test('predictions are graded without any program, and told with their points', async () => {
  const { exitCode, stdout, stderr } = await grade([folderOf('ada')])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(/^Submission ada\n/)
  expect(stdout).toMatch(/In all: 1 of \d+ points\./)
})

describe.skipIf(whyNotGraded !== null)(`with programs${skippedHere}`, () => {
  test('every format goes to its file, whole', async () => {
    const formats = (Object.keys(GRADED_FORMATS) as GradedFormatName[]).filter((name) => name !== 'classroom50')
    const out = mkdtempSync(join(desk.folder, 'reports-'))
    const reports = formats.flatMap((name) => ['--report', `${name}=${join(out, name)}`])
    const words = [folderOf('right-python-dualStack'), '--rubric', desk.rubric, ...reports]
    const { exitCode, stdout, stderr } = await grade(words)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/In all: 8 of \d+ points\./)
    expect(readdirSync(out).toSorted()).toEqual(formats.toSorted())
    const read = (name: GradedFormatName) => readFileSync(join(out, name), 'utf8')
    for (const name of formats) expect(read(name), name).toMatch(/server7/)
    for (const name of ['json', 'gradescope', 'prairielearn', 'ctrf'] as const) JSON.parse(read(name))
    expect(JSON.parse(read('gradescope'))).toMatchObject({ tests: expect.any(Array) as unknown })
  })

  test('killed in the middle it leaves files that are whole and say that grading has not finished', async () => {
    const mark = newMark()
    const files = { gradescope: join(desk.folder, 'g.json'), junit: join(desk.folder, 'j.xml') }
    const reports = Object.entries(files).flatMap(([name, file]) => ['--report', `${name}=${file}`])
    const words = [folderOf('serves-for-ever as server1'), '--rubric', desk.rubric, ...reports]
    const running = startGrader(desk, words, { mark })
    // The first files are there before anything is graded; this is one after.
    const isBegun = (file: string) => existsSync(file) && !readFileSync(file, 'utf8').includes(notBegunInWords)
    await until(() => Object.values(files).every(isBegun))
    running.kill('SIGKILL')
    expect((await running).signal).toBe('SIGKILL')
    expect(JSON.stringify(JSON.parse(readFileSync(files.gradescope, 'utf8')))).toMatch(/not finished/)
    expect(readFileSync(files.junit, 'utf8')).toMatch(/<\/testsuites>\s*$/)
    expect(await leftoversAfter(mark, 10_000)).toEqual([])
    for (const folder of leftIn(desk)) rmSync(join(desk.temporary, folder), { recursive: true })
  })

  test('interrupted it ends with 130, and nothing is left', async () => {
    const mark = newMark()
    const file = join(desk.folder, 'interrupted.json')
    const words = [folderOf('serves-for-ever as server1'), '--rubric', desk.rubric, '--report', `json=${file}`]
    const running = startGrader(desk, words, { mark })
    await until(() => existsSync(file))
    running.kill('SIGINT')
    const { exitCode, stderr } = await running
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'grade: interrupted by SIGINT' })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ submission: { finished: false } })
    expect(await leftoversAfter(mark)).toEqual([])
    expect(leftIn(desk)).toEqual([])
  })

  test('where no sandbox can be had it is refused in one line, with what to do', async () => {
    const words = [folderOf('right-python-dualStack'), '--rubric', desk.rubric, '--require-sandbox']
    const { exitCode, stdout, stderr } = await grade(words, { PATH: withoutPrlimit() })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^grade: there is no sandbox here: .*prlimit.*npm run doctor.*$/)
  })
})

/** Every tool of this machine but the one that sets limits. */
function withoutPrlimit(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tools-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  const folders = (process.env['PATH'] ?? '').split(':').filter((one) => existsSync(one))
  const places = new Map(folders.toReversed().flatMap((one) => readdirSync(one).map((tool) => [tool, join(one, tool)])))
  places.delete('prlimit')
  for (const [tool, place] of places) symlinkSync(place, join(folder, tool))
  return folder
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
}
