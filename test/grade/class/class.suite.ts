/**
 * A class of 200 submissions, right ones, every misunderstanding and every hostile one, is graded with exactly the points
 * that each must get, twice; and a grader that was killed in the middle comes to the same gradebook. `SAMPLE=20` takes so
 * many of them, drawn by `SEED`.
 */

import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { lackedHere } from '../../lacked-here.ts'
import { leftoversAfter, newMark } from '../../leftovers.ts'
import { noNamespace } from '../../namespace.ts'
import type { Made } from './generate.ts'
import { generate, SPOKEN } from './generate.ts'
import {
  cameOf,
  leftIn,
  makeDesk,
  namespacesBelow,
  printedLines,
  readBook,
  readCsv,
  startGrader,
  untilGone,
} from './grader.ts'
import { LANGUAGES, whyNotHere } from './programs.ts'

const SIZE = Number(process.env['SAMPLE'] ?? 200)
const SEED = process.env['SEED'] ?? randomBytes(3).toString('hex')
/** For one submission at most, on a machine that does other things as well. */
const LIMIT_MS = 60_000

const desk = makeDesk()
const limit = { timeoutMs: 120_000 + SIZE * LIMIT_MS }
const words = (out: string) => [desk.submissions, '--rubric', desk.rubric, '--out', desk.out(out)]

const lacked = lackedHere().filter((one) => ['ipv6-loopback', 'own-network', 'python'].includes(one))
const whyNot = noNamespace ?? (lacked.length > 0 ? `this machine lacks ${lacked.join(', ')}` : null)
const skipped = whyNot === null ? '' : `: skipped, because ${whyNot}`

describe.skipIf(whyNot !== null)(`a class of ${SIZE}, SEED=${SEED}${skipped}`, () => {
  let made: Made[]
  let first = ''
  let isSound = false

  beforeAll(() => {
    made = generate(desk.submissions, SIZE, SEED)
    const mute = LANGUAGES.filter((language) => !SPOKEN.includes(language))
    for (const language of mute) console.log(`no programs in ${language}: ${whyNotHere(language)}`)
  })
  // What went wrong is there to be looked at.
  afterAll(() => {
    if (isSound) rmSync(desk.folder, { recursive: true })
  })

  test(
    'gets exactly the points that it must get, and nothing is left behind',
    { timeout: limit.timeoutMs },
    async () => {
      const mark = newMark()
      const { exitCode, stderr } = await startGrader(desk, words('first'), { ...limit, mark })
      const book = readBook(desk.out('first'))
      expectExact(book)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(await leftoversAfter(mark)).toEqual([])
      expect(leftIn(desk)).toEqual([])
      first = readCsv(desk.out('first'))
    },
  )

  function expectExact(book: ReturnType<typeof readBook>): void {
    const came = cameOf(book)
    const expected = new Map(made.map(({ name, expected: one }) => [name, one]))
    expect([...came.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
    // One after the other: what differs is told by the name of its submission.
    const wrong = [...expected].filter(
      ([name, one]) => JSON.stringify(sorted(came.get(name))) !== JSON.stringify(sorted(one)),
    )
    expect(Object.fromEntries(wrong.map(([name]) => [name, came.get(name)])), desk.folder).toEqual(
      Object.fromEntries(wrong),
    )
  }

  test(
    'killed in the middle and started again it has the same gradebook, and nobody was graded twice',
    { timeout: 2 * limit.timeoutMs },
    async () => {
      const mark = newMark()
      const killed = startGrader(desk, words('second'), { ...limit, mark })
      await printedLines(killed, Math.ceil(SIZE / 2))
      const namespaces = namespacesBelow(killed.pid as number)
      killed.kill('SIGKILL')
      expect((await killed).signal).toBe('SIGKILL')
      expect(await leftoversAfter(mark, 30_000)).toEqual([])
      expect(await untilGone(namespaces)).toEqual([])
      // Where the copies were: a file system of its own was mounted there, and went with its process. The folders go with
      // the next grader.
      for (const folder of leftIn(desk)) expect(readdirSync(join(desk.temporary, folder))).toEqual([])
      const kept = entries('second')
      expect(kept).toBeGreaterThanOrEqual(Math.ceil(SIZE / 2))
      const { exitCode, stdout } = await startGrader(desk, words('second'), { ...limit, mark })
      expect(exitCode).toBe(0)
      expect(stdout.match(/graded before/g)?.length).toBe(kept)
      expect(entries('second')).toBe(SIZE)
      expect(leftIn(desk)).toEqual([])
      expectExact(readBook(desk.out('second')))
      expect(readCsv(desk.out('second'))).toBe(first)
      expect(await leftoversAfter(mark)).toEqual([])
      isSound = true
    },
  )

  const entries = (out: string) =>
    readFileSync(join(desk.out(out), 'graded.ndjson'), 'utf8')
      .split('\n')
      .filter((line) => line !== '').length
})

function sorted(one: Made['expected'] | undefined) {
  return one && { points: one.points, items: Object.entries(one.items).toSorted(([a], [b]) => (a < b ? -1 : 1)) }
}
