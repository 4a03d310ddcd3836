/** `npm run grade` for a class: the order, what is graded again, shards, and what is left when somebody ends it. */

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { leftoversAfter, newMark } from '../../leftovers.ts'
import { whyNot } from '../../namespace.ts'
import { hand } from './generate.ts'
import { cameOf, leftIn, makeDesk, printedLines, readBook, readCsv, startGrader } from './grader.ts'
import { kindNamed, skippedHere, whyNotGraded } from './misunderstood.ts'

const desk = makeDesk()
afterAll(() => rmSync(desk.folder, { recursive: true }))

/** Predictions alone: nothing of them is started, and a class of them is graded in a moment. */
const NAMES = ['ada', 'bob', 'carl', 'dora', 'eve'] as const
const CHECK = 'ipv4-client-reaches-dual-stack-listener'
for (const [index, name] of NAMES.entries()) write(desk.submissions, name, index % 2 === 0 ? 'connected' : 'timed-out')

function write(folder: string, name: string, predicted: string): void {
  mkdirSync(join(folder, name), { recursive: true })
  const sheet = { author: name, predictions: { '04-dual-stack': { [CHECK]: predicted } } }
  writeFileSync(join(folder, name, 'submission.json'), JSON.stringify(sheet))
}

async function grade(words: readonly string[], prefix: readonly string[] = []) {
  const mark = newMark()
  const { exitCode, stdout, stderr } = await startGrader(desk, words, { mark, prefix })
  expect(await leftoversAfter(mark)).toEqual([])
  return { exitCode, stdout, stderr }
}

/** One question of one lab: what this machine answers is soon observed. */
const SHORT = join(desk.folder, 'short.json')
writeFileSync(
  SHORT,
  JSON.stringify({
    labs: ['04'],
    default: { prediction: 0, program: 0 },
    checks: { '04-dual-stack': { [CHECK]: { prediction: { points: 4, partial: { 'timed-out': 2 } } } } },
  }),
)

const words = (out: string, folder = desk.submissions) => [
  folder,
  '--rubric',
  folder === desk.submissions ? SHORT : desk.rubric,
  '--out',
  desk.out(out),
]
const points = (out: string) => [...cameOf(readBook(desk.out(out)))].map(([name, one]) => [name, one.points])

describe('a class without programs', () => {
  test('has a line for each, a gradebook by name, and each its points', async () => {
    const { exitCode, stdout, stderr } = await grade([...words('whole'), '--jobs', '3'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const name of NAMES) expect(stdout).toMatch(new RegExp(`\\d of 4 points  ${name}$`, 'm'))
    expect(points('whole')).toEqual([
      ['ada', 4],
      ['bob', 2],
      ['carl', 4],
      ['dora', 2],
      ['eve', 4],
    ])
    expect(readCsv(desk.out('whole')).split('\r\n').length).toBe(NAMES.length + 2)
  })

  test('graded again it is read from the journal, but for what has changed', async () => {
    await grade(words('again'))
    const before = readCsv(desk.out('again'))
    const { stdout } = await grade(words('again'))
    expect(stdout.match(/graded before/g)).toHaveLength(NAMES.length)
    expect(readCsv(desk.out('again'))).toBe(before)
    write(desk.submissions, 'bob', 'connected')
    expect((await grade(words('again'))).stdout.match(/graded before/g)).toHaveLength(NAMES.length - 1)
    expect(points('again')[1]).toEqual(['bob', 4])
    write(desk.submissions, 'bob', 'timed-out')
    const rubric = join(desk.folder, 'other.json')
    writeFileSync(rubric, readFileSync(SHORT, 'utf8').replace('"points":4', '"points":7'))
    const other = await grade([desk.submissions, '--rubric', rubric, '--out', desk.out('again')])
    expect(other.stdout).not.toMatch(/graded before/)
    expect(points('again')[0]).toEqual(['ada', 7])
  })

  test('shared out and merged it is the same gradebook, and shards that do not fit are refused', async () => {
    const parts = ['1/3', '2/3', '3/3'].map((shard) => `shard-${shard.replace('/', '-')}`)
    for (const [index, out] of parts.entries()) await grade([...words(out), '--shard', `${index + 1}/3`])
    const books = parts.map((out) => join(desk.out(out), 'gradebook.json'))
    const merged = await grade(['--merge', ...books, '--out', desk.out('merged')])
    expect(merged.exitCode).toBe(0)
    await grade(words('one'))
    expect(readCsv(desk.out('merged'))).toBe(readCsv(desk.out('one')))
    const { statistics } = readBook(desk.out('merged'))
    expect(statistics).toEqual(readBook(desk.out('one')).statistics)
    const twice = await grade(['--merge', ...books, books[0] as string])
    expect(twice).toMatchObject({ exitCode: 2, stdout: '' })
    expect(twice.stderr).toMatch(/^grade: [^\n]*ada[^\n]*$/)
  })

  test('reports go to their files, and one to standard output alone', async () => {
    const file = join(desk.folder, 'class.xml')
    const { exitCode, stdout } = await grade([...words('reports'), '--report', 'tap', '--report', `junit=${file}`])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^TAP version 14\n/)
    expect(readFileSync(file, 'utf8')).toMatch(/<\/testsuites>\s*$/)
  })

  test('a folder that cannot be written to is told in one line', async () => {
    const out = join(desk.folder, 'a-file')
    writeFileSync(out, '')
    const { exitCode, stdout, stderr } = await grade(words('a-file'))
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^grade: [^\n]*a-file[^\n]*$/)
  })
})

