/** Listings as long as is wanted, and listings with one line that is meant to keep a reader busy. */

import { PRINTERS } from './printers/all.ts'
import { manyFacts } from './printers/facts.ts'
import { manyHosts, NMAP } from './printers/nmap.ts'

/** `text` prints those from number `from` on. */
type Source = { name: string; block: (count: number, from: number) => string; entriesOfBlock: number }

export const SOURCES: readonly Source[] = [
  ...PRINTERS.map(({ name, print }) => ({
    name,
    block: (count: number, from: number) => print(manyFacts(count, from)).text,
    entriesOfBlock: 4000,
  })),
  ...NMAP.map(({ name, print }) => ({
    name,
    block: (count: number, from: number) => print(manyHosts(count, from)).text,
    entriesOfBlock: 200,
  })),
]

/** Blocks one behind the other, each without the heading that the first one has, until there is enough. */
export function longText({ block, entriesOfBlock }: Source, characters: number): string {
  const heading = block(0, 0).split('\n')
  const repeated = heading.length === 1 && heading[0] === '' ? 0 : heading.length
  const blocks = [block(entriesOfBlock, 0)]
  let length = blocks[0]?.length ?? 0
  for (let from = entriesOfBlock; length < characters; from += entriesOfBlock) {
    const lines = block(entriesOfBlock, from).split('\n')
    const isWhole = lines[0] !== heading[0] || lines.length <= repeated
    const text = (isWhole ? lines : lines.slice(repeated)).join('\n')
    blocks.push(text)
    length += text.length
  }
  return blocks.join('\n').slice(0, characters)
}

/** What makes a careless pattern look again and again: it begins like something and never ends. */
const PIECES = [
  'a', '1', ' ', '\t', '\0', '(', ')', '[', ']', '"', ':', '::', '.', '/', '%', '-', '*', '|', '<', '>', '&', '\\', '^A', '\\x20', 'a ', '1 ', ' 1/', '> ',
  '$ ', 'a@b ', '$(', '1.', 'f1:', '",pid=1,fd=1),("', 'users:((', '"))', ' users:(("', '-> ', ' <-> ', ', 1/', '\tPorts: ', 'Ports: ', ' IPv4 ', ' 1u IPv4 ',
  ' TCP ', '* internet ', ' (1/', ' (0.00/0/0)', '\u001b[', '\u001b]', '\u001b[31m', '<a b="', "<a b='", '<!--', '<?', '</a>', '&#1;', 'open (1) ', '1/tcp open ',
  'host (', 'é', '\uD83D\uDE00',
] // prettier-ignore

export type Hostile = { name: string; text: string }

/** Each piece many times in the first row of each listing: in front of it, behind its first column, in its middle, behind it. */
export function* hostileTexts(characters: number): Generator<Hostile> {
  for (const { name, block } of SOURCES) {
    const heading = block(0, 0).split('\n').length
    const lines = block(2, 1).split('\n')
    const at = Math.min(lines.length - 1, lines.length > heading + 1 ? heading : 0)
    const row = lines[at] ?? ''
    const columns = row.search(/\s\S/)
    for (const piece of PIECES) {
      const long = piece.repeat(Math.ceil(characters / piece.length))
      for (const place of new Set([0, Math.max(columns, 0), row.length >> 1, row.length])) {
        const text = lines.with(at, row.slice(0, place) + long + row.slice(place)).join('\n')
        yield { name: `${JSON.stringify(piece)} at ${place} of a row of ${name}`, text }
      }
    }
  }
}

/** Each line many times. */
const LINES = [
  'tcp LISTEN 0 1 *:1 *:* users:(("a', '\tskmem:(r0)', 'tcp LISTEN 0 1 *:1', 'State Recv-Q Send-Q', 'users:(("a",pid=1,fd=1))', '"', '))', '",pid=1,fd=2))',
  'COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME', '=======', 'p1', 'f1', 'cname', 'm', '  sl  local_address rem_address', 'Active Internet connections (only servers)',
  'Proto Recv-Q Send-Q Local Address', 'Active Connections', '  Proto  Local Address          Foreign Address', ' [a.exe]', 'USER CMD PID FD MOUNT',
  'USER COMMAND PID FD PROTO LOCAL ADDRESS', 'Nmap scan report for a (::1)', 'Nmap done', '1/tcp open', 'Host: ::1 ()\tPorts: 1/open/tcp//a///', '<nmaprun args="a">', '<host>',
  '</host>', '<port protocol="tcp" portid="1">', '<!--', '<a b="', '<?xml ', '$ ss -tln', '$ ', '```', '> ', '> > a', '(END)', 'words', ' words', '(Not all processes could be',
] // prettier-ignore

export function* hostileLines(characters: number): Generator<Hostile> {
  for (const [index, line] of LINES.entries()) {
    const many = `${line}\n`.repeat(Math.ceil(characters / (line.length + 1)))
    yield { name: `${JSON.stringify(line)} in every line`, text: many }
    const next = LINES[(index + 1) % LINES.length] ?? ''
    yield {
      name: `${JSON.stringify(line)} and ${JSON.stringify(next)} by turns`,
      text: many.replaceAll(/\n(.*)\n/g, `\n${next}\n`),
    }
    for (const { name, block } of SOURCES) {
      yield { name: `${JSON.stringify(line)} below a row of ${name}`, text: `${block(1, 1)}\n${many}` }
    }
  }
}
