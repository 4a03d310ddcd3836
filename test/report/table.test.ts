/** A table of plain columns. */

import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'

import { createLayout } from '../../harness/report/layout.ts'
import { tableLines } from '../../harness/report/table.ts'
import { displayWidth } from '../../harness/report/width.ts'
import { HOSTILE } from './stream.ts'

const COLUMNS = [{ heading: 'Port', isNumber: true }, { heading: 'Command', mayCut: true }, { heading: 'User' }]
const rows = (...all: string[][]) => all.map((cells) => ({ cells }))
const drawn = (columns: number | undefined, cells: string[][]) => {
  const lines = tableLines(createLayout({ columns, color: false }), COLUMNS, rows(...cells))
  return lines && [...lines].join('')
}

test('columns are aligned, numbers to the right, and no line ends with blanks', () => {
  expect(
    drawn(80, [
      ['80', 'nginx', 'root'],
      ['5353', 'avahi-daemon', '-'],
    ]),
  ).toBe(['Port  Command       User', '  80  nginx         root', '5353  avahi-daemon  -', ''].join('\n'))
})

test('on a narrow screen the gaps close first, then cells are cut', () => {
  const cells = [['80', 'avahi-daemon', 'root']]
  expect(drawn(23, cells)).toBe('Port Command      User\n  80 avahi-daemon root\n')
  expect(drawn(20, cells)).toBe('Port Command    User\n  80 avahi-dae… root\n')
})

test('there is no table where cells would say too little', () => {
  expect(drawn(20, [['80', 'avahi-daemon', 'a-user-of-14']])).toBeNull()
})

test('without a screen a line is as long as it needs to be', () => {
  expect(drawn(undefined, [['80', 'x'.repeat(300), 'root']])).toContain('x'.repeat(300))
})

test('scripts that take two columns are aligned and cut as well', () => {
  const text =
    drawn(20, [
      ['80', '日本語日本語', 'root'],
      ['81', 'x', 'root'],
    ]) ?? ''
  const [, first = '', second = ''] = text.split('\n')
  expect(displayWidth(first.slice(0, first.indexOf('root')))).toBe(second.indexOf('root'))
  expect(first).toContain('…')
})

test('what programs call themselves stays on its line', () => {
  const text = drawn(undefined, [['80', HOSTILE, 'root']]) ?? ''
  expect(text.split('\n')).toHaveLength(3)
  expect(text).not.toContain('\u001b')
})

test('a row is coloured as a whole, where colour is wanted', () => {
  const lines = tableLines(createLayout({ columns: 80, color: true }), COLUMNS, [
    { cells: ['80', 'x', 'y'], format: 'dim' },
  ])
  const [heading = '', first = ''] = [...(lines ?? [])]
  expect(stripVTControlCharacters(heading)).not.toBe(heading)
  expect(stripVTControlCharacters(first)).not.toBe(first)
})
