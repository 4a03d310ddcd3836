import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'

import { createLayout } from '../../harness/report/layout.ts'
import { oneLine, plain, sentence, toJson } from '../../harness/report/plain.ts'
import { cutUp, displayWidth } from '../../harness/report/width.ts'
import { HOSTILE, plainLayout } from './stream.ts'

describe('a paragraph', () => {
  it('is wrapped at words, with a hanging indent', () => {
    expect(plainLayout(30).paragraph('The quick brown fox jumps over the lazy dog', '  a  ')).toBe(
      '  a  The quick brown fox jumps\n     over the lazy dog\n',
    )
  })

  it('fills a line to its last column and not beyond', () => {
    expect(plainLayout(20).paragraph('12345678901234567890 x', '')).toBe('12345678901234567890\nx\n')
    expect(plainLayout(20).paragraph('1234567890 123456789 x', '')).toBe('1234567890 123456789\nx\n')
    expect(plainLayout(20).paragraph('1234567890 1234567890', '')).toBe('1234567890\n1234567890\n')
  })

  it('gives its indent up where that would leave no room for words', () => {
    expect(plainLayout(20).paragraph('one two three four five six', ' '.repeat(8))).toBe(
      'one two three four\n  five six\n',
    )
  })

  it('cuts a word that no line can hold after its hyphens', () => {
    expect(plainLayout(20).paragraph('dual-stack-listener-sees-ipv4', '')).toBe('dual-stack-listener-\nsees-ipv4\n')
  })

  it('has neither a blank at the end of a line nor a line of blanks', () => {
    expect(plainLayout().paragraph('', '     ')).toBe('\n')
    expect(plainLayout(20).paragraph('one  \n\n  two ', '')).toBe('one two\n')
  })

  it('is never wider than the terminal, whatever the text is', () => {
    for (const columns of [20, 33, 80]) {
      const lines = plainLayout(columns).paragraph(`${HOSTILE} ${HOSTILE}`, '  pass  ', '        ').split('\n')
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns)
      expect(Math.max(...lines.map(displayWidth))).toBeGreaterThan(columns - 3)
    }
  })

  it('counts the columns of scripts that take two for a character', () => {
    expect(plainLayout(20).paragraph('日本語日本語日本語日本語', '')).toBe('日本語日本語日本語日\n本語\n')
  })

  it('loses nothing of a long word', () => {
    const word = 'ab-cd'.repeat(1000)
    expect(plainLayout(20).paragraph(word, '').replaceAll('\n', '')).toBe(word)
  })

  it('copes with a word of a million letters', () => {
    expect(plainLayout(80).paragraph('x'.repeat(1_000_000), '').split('\n')).toHaveLength(12_501)
  })
})

describe('the layout', () => {
  it.each([
    [undefined, 80],
    [200, 80],
    [60, 60],
    [5, 20],
  ])('for %s columns is %s wide', (columns, width) => {
    expect(createLayout({ columns, color: false }).width).toBe(width)
  })

  it('paints only where colour is wanted', () => {
    expect(createLayout({ columns: 80, color: false }).paint('red', 'text')).toBe('text')
    const painted = createLayout({ columns: 80, color: true }).paint('red', 'text')
    expect(painted).not.toBe('text')
    expect(stripVTControlCharacters(painted)).toBe('text')
  })
})

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['é', 1],
    ['🚢', 2],
    ['👩‍🔬', 2],
    ['한글', 4],
    ['привет', 6],
    ['a\u200bb', 2],
    ['\u200b', 0],
    ['', 0],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })

  it('is kept by every part of a word that is cut', () => {
    expect(cutUp('abcdefgh', 3, 4)).toEqual(['abc', 'defg', 'h'])
    expect(cutUp('日本語', 1, 3)).toEqual(['日', '本', '語'])
    expect(cutUp('a-bcdefg', 6, 6)).toEqual(['a-bcde', 'fg'])
    expect(cutUp('abcd-efg', 6, 6)).toEqual(['abcd-', 'efg'])
  })
})

describe('plain text', () => {
  it('shows control characters instead of obeying them', () => {
    expect(plain('\u001b[2Jgone\u0007\u009b1m\u202e\ud800')).toBe('\\u001b[2Jgone\\u0007\\u009b1m\\u202e\\ud800')
  })

  it('keeps lines, tabs, emoji and every script', () => {
    expect(plain('a\n\tb\r\nc 🚢 日本語 ё')).toBe('a\n\tb\nc 🚢 日本語 ё')
  })

  it('can be had in one line', () => {
    expect(oneLine(' a\r\n\n b\u2028c\td ')).toBe('a b c d')
  })

  it('ends with one full stop', () => {
    expect(sentence('it took too long')).toBe('it took too long.')
    expect(sentence('It took too long.')).toBe('It took too long.')
    expect(sentence('Why?')).toBe('Why?')
  })
})

describe('JSON', () => {
  it('says the same as it would elsewhere, but for half surrogates', () => {
    expect(JSON.parse(toJson({ text: `${HOSTILE}\u007f`, list: [1, null] }))).toEqual({
      text: `${HOSTILE.toWellFormed()}\u007f`,
      list: [1, null],
    })
  })

  it('is one line unless an indent is asked for', () => {
    expect(toJson({ a: 'b\n\u2028\u0085' })).toBe('{"a":"b\\n\\u2028\\u0085"}')
    expect(toJson({ a: 1 }, 1)).toBe('{\n "a": 1\n}')
  })
})
