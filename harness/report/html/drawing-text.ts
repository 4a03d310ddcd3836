/** How wide texts are in drawings, as far as one can know before a font is chosen; and what fits into some room. */

import { displayWidth } from '../width.ts'

/** Pixels at a size of 12, of a font that is wider than most. */
const WIDTHS = { thin: 4.4, narrow: 5.2, digit: 7.7, letter: 7.5, wide: 9.2 }
/** Of a character of a monospaced font at its size of 11. */
const MONO = 6.65

/** `kind`: the classes of the text; they say whether it is bold, small or monospaced. */
export function widthOf(text: string, kind = ''): number {
  const one = widthOfOneIn(kind)
  let sum = 0
  for (const character of text) sum += one(character)
  return sum
}

function widthOfOneIn(kind: string): (character: string) => number {
  const isBold = kind.includes('d-strong') || kind.includes('d-bad-text')
  if (kind.includes('d-mono')) return (one) => displayWidth(one) * MONO
  const scale = (kind.includes('d-small') ? 11 / 12 : 1) * (isBold ? 1.1 : 1)
  return (one) => widthOfOne(one) * scale
}

function widthOfOne(one: string): number {
  if (/[ .,:;'|!ijl[\]()]/.test(one)) return WIDTHS.thin
  if (/[-frt/"]/.test(one)) return WIDTHS.narrow
  if (/\d/.test(one)) return WIDTHS.digit
  if (/[A-Zmw@%_…“”]/.test(one)) return WIDTHS.wide
  return displayWidth(one) * WIDTHS.letter
}

/** The text as far as there is room for it. */
export function fit(text: string, room: number, kind = ''): string {
  if (widthOf(text, kind) <= room) return text
  const one = widthOfOneIn(kind)
  let [shown, left] = ['', room - one('…')]
  for (const character of text) {
    left -= one(character)
    if (left < 0) break
    shown += character
  }
  return `${shown.trimEnd()}…`
}

/** The words on as many lines as they need; the last one of `most` lines ends in an ellipsis where there are more. */
export function wrap(text: string, room: number, most = 3, kind = ''): string[] {
  const lines: string[] = []
  let line = ''
  const words = text.split(' ').flatMap((word) => pieces(word, room, kind))
  for (const word of words) {
    if (line !== '' && widthOf(`${line} ${word}`, kind) > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), fit(lines.slice(most - 1).join(' '), room, kind)]
}

/** A word that no line can hold, in parts. */
function pieces(word: string, room: number, kind: string): string[] {
  if (widthOf(word, kind) <= room) return [word]
  const parts: string[] = []
  let part = ''
  const add = (text: string) => {
    if (part !== '' && widthOf(part + text, kind) > room) {
      parts.push(part)
      part = ''
    }
    part += text
  }
  // After a hyphen first, as a reader would.
  for (const syllable of word.split(/(?<=-)/)) {
    if (widthOf(syllable, kind) <= room) add(syllable)
    else for (const one of syllable) add(one)
  }
  return [...parts, part]
}
