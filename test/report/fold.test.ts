import { describe, expect, it } from 'vitest'

import type { Step } from '../../harness/domain/evidence.ts'
import { foldedSteps, Folding } from '../../harness/report/fold.ts'
import type { Piece } from '../../harness/report/fold.ts'
import { pieceText } from '../../harness/report/step-text.ts'
import { plainLayout } from './stream.ts'

/** Each word is one step: `a7` types `a` into a program, which tells 7; `a7!` is told something else. */
function stepsOf(words: string): Step[] {
  return words.split(' ').map((word, index) => {
    const [, line = '', told = '', odd = ''] = /^(\D+?)(\d+)(!?)$/.exec(word) ?? []
    const pid = 100 + index
    const value = odd === '' ? { told: Number(told) } : { refused: 'EMFILE' }
    const saw = { program: 'house', pid, what: 'kept', value }
    return { number: index + 1, atMs: 0, tookMs: 1, kind: 'said', program: 'house', pid, line, saw }
  })
}

function connects(count: number): Step[] {
  return Array.from({ length: count }, (_, index) => {
    const to = { address: `127.0.0.${index + 1}`, port: 8080 }
    const nobody = { local: null, heard: '', confirmedBy: null, servedBy: null, seenByServer: null }
    const saw = { ...nobody, outcome: 'ECONNREFUSED' as const, to }
    return { number: index + 1, atMs: 0, tookMs: 1, kind: 'connect', ...to, saw }
  })
}

const shown = (pieces: readonly Piece[]) =>
  pieces
    .map((piece) => ('step' in piece ? piece.step.number : `${piece.repeated.times}x${piece.repeated.of}`))
    .join(' ')
const fold = (words: string) => shown(foldedSteps(stepsOf(words)))

describe('steps that are alike', () => {
  it('are told by the first and the last, where there are four or more', () => {
    expect(fold('a1 a2 a3')).toBe('1 2 3')
    expect(fold('a1 a2 a3 a4')).toBe('1 2x1 4')
    expect(fold('b1 a1 a2 a3 a4 a5 c1')).toBe('1 2 3x1 6 7')
  })

  it('do not hide one that saw something else', () => {
    expect(fold('a1 a2 a3! a4 a5')).toBe('1 2 3 4 5')
    expect(fold('a1 a2 a3 a4 a5! a6 a7 a8 a9')).toBe('1 2x1 4 5 6 2x1 9')
  })

  it('are told one by one where each has numbers of its own, unless there are many', () => {
    expect(shown(foldedSteps(connects(9)))).toBe('1 2 3 4 5 6 7 8 9')
    expect(shown(foldedSteps(connects(12)))).toBe('1 10x1 12')
  })
})

describe('a round of steps', () => {
  it('is told the first time and the last time, where there are four or more', () => {
    expect(fold('a1 b1 a2 b2 a3 b3')).toBe('1 2 3 4 5 6')
    expect(fold('a1 b1 a2 b2 a3 b3 a4 b4 a5 b5 c1')).toBe('1 2 3x2 9 10 11')
  })

  it('may have parts that are alike', () => {
    const round = 'a1 a2 a3 a4 b1 b2 b3 b4'
    expect(fold(`${round} ${round} ${round} ${round} c1`)).toBe('1 2x1 4 5 2x1 8 2x8 25 2x1 28 29 2x1 32 33')
  })

  it('ends where one is not like the others, which is told', () => {
    expect(fold('a1 b1 a2 b2 a3 b3 a4 b4 a5 b5! a6 b6')).toBe('1 2 2x2 7 8 9 10 11 12')
    expect(fold('a1 a1 b1 a1 a1 b1 a1 b1 a1 a1 b1')).toBe('1 2 3 4 5 6 7 8 9 10 11')
  })

  it('may be a long one, within which steps come again', () => {
    expect(fold('a1 b1 a1 c1 a1 b1 a1 c1 a1 b1 a1 c1 a1 b1 a1 c1 a1 b1 a1 c1')).toMatch(/^1 2 3 4 5 \dx4 /)
  })
})

it('tells every step once or counts it, whatever repeats, and in their order', () => {
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let run = 0; run < 500; run++) {
    const words = Array.from({ length: 1 + random(60) }, () => 'abc'[random(3)] + '1' + (random(9) === 0 ? '!' : ''))
    let next = 1
    for (const piece of foldedSteps(stepsOf(words.join(' ')))) {
      if ('repeated' in piece) next += piece.repeated.of * piece.repeated.times
      else expect(piece.step.number, words.join(' ')).toBe(next++)
    }
    expect(next).toBe(words.length + 1)
  }
})

it('tells at once what nothing came before', () => {
  const folding = new Folding()
  const told = stepsOf('a1 b1 c1 a2 a3').map((step) => shown(folding.add(step)))
  expect(told).toEqual(['1', '2', '3', '', ''])
  expect(shown(folding.end())).toBe('4 5')
})

it('says in words how often', () => {
  const told = foldedSteps(stepsOf('a1 a2 a3 a4')).map((piece) => pieceText(plainLayout(), piece))
  expect(told[1]).toBe('  …  2 more like this, with other numbers\n')
  const rounds = foldedSteps(stepsOf('a1 b1 a2 b2 a3 b3 a4 b4')).map((piece) => pieceText(plainLayout(), piece))
  expect(rounds[2]).toBe('  …  2 times the last 2 steps again, with other numbers\n')
})
