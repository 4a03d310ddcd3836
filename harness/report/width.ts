/** How many columns of a terminal a text takes, and where it may be cut. */

/** Characters that stand on two columns: those of East Asian scripts, and pictures (Unicode Standard Annex 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}\ufe0f]/u
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
const ASCII = /^[\x20-\x7e]*$/

export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length
  return characters(text).reduce((sum, one) => sum + widthOf(one), 0)
}

/**
 * Cuts a word that no line can hold: the first part fits `first` columns, the others fit `rest`. Each ends after a mark
 * such as a hyphen, where there is one in its second half.
 */
export function cutUp(word: string, first: number, rest: number): string[] {
  const parts: string[] = []
  let part: string[] = []
  let used = 0
  let room = Math.max(1, first)
  for (const one of characters(word)) {
    const width = widthOf(one)
    if (used + width > room && part.length > 0) {
      const mark = part.findLastIndex((other) => '-/:.,_'.includes(other)) + 1
      const end = mark > part.length / 2 ? mark : part.length
      parts.push(part.slice(0, end).join(''))
      part = part.slice(end)
      used = displayWidth(part.join(''))
      room = Math.max(1, rest)
    }
    part.push(one)
    used += width
  }
  return [...parts, part.join('')]
}

/** The text, or where it is too wide as much of its beginning as there is room for, and `…`. */
export function cutTo(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const one of characters(text)) {
    used += widthOf(one)
    if (used > width - 1) break
    kept += one
  }
  return `${kept}…`
}

let segmenter: Intl.Segmenter | undefined

/** What a reader takes for one character, even where it is made of several. */
function characters(text: string): string[] {
  if (ASCII.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter()
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function widthOf(one: string): number {
  if (ASCII.test(one)) return one.length
  if (NO_WIDTH.test(one)) return 0
  return WIDE.test(one) ? 2 : 1
}
