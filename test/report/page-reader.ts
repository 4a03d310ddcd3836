/** Reads a page as strictly as XML is read, though it is HTML: any tag out of place, and any name used twice, is thrown. */

export type Tag = { name: string; attributes: Readonly<Record<string, string>> }

/** `text` is in the order of the page, its title first. */
export type ReadPage = { tags: Tag[]; title: string; text: string; ids: Set<string> }

/** Elements of HTML that have no end. */
const VOID = new Set(['meta', 'link', 'br', 'hr', 'img'])
const INLINE = new Set(['a', 'b', 'span', 'code', 'strong', 'cite', 'i'])
const REFERENCE = /&(amp|lt|gt|quot|#39);/g
const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

export function readPage(html: string): ReadPage {
  const [, doctype = '', rest = ''] = /^(<!doctype html>\n)?([\s\S]*)$/.exec(html) ?? []
  if (doctype === '') throw new Error('no doctype')
  const open: string[] = []
  const tags: Tag[] = []
  const ids = new Set<string>()
  let [title, text] = ['', '']
  for (let at = 0; at < rest.length;) {
    const tag = /<(\/?)([a-z][a-z0-9]*)((?: [a-z:A-Z-]+(?:="[^"<]*")?)*)(\/?)>/y
    tag.lastIndex = at
    const found = tag.exec(rest)
    if (found === null) {
      const end = rest.indexOf('<', at + 1)
      const part = rest.slice(at, end === -1 ? rest.length : end)
      if (part.startsWith('<')) throw new Error(`no tag: ${part.slice(0, 80)}`)
      // The content of a style is no text: nothing in it is escaped.
      if (open.at(-1) !== 'style') text += decoded(part)
      if (open.at(-1) === 'title' && title === '') title = decoded(part)
      at += part.length
      continue
    }
    at = tag.lastIndex
    // What a browser shows in a line of its own is apart from what stands before and after it.
    if (!INLINE.has(found[2] ?? '')) text += ' '
    const [, isEnd, name = '', attributes = '', isEmpty] = found
    if (isEnd === '/') {
      const last = open.pop()
      if (last !== name) throw new Error(`</${name}> ends <${last ?? 'nothing'}> near ${rest.slice(at - 200, at)}`)
      continue
    }
    const read = attributesOf(attributes)
    const { id } = read
    if (id !== undefined) {
      if (ids.has(id)) throw new Error(`two places are named ${id}`)
      if (/\s/.test(id) || id === '') throw new Error(`no name of a place: '${id}'`)
      ids.add(id)
    }
    tags.push({ name, attributes: read })
    if (isEmpty !== '/' && !VOID.has(name)) open.push(name)
  }
  if (open.length > 0) throw new Error(`never ended: ${open.join(' ')}`)
  return { tags, title, text, ids }
}

function attributesOf(text: string): Record<string, string> {
  const all = [...text.matchAll(/ ([^= ]+)(?:="([^"]*)")?/g)].map(
    ([, name = '', value = '']) => [name, decoded(value)] as const,
  )
  if (new Set(all.map(([name]) => name)).size < all.length) throw new Error(`an attribute twice:${text}`)
  return Object.fromEntries(all)
}

function decoded(text: string): string {
  const without = text.replace(REFERENCE, '')
  if (without.includes('&') || without.includes('>')) throw new Error(`not escaped: ${text.slice(0, 80)}`)
  // Control characters but line ends and tabs, and halves of surrogate pairs.
  if (/[^\P{Cc}\n\t]|\p{Cs}/u.test(text))
    throw new Error(`a character that no page may hold: ${JSON.stringify(text.slice(0, 80))}`)
  return text.replace(REFERENCE, (_, name: string) => CHARACTERS[name] ?? '')
}
