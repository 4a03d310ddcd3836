/** What a command asked for: whether its answer leaves out connections, a protocol, or a version of IP. */

import type { Blind } from '../domain/look.ts'

/** `false`: was not asked for. `true`: was. Absent: not known. */
export type Asked = Partial<Record<Extract<Blind, 'connections' | 'tcp' | 'udp' | 'IPv4' | 'IPv6'>, boolean>>

/** Reads the options of ss, lsof and netstat. Behind a pipe something may have been left out: only what is surely absent is told. */
export function askedByCommand(command: string): Asked {
  const [typed = '', ...sieves] = command.split('|')
  const words = typed.trim().split(/\s+/)
  const at = words.findIndex((word) => TOOL.test(word))
  const tool = TOOL.exec(words[at] ?? '')?.[1]?.toLowerCase()
  const read = tool === 'ss' || tool === 'lsof' || tool === 'netstat' ? READERS[tool] : undefined
  const asked = read?.(words.slice(at + 1)) ?? {}
  if (sieves.length === 0) return asked
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => !value))
}

const TOOL = /^(?:.*[\\/])?(ss|lsof|netstat)(?:\.exe)?$/i

const READERS = { ss: askedOfSs, lsof: askedOfLsof, netstat: askedOfNetstat }

/** The single letters of `-ltnp`, and long options by their letter. */
function lettersOf(words: readonly string[], long: Readonly<Record<string, string>>): string {
  return words
    .map((word) => (word.startsWith('--') ? (long[word] ?? '') : word.startsWith('-') ? word.slice(1) : ''))
    .join('')
}

const LONG = {
  '--listening': 'l',
  '--all': 'a',
  '--tcp': 't',
  '--udp': 'u',
  '--ipv4': '4',
  '--ipv6': '6',
  '--inet': '4',
}

/** Plain `ss` shows connections only; `-a` adds listeners, `-l` shows nothing but those. */
function askedOfSs(words: readonly string[]): Asked {
  const letters = lettersOf(words, LONG)
  if (words.some((word) => !word.startsWith('-'))) return {}
  const isOneProtocol = /[tu]/.test(letters)
  return {
    connections: !letters.includes('l') || letters.includes('a'),
    tcp: letters.includes('t') || (!isOneProtocol && !/[wxSM]/.test(letters)),
    udp: letters.includes('u') || (!isOneProtocol && !/[wxSM]/.test(letters)),
    IPv4: letters.includes('4') || !letters.includes('6'),
    IPv6: letters.includes('6') || !letters.includes('4'),
  }
}

/** `-i`, `-nPi 4tcp@host:port`, in one word or two. With a host, a port or a process chosen, nothing is known of the rest. */
function askedOfLsof(words: readonly string[]): Asked {
  const at = words.findIndex((word) => /^-[nPlRtbwVOUK]*i/.test(word))
  if (at === -1 || words.some((word) => /^-[nPlRtbwVOUK]*[acdgpu]/.test(word))) return {}
  const joined = /^-[nPlRtbwVOUK]*i(.*)$/.exec(words[at] ?? '')?.[1] ?? ''
  const next = words[at + 1] ?? ''
  const isTwoWords = joined === '' && /^(?:[46]|tcp|udp|[@:])/i.test(next)
  const [, version = '', protocol = '', place = ''] = /^([46]?)(tcp|udp)?(.*)$/i.exec(isTwoWords ? next : joined) ?? []
  if (place !== '' || words.filter((word) => /^-[nP]*i/.test(word)).length > 1) return {}
  return {
    connections: !words.some((word) => /^-sTCP:LISTEN$/i.test(word)),
    tcp: protocol.toLowerCase() !== 'udp',
    udp: protocol.toLowerCase() !== 'tcp',
    IPv4: version !== '6',
    IPv6: version !== '4',
  }
}

/** Linux: `-l` listeners, `-a` everything, neither: connections. The BSDs and Windows show connections unless told otherwise. */
function askedOfNetstat(words: readonly string[]): Asked {
  const letters = lettersOf(
    words.filter((word) => !/^-[fAp]$/.test(word)),
    LONG,
  )
  const joined = words.join(' ')
  const family = /-(?:f|A) ?(inet6?)\b/.exec(joined)?.[1]
  const protocol = /-p ?(tcp|udp)/i.exec(joined)?.[1]?.toLowerCase()
  const isOneProtocol = /[tu]/.test(letters) && protocol === undefined
  return {
    connections: !letters.includes('l') || letters.includes('a'),
    tcp: protocol === undefined ? !isOneProtocol || letters.includes('t') : protocol === 'tcp',
    udp: protocol === undefined ? !isOneProtocol || letters.includes('u') : protocol === 'udp',
    IPv4: family === undefined ? letters.includes('4') || !letters.includes('6') : family === 'inet',
    IPv6: family === undefined ? letters.includes('6') || !letters.includes('4') : family === 'inet6',
  }
}
