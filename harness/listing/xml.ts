/** The tags of an XML text, one after the other, in one pass: enough for a listing, and no more. */

/** `at`: where the tag begins in the text. An empty element (`<a/>`) opens and closes at once. */
export type Tag = { name: string; attributes: ReadonlyMap<string, string>; opens: boolean; closes: boolean; at: number }

/** A part of the text that is no tag, from `from` up to `to`: the words between tags, or a tag without an end. */
export type NoTag = { what: 'words' | 'broken'; from: number; to: number }

/** Comments, instructions and blanks between the tags are passed over. After a broken tag the next `<` is looked for. */
export function* tagsOf(text: string): Generator<Tag | NoTag> {
  let from = 0
  for (;;) {
    const next = text.indexOf('<', from)
    const at = next < 0 ? text.length : next
    const between = text.slice(from, at)
    const words = between.trim()
    if (words !== '') {
      const first = from + between.length - between.trimStart().length
      yield { what: 'words', from: first, to: first + words.length }
    }
    if (next < 0) return
    const { end, isBroken } = endOf(text, at)
    const tag = isBroken ? null : readTag(text, at, end)
    if (tag !== null) yield tag
    else if (isBroken) yield { what: 'broken', from: at, to: end }
    from = end
  }
}

const LONG = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<![CDATA[', ']]>'],
] as const

/** Behind the tag that begins at `at`. A `>` within quotes does not end it; a `<` may stand nowhere in it. */
function endOf(text: string, at: number): { end: number; isBroken: boolean } {
  for (const [start, end] of LONG) {
    if (!text.startsWith(start, at)) continue
    const found = text.indexOf(end, at + start.length)
    return found < 0 ? { end: text.length, isBroken: true } : { end: found + end.length, isBroken: false }
  }
  let quote = ''
  for (let index = at + 1; index < text.length; index += 1) {
    const letter = text.charAt(index)
    if (letter === '<') return { end: index, isBroken: true }
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '>') return { end: index + 1, isBroken: false }
  }
  return { end: text.length, isBroken: true }
}

const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y
const BLANK = /\s+/y

function readTag(text: string, at: number, end: number): Tag | null {
  const opens = text.charAt(at + 1) !== '/'
  const body = text.slice(at + (opens ? 1 : 2), end - 1)
  const [name] = /^[A-Za-z_][\w:.-]*/.exec(body.slice(0, 100)) ?? []
  if (name === undefined) return null
  const attributes = new Map<string, string>()
  let from = name.length
  for (;;) {
    BLANK.lastIndex = from
    from += BLANK.exec(body)?.[0].length ?? 0
    ATTRIBUTE.lastIndex = from
    const found = ATTRIBUTE.exec(body)
    if (found === null) break
    attributes.set(found[1] ?? '', withoutEntities(found[2] ?? found[3] ?? ''))
    from = ATTRIBUTE.lastIndex
  }
  return { name, attributes, opens, closes: !opens || body.endsWith('/'), at }
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** An entity that nobody declared stays as it is. */
function withoutEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{1,8}));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED.get(name) ?? whole
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16)
      return code > 0x10_ffff ? whole : String.fromCodePoint(code)
    },
  )
}