const ORDINARY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
const whyNotOrdinary =
  process.getuid?.() === 0 ? whyNot([...ORDINARY, 'unshare', '--map-root-user', '--net', '--mount', 'true']) : null

describe.skipIf(whyNotGraded !== null)(`a class with programs${skippedHere}`, () => {
  const submissions = desk.out('with-programs')
  mkdirSync(submissions)
  const KINDS = ['right-python-sameAddressTwice', 'shares-its-port as server4', 'no-such-program as server1']
  for (const name of KINDS) hand(join(submissions, name.replaceAll(' ', '-')), kindNamed(name))
  const EXPECTED = [
    ['no-such-program-as-server1', 2],
    ['right-python-sameAddressTwice', 3],
    ['shares-its-port-as-server4', 1],
  ]

  test('two graders side by side come to the same, and neither takes anything from the other', async () => {
    const both = await Promise.all(['left', 'right'].map((out) => grade(words(out, submissions))))
    expect(both.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      Array(2).fill({ exitCode: 0, stderr: '' }),
    )
    for (const out of ['left', 'right']) expect(points(out)).toEqual(EXPECTED)
    expect(readCsv(desk.out('left'))).toBe(readCsv(desk.out('right')))
    expect(leftIn(desk)).toEqual([])
  })

  test.skipIf(whyNotOrdinary !== null)(
    `an ordinary user grades as root does${whyNotOrdinary === null ? '' : `: skipped, because ${whyNotOrdinary}`}`,
    async () => {
      const out = desk.out('ordinary')
      mkdirSync(out)
      chmodSync(out, 0o777)
      const prefix = process.getuid?.() === 0 ? ORDINARY : []
      const { exitCode, stderr } = await grade(words('ordinary', submissions), prefix)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(points('ordinary')).toEqual(EXPECTED)
      chmodSync(out, 0o555)
      const closed = await grade(words('ordinary', submissions), prefix)
      expect({ exitCode: closed.exitCode, stdout: closed.stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(closed.stderr).toMatch(/^grade: nothing can be written to the folder [^\n]*: EACCES$/)
      chmodSync(out, 0o777)
    },
  )

  test('interrupted it ends with 130, keeps what was graded, and goes on from there', async () => {
    hand(join(submissions, 'z-never-accepts'), kindNamed('never-accepts as server1'))
    const mark = newMark()
    const running = startGrader(desk, [...words('interrupted', submissions), '--jobs', '1'], { mark })
    await printedLines(running, KINDS.length)
    running.kill('SIGINT')
    const { exitCode, stderr } = await running
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: 'grade: interrupted by SIGINT' })
    expect(await leftoversAfter(mark)).toEqual([])
    expect(leftIn(desk)).toEqual([])
    expect(existsSync(join(desk.out('interrupted'), 'graded.ndjson'))).toBe(true)
    expect(points('interrupted')).toEqual([...EXPECTED, ['z-never-accepts', 0]])
    rmSync(join(submissions, 'z-never-accepts'), { recursive: true })
    const { stdout } = await grade(words('interrupted', submissions))
    expect(stdout.match(/graded before/g)).toHaveLength(KINDS.length)
    expect(points('interrupted')).toEqual(EXPECTED)
  })
})
