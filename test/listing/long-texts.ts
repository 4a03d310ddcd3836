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
  'host (', 'é', '\uD83D\uDE00', '\r', '\u2028', ' are a', ' [host down', 'All 1 scanned ports on a', ' 1 1 tcp a b', ' state: ', 'Not shown: 1 ', ' users', ',fd=1,',
  ' pid=1', '%1', 'a:1', '{', '}', '= ', 'a-1', '`', '#', ';', '12345 ',
] // prettier-ignore

/** What a pattern that takes all of a line does not take: it is tried again from elsewhere. */
const ENDS = ['', '\u2028x', ' x']

/** How lines begin that somebody reads: behind it a piece comes many times. */
const BEGINNINGS = [
  'All 1 scanned ports on a', 'Nmap scan report for a', 'Not shown: 1', 'Host: ::1 () Status: Up ', 'Host: ::1 ()\tPorts: 1/open/tcp', 'root a', 'Active a', 'Proto a', '$ ss -tln',
  'tcp LISTEN 0 1 *:1 *:* users:(("a', 'node 1 a 1u IPv4 1 0t0 TCP ', 'www a 1 1* internet stream tcp ', '  1: 00000000:0000 ', '<port a="', '  TCP 0.0.0.0:1 ', 'tcp4 0 0 *.1 ', '1/tcp open ',
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
        for (const end of place === row.length ? ENDS : ['']) {
          const text = lines.with(at, row.slice(0, place) + long + row.slice(place) + end).join('\n')
          yield {
            name: `${JSON.stringify(piece)} at ${place} of a row of ${name}${end && `, and ${JSON.stringify(end)}`}`,
            text,
          }
        }
      }
    }
  }
  for (const beginning of BEGINNINGS) {
    for (const piece of PIECES) {
      const long = piece.repeat(Math.ceil(characters / piece.length))
      for (const end of ENDS) {
        const name = `${JSON.stringify(piece)} behind ${JSON.stringify(beginning)}, and ${JSON.stringify(end)}`
        yield { name, text: beginning + long + end }
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

/** Each line with another number every time: what a reader has seen before it must not look through again and again. */
const COUNTED = [
  'Active a# sockets', 'Active Internet connections (a#)', 'Current listen queue sizes (#)', 'Listen a#', 'Proto Local Address a#', 'rDNS record for ::1: a#',
  '<hostname name="a#" type="PTR"/>', '<host><hostnames><hostname name="a#"/>', '<address addr="::#" addrtype="ipv6"/>', '<port protocol="tcp" portid="#">', '<a#>',
  'Nmap scan report for a# (::1)', 'Nmap scan report for a#', 'Other addresses for a (not scanned): ::#', '#/tcp open a#', 'Host: ::1 (a#)\tStatus: Up', 'Host: ::# ()\tPorts: #/open/tcp//a///',
  'p#', 'f#', 'ca#', 'n*:#', '==> a# <==', '$ a#', '$ ss -tln # #', 'tcp LISTEN 0 1 *:1 *:* users:(("a",pid=1,fd=#))', ' [a#.exe]', 'a#', '# a', ' a#', 'USER a#', 'COMMAND a#',
] // prettier-ignore

/** Headings below which some lines mean more. */
const HEADINGS = [
  '', 'Active Internet connections (including servers)\nProto Recv-Q Send-Q Local Address Foreign Address (state)\ntcp4 0 0 *.22 *.* LISTEN\n',
  'Nmap scan report for a (::1)\n', '<?xml version="1.0"?>\n<nmaprun>\n<host>\n<hostnames>\n', 'COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n', 'p1\n',
  'USER CMD PID FD MOUNT\n', 'USER COMMAND PID FD PROTO LOCAL ADDRESS FOREIGN ADDRESS\n', '# Nmap 7.93 scan initiated as: nmap -oG - a\n',
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
  for (const line of COUNTED) {
    const count = Math.ceil(characters / (line.length + 6))
    const many = Array.from({ length: count }, (_, index) => line.replaceAll('#', String(index + 1))).join('\n')
    for (const heading of HEADINGS) {
      yield {
        name: `${JSON.stringify(line)} counted below ${JSON.stringify(heading.slice(0, 30))}`,
        text: heading + many,
      }
    }
  }
}
