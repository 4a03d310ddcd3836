/** Listings that were made narrower: what is read of them is what the whole ones say, or it is not read. */

import { describe, expect, it } from 'vitest'
import type { SocketRow } from '../../harness/domain/socket-row.ts'
import { readListings } from '../../harness/listing/recognise.ts'
import { CORPUS } from './corpus/corpus.ts'

const NARROWEST = 40
const WIDEST = 200

const cut = (text: string, width: number) =>
  text
    .split('\n')
    .map((line) => line.slice(0, width))
    .join('\n')

const wrapped = (text: string, width: number) => text.replaceAll(new RegExp(`.{${width}}(?=.)`, 'g'), '$&\n')

const rowsOf = (text: string) => readListings(text).listings.flatMap(({ rows }) => rows)

function isSaidBy(row: SocketRow, { protocol, family, local, peer, state }: SocketRow): boolean {
  const ends = (one: Pick<SocketRow, 'local' | 'peer'>) => JSON.stringify([one.local, one.peer])
  const isSameState = row.state === state || (row.state === null && row.stateAsPrinted !== '')
  return row.protocol === protocol && row.family === family && ends(row) === ends({ local, peer }) && isSameState
}

/** The widths at which a row comes out that the whole listing does not have. */
function wrongWidths(text: string, narrow: (text: string, width: number) => string): number[] {
  const whole = rowsOf(text)
  const longest = Math.min(WIDEST, Math.max(...text.split('\n').map(({ length }) => length)))
  const widths = Array.from({ length: Math.max(0, longest - NARROWEST) }, (_, index) => NARROWEST + index)
  return widths.filter((width) => rowsOf(narrow(text, width)).some((row) => !whole.some((one) => isSaidBy(row, one))))
}

const TABLES = /^(?:lsof|proc|netstat-bsd|netstat-linux|netstat-windows|sockstat|ss|fstat)\//
/** Of lines that were cut or wrapped already, narrower ones may say what those do not. */
const NARROW = /cut|wrapped|narrow/

const CASES = CORPUS.filter(({ name }) => TABLES.test(name) && !NARROW.test(name))

/**
 * Where it cannot be known: no line shows that it was cut, since those that reach the edge end in a column with which a
 * line may end, and the others are shorter. fstat and lsof -T show no state, nor does UDP, nor sockstat without -s; in
 * those of ss the column of the peer was the last one. On Windows the one line is CLOSE_WAIT, cut to a state that others have.
 */
const CUT: Readonly<Record<string, readonly number[]>> = {
  'fstat/netbsd': [74, 75, 76, 77, 78, 79, 95],
  'fstat/openbsd': [63, 68, 85, 86, 87, 88, 106],
  'lsof/every-file': [111],
  'lsof/tabs-crlf': [51, 52],
  'lsof/without-states': [62, 63, 80, 81, 82, 83],
  'netstat-bsd/freebsd-queues': [44],
  'netstat-bsd/netbsd': [55],
  'netstat-windows/ano': [60],
  'sockstat/freebsd': [74, 75, 76],
  'ss/everything': [64, 65, 66, 67],
  'ss/names': [88],
  'ss/no-heading-one-protocol': [44],
  'ss/old': [78, 79],
}

/** In the whole listing these rows were unread: they are cut there, in columns that a narrower one does not show. */
const WRAPPED: Readonly<Record<string, readonly number[]>> = {
  'lsof/other-ends': [84],
  'proc/big-endian-grep': [143, 156],
}

describe('a listing cut at any width has no row that the whole one has not', () => {
  it.for(CASES)('$name', ({ name, text }) => {
    expect(wrongWidths(text, cut)).toEqual(CUT[name] ?? [])
  })
})

describe('a listing wrapped at any width has no row that the whole one has not', () => {
  it.for(CASES)('$name', ({ name, text }) => {
    expect(wrongWidths(text, wrapped)).toEqual(WRAPPED[name] ?? [])
  })
})

const LSOF = [
  'COMMAND     PID   USER   FD   TYPE             DEVICE SIZE/OFF NODE NAME',
  'node      12345    bob   20u  IPv4             123456      0t0  TCP *:8080 (LISTEN)',
  'redis     12346    bob    6u  IPv4             123457      0t0  TCP 127.0.0.1:63790 (LISTEN)',
  'dns       12347    bob    7u  IPv4             123458      0t0  UDP 127.0.0.1:5353',
].join('\n')

const portsOf = (text: string) => rowsOf(text).map(({ local }) => local.port)
const unreadOf = (text: string) => readListings(text).listings.flatMap(({ unread }) => unread.map(({ line }) => line))

describe('a narrow listing of lsof', () => {
  it('is put together where a terminal or a mail wrapped it', () => {
    expect(portsOf(wrapped(LSOF, 72))).toEqual([8080, 63_790, 5353])
    expect(unreadOf(wrapped(LSOF, 72))).toEqual([])
    expect(portsOf(LSOF.replaceAll('TCP ', 'TCP\n').replaceAll(' (L', '\n(L'))).toEqual([5353])
    expect(portsOf(LSOF.replaceAll('TCP ', 'TCP\n'))).toEqual([8080, 63_790, 5353])
  })

  it('has no port of a line that ends where the others are cut', () => {
    expect(portsOf(cut(LSOF, 79))).toEqual([])
    expect(unreadOf(cut(LSOF, 79))).toEqual([2, 3, 4])
  })

  it('leaves a remark below its longest line alone', () => {
    const remarked = LSOF.replace('(LISTEN)\ndns', '(LISTEN)\n<- this one\ndns')
    expect(portsOf(remarked)).toEqual([8080, 63_790, 5353])
    expect(unreadOf(remarked)).toEqual([4])
  })
})
