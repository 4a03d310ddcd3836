/** What a person may have meant by a word that stands in a step at the wrong place, or in no step at all. */

import { isIP } from 'node:net'

import { FIRST_WORDS, ONE_PORT, SOCKET_WORDS } from './vocabulary.ts'

/** A word as a message shows it: one that is too long says nothing more by its end. */
export function quoted(word: string): string {
  return `'${word.length > LONGEST_SHOWN ? `${word.slice(0, LONGEST_SHOWN)}…` : word}'`
}

const LONGEST_SHOWN = 40

const KNOWN = [...FIRST_WORDS, ...SOCKET_WORDS, 'from']

const isOrigin = (word: string) => word === 'from'

export const isSocketWord = (word: string) => SOCKET_WORDS.some((known) => known === word)

/** A word that differs in its case only was meant. */
function meantBy(word: string): string {
  const meant = KNOWN.find((known) => known.toLowerCase() === word.toLowerCase())
  return meant === undefined || meant === word ? '' : `; did you mean ${meant}?`
}

/** Whatever looks like an arrow was meant as one: part of it, a longer one, or one of a single character. */
export function hintForFirst(word: string): string {
  if (/^(?:[-=~–—]*>+|[-=–—]+$|\p{Sm}|[\u2190-\u21ff\u2794-\u27be])/u.test(word))
    return '; an arrow is written -> in one piece'
  if (isIP(word) > 0) return '; an address comes after tcp, udp or ->'
  if (isSocketWord(word) || isOrigin(word)) return `; ${word} comes after an address`
  return meantBy(word)
}

/** `first`: the word with which the step begins. */
export function hintFor(word: string, first: 'tcp' | 'udp' | '->'): string {
  if (/^:?\d+$/.test(word)) return `; ${ONE_PORT}`
  if (isIP(word.replace(/^\[(.*)\]$/, '$1')) > 0) {
    return first === '->' ? "; a client's own address comes after from" : '; a socket has one address'
  }
  if (first === '->' && isSocketWord(word)) return `; ${word} is for a socket, which tcp or udp opens`
  if (first !== '->' && isOrigin(word)) return '; from is for a client, which comes by ->'
  if (FIRST_WORDS.some((known) => known === word) || word === '>') return '; it begins a step of its own'
  return meantBy(word)
}

export function hintForAddress(word: string): string {
  if (KNOWN.includes(word)) return ', and an address comes first'
  if (word === '*') return '; every address of IPv4 is 0.0.0.0, every address is ::'
  return /^[\d.]+$/.test(word) ? '; one of IPv4 has four numbers from 0 to 255' : ''
}
