import { describe, expect, it } from 'vitest'

import { foldedCommands } from '../../harness/report/by-hand-fold.ts'

/** `A one` is the command `one` in terminal A. */
const folded = (...lines: string[]) =>
  foldedCommands(
    lines.map((line) => ({ terminal: line.charCodeAt(0) - 'A'.charCodeAt(0), command: line.slice(2) })),
  ).map(({ terminals, command }) => `${terminals.map((one) => String.fromCharCode(65 + one)).join('')} ${command}`)

describe('commands that are typed many times', () => {
  it('are written once for four terminals or more', () => {
    expect(folded('A one', 'B one', 'C one')).toEqual(['A one', 'B one', 'C one'])
    expect(folded('A one', 'B one', 'C one', 'D one', 'A two')).toEqual(['ABCD one', 'A two'])
    expect(folded('D one', 'B one', 'C one', 'A one')).toEqual(['ABCD one'])
  })

  it('are written once with what is typed before them in each terminal', () => {
    const lines = ['A', 'B', 'C', 'D'].flatMap((terminal) => [`${terminal} enter`, `${terminal} serve 8080`])
    expect(folded('E make', ...lines)).toEqual(['E make', 'ABCD enter', 'ABCD serve 8080'])
  })

  it('may differ in one number that goes up by one', () => {
    expect(folded('A crowd 8080 0', 'B crowd 8080 1', 'C crowd 8080 2', 'D crowd 8080 3')).toEqual([
      'ABCD crowd 8080 N # N: 0 to 3',
    ])
    const others = ['A crowd 0', 'B crowd 1', 'C crowd 2', 'D crowd 5']
    expect(folded(...others)).toEqual(others)
    const twoDiffer = ['A crowd 0 a', 'B crowd 1 b', 'C crowd 2 c', 'D crowd 3 d']
    expect(folded(...twoDiffer)).toEqual(twoDiffer)
  })

  it('are counted where they come again', () => {
    expect(folded('A one', 'A one', 'A one')).toEqual(['A one', 'A one', 'A one'])
    expect(folded('A one', 'A one', 'A one', 'A one', 'B two')).toEqual(['A one', ' (this line 3 times more)', 'B two'])
    const round = ['A one', 'B two']
    expect(folded(...round, ...round, ...round, ...round, ...round)).toEqual([
      'A one',
      'B two',
      ' (the last 2 lines 4 times more)',
    ])
  })
})
