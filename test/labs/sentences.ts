/** What a text of a lab has to be: whole sentences, into which everything was filled. */

import { readdirSync } from 'node:fs'
import { parse } from 'node:path'

import { expect } from 'vitest'

/** Words that begin a sentence in small letters: programs of the labs, tools and libraries, system calls. */
const PROGRAMS = readdirSync(new URL('../../labs/programs/', import.meta.url)).map((file) => parse(file).name)
const TOOLS = ['lsof', 'ss', 'netstat', 'nmap', 'tcpdump', 'ip', 'nft', 'libuv']
const CALLS = ['accept', 'bind', 'connect', 'getsockname', 'getpeername', 'listen', 'recv', 'send', 'setsockopt']
const SMALL = new Set([...PROGRAMS, ...TOOLS, ...CALLS])

/** It begins and ends as a sentence does, and nothing in it is missing. */
export function expectSentence(text: string): void {
  const [first = ''] = /^[\w-]+/.exec(text) ?? []
  if (!SMALL.has(first)) expect(text).toMatch(/^[A-Z0-9:[]/)
  expect(text.length, text).toBeGreaterThan(8)
  expect(text).toMatch(/[.?]$/)
  expect(text).not.toMatch(/\bundefined\b|\bnull\b|NaN|\[object|function|=>| {2}|\.\.$| \.|[^?]\?[.,;]/)
}
