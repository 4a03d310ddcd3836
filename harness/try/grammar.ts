/** The grammar of `npm run try`: reads a step, and says where a mistake is. */

import { isIP, isIPv4, isIPv6 } from 'node:net'

import { addressFamily, unmapped } from '../domain/endpoint.ts'
import type { TryStep } from '../domain/tried.ts'
import { canonical } from '../theories/reach.ts'
import { hintFor, hintForAddress, hintForFirst, isSocketWord, quoted } from './hint.ts'
import { ONE_PORT } from './vocabulary.ts'

/** What is wrong with a step, and which part of its text it is. */
export class Mistake extends Error {
  readonly text: string
  readonly at: number
  readonly length: number

  constructor(text: string, what: string, { at, word }: Word) {
    super(what)
    this.text = text
    this.at = at
    this.length = Math.max(1, word.length)
  }
}

type Word = { word: string; at: number }

/** Takes the words of a step one after the other. */
class Words {
  readonly text: string
  readonly #words: Word[]
  readonly #given = new Set<string>()

  constructor(text: string) {
    this.text = text
    // An arrow may stand at its address without a space.
    this.#words = [...text.matchAll(/(?<!\S)->|\S+/g)].map(({ 0: word, index }) => ({ word, at: index }))
  }

  next(): Word | undefined {
    return this.#words.shift()
  }

  /** @throws Mistake where this option of the step has been given before. */
  once(option: string, where: Word): void {
    if (this.#given.has(option)) this.wrong(`a step takes ${option} once`, where)
    this.#given.add(option)
  }

  /** @throws Mistake where there is no further word. */
  need(what: string): Word {
    return this.next() ?? this.wrong(`here ${what} is missing`, { word: '', at: this.text.trimEnd().length })
  }

  wrong(what: string, where: Word): never {
    throw new Mistake(this.text, what, where)
  }
}

/** @throws Mistake */
export function readStep(text: string): TryStep {
  const words = new Words(text)
  const first = words.need('a step')
  switch (first.word) {
    case 'tcp':
    case 'udp':
      return readSocket(words, first.word)
    case '->':
      return readArrival(words)
    case 'close':
    case 'kill': {
      const step = readNumber(words, words.need(`the number of a step, as in ${first.word} 1,`))
      refuseMore(words, `${first.word} takes one number`)
      return { do: first.word, step }
    }
    default:
      return words.wrong(`no step begins with ${quoted(first.word)}${hintForFirst(first.word)}`, first)
  }
}

function readSocket(words: Words, protocol: 'tcp' | 'udp'): TryStep {
  const address = readAddress(words, words.need('an address, such as 127.0.0.1 or ::,'))
  const options = { ipv6Only: false, reusePort: false, reuseAddr: false }
  let bound = false
  let user: string | null = null
  let inStep: number | null = null
  for (let next = words.next(); next; next = words.next()) {
    const { word } = next
    if (isSocketWord(word)) words.once(word, next)
    if (word === 'reuseAddr' && protocol === 'tcp') {
      words.wrong('reuseAddr is for udp: Node sets SO_REUSEADDR on every TCP socket', next)
    }
    if (word === 'ipv6Only' || word === 'reusePort' || word === 'reuseAddr') options[word] = true
    else if (word === 'bound') bound = true
    else if (word === 'as') user = readUser(words, words.need('a user, as in as nobody,'))
    else if (word === 'in') inStep = readNumber(words, words.need('the number of a step, as in in 1,'))
    else words.wrong(`${quoted(word)} means nothing here${hintFor(word, protocol)}`, next)
    if (user !== null && inStep !== null) {
      words.wrong('a step has as or in, not both: the process of an earlier step has its user already', next)
    }
  }
  return { do: 'open', protocol, address, listens: protocol === 'tcp' && !bound, ...options, user, inStep }
}

function readArrival(words: Words): TryStep {
  const target = words.need('an address, such as 127.0.0.1,')
  const address = readAddress(words, target)
  refuseMany(words, address, target)
  let protocol: 'tcp' | 'udp' = 'tcp'
  let from: { address: string; port: number | null } | null = null
  for (let next = words.next(); next; next = words.next()) {
    const { word } = next
    if (word === 'udp' || word === 'tcp') {
      words.once('a protocol', next)
      protocol = word
    } else if (word === 'from') {
      words.once(word, next)
      const origin = words.need('an address, as in from 127.0.0.2 or from 127.0.0.2:5000,')
      from = readOrigin(words, origin)
      refuseMany(words, from.address, origin)
      if (addressFamily(from.address) !== addressFamily(address)) {
        words.wrong(`${from.address} and ${address} are of two IP versions`, origin)
      }
    } else words.wrong(`${quoted(word)} means nothing here${hintFor(word, '->')}`, next)
  }
  return { do: 'arrive', protocol, address, from }
}

/** `127.0.0.1`, `::1` or `[::1]`. Names are not looked up: which address is meant is the very question. */
function readAddress(words: Words, where: Word): string {
  const { word } = where
  const plain = word.replace(/^\[(.*)\]$/, '$1')
  if (isIP(plain) === 0) {
    if (word === 'localhost') words.wrong('localhost is a name for two addresses; write 127.0.0.1 or ::1', where)
    if (/^(.*\.\d+|\[.*\]|\*|localhost|):\d+$/.test(word)) words.wrong(ONE_PORT, where)
    words.wrong(`${quoted(word)} is no IP address${hintForAddress(word)}`, where)
  }
  if (plain.includes('%')) words.wrong('an address with a zone belongs to one interface; this bench has none', where)
  return plain
}

/** @throws Mistake for a client of an address that no single machine has. */
function refuseMany(words: Words, address: string, where: Word): void {
  if (!belongsToMany(address)) return
  words.wrong(
    `${address} is a group's, a broadcast's or a reserved address: what is sent there may leave this machine`,
    where,
  )
}

/** Multicast, reserved and broadcast (RFC 5771, RFC 1112, RFC 919, RFC 4291). */
function belongsToMany(address: string): boolean {
  const plain = unmapped(canonical(address))
  if (isIPv4(plain)) return Number(plain.split('.')[0]) >= 224
  return isIPv6(plain) && /^ff/i.test(plain)
}

function readOrigin(words: Words, where: Word): { address: string; port: number | null } {
  const { word, at } = where
  const [, address, port] = /^([\d.]+|\[.*\]):(\d+)$/.exec(word) ?? []
  if (address === undefined || port === undefined) return { address: readAddress(words, where), port: null }
  const digits = { word: port, at: at + word.length - port.length }
  if (Number(port) < 1 || Number(port) > 65_535) words.wrong('a port is a number from 1 to 65535', digits)
  return { address: readAddress(words, { word: address, at }), port: Number(port) }
}

function readNumber(words: Words, where: Word): number {
  const { word } = where
  if (!/^[1-9]\d{0,5}$/.test(word)) words.wrong(`${quoted(word)} is no number of a step; steps count from 1`, where)
  return Number(word)
}

function readUser(words: Words, where: Word): string {
  const { word } = where
  const isFit = /^\d+$/.test(word) ? Number(word) < 2 ** 32 - 1 : /^[A-Za-z_][\w.-]{0,31}$/.test(word)
  return isFit ? word : words.wrong(`${quoted(word)} is neither the name nor the number of a user`, where)
}

function refuseMore(words: Words, what: string): void {
  const more = words.next()
  if (more) words.wrong(what, more)
}
