/**
 * Reads a list of what should be open. One port per line:
 *
 *     [optional] PROTOCOL PORT [PLACE] [PROGRAM]
 *
 * PROTOCOL is `tcp` or `udp`. PLACE is `anywhere` (which holds where none is written), `loopback`, `one-interface`,
 * `every-address`, or an address. PROGRAM is the rest of the line: the program that must hold the port. What follows a
 * `#` is a comment. A port that no line names should not be open.
 */

import { isIP, SocketAddress } from 'node:net'

import { isWildcard, unmapped } from '../domain/endpoint.ts'
import type { Expected, Place } from '../domain/ports-expected.ts'
import { PLACES } from '../domain/ports-expected.ts'
import { Unfit } from './unfit.ts'

/** For messages: one line. */
export const EXPECT_GRAMMAR =
  '[optional] tcp|udp PORT [anywhere|loopback|one-interface|every-address|ADDRESS] [PROGRAM]'

/** What people write for one of the places. */
const SAID_OTHERWISE: Readonly<Record<string, Place>> = {
  any: 'anywhere',
  localhost: 'loopback',
  lo: 'loopback',
  all: 'every-address',
  '*': 'every-address',
  everywhere: 'every-address',
}

/** @throws Unfit with the number of the first line that is wrong. `name` is what messages call the file. */
export function readExpectList(text: string, name: string): Expected[] {
  if (text.trim() === '')
    throw new Unfit(`${name} is empty; a list with a comment alone says that nothing should be open`)
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  return lines.flatMap((line, index) => {
    const words = line
      .replace(/(?:^|\s)#.*/, '')
      .trim()
      .split(/\s+/)
    return words[0] === '' ? [] : readLine(words, index + 1, name)
  })
}

function readLine(words: readonly string[], line: number, name: string): Expected {
  const wrong = (why: string) => new Unfit(`${name}, line ${line}: ${why}; a line is: ${EXPECT_GRAMMAR}`)
  const isOptional = words[0]?.toLowerCase() === 'optional'
  const [protocol = '', port = '', ...rest] = isOptional ? words.slice(1) : words
  const known = protocol.toLowerCase()
  if (known !== 'tcp' && known !== 'udp') throw wrong(`'${shortened(protocol)}' is neither tcp nor udp`)
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw wrong(`'${shortened(port)}' is no port from 1 to 65535`)
  }
  const place = placeOf(rest[0] ?? 'anywhere', wrong)
  const program = (place === null ? rest : rest.slice(1)).join(' ')
  return {
    line,
    protocol: known,
    port: Number(port),
    where: place ?? 'anywhere',
    program: program === '' ? null : program,
    isOptional,
  }
}

/** `null` where the word is the program. */
function placeOf(word: string, wrong: (why: string) => Unfit): Expected['where'] | null {
  const place = PLACES.find((one) => one === word.toLowerCase())
  if (place !== undefined) return place
  const meant = SAID_OTHERWISE[word.toLowerCase()]
  if (meant !== undefined) throw wrong(`for '${word}' write ${meant}`)
  const bare = word.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) === 0) {
    if (/^[\d.]+$|^[\da-f.]*:[\da-f:.]*$/i.test(bare)) throw wrong(`'${shortened(word)}' is no address`)
    return null
  }
  const address = canonical(bare)
  return isWildcard(address) ? 'every-address' : { address }
}

/** As listings spell it: `0:0:0:0:0:0:0:1` is `::1`. A zone is a device, and no part of the address. */
function canonical(address: string): string {
  const [plain = ''] = address.split('%')
  if (isIP(plain) === 4) return plain
  return unmapped(new SocketAddress({ address: plain, family: 'ipv6' }).address)
}

function shortened(word: string): string {
  return word.length <= 40 ? word : `${word.slice(0, 40)}…`
}
