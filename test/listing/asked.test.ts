import { expect, it } from 'vitest'
import { askedByCommand } from '../../harness/listing/asked.ts'

/** What was asked for, as words; `none` where nothing is known. */
function asked(command: string): string {
  const entries = Object.entries(askedByCommand(command))
  return entries.length === 0 ? 'none' : entries.map(([kind, is]) => (is ? kind : `not ${kind}`)).join(', ')
}

const EVERYTHING = 'connections, tcp, udp, IPv4, IPv6'

it.each([
  ['ss -tunap', EVERYTHING],
  ['sudo /usr/bin/ss -ltunp', 'not connections, tcp, udp, IPv4, IPv6'],
  ['ss --tcp --listening -4', 'not connections, tcp, not udp, IPv4, not IPv6'],
  ['ss -xl', 'not connections, not tcp, not udp, IPv4, IPv6'],
  ['ss -tan state established', 'none'],
  ['lsof -i', EVERYTHING],
  ['sudo lsof -nP -iTCP -sTCP:LISTEN', 'not connections, tcp, not udp, IPv4, IPv6'],
  ['lsof -nPi 4udp', 'connections, not tcp, udp, IPv4, not IPv6'],
  ['lsof -i6 -P', 'connections, tcp, udp, not IPv4, IPv6'],
  ['lsof -i :8080', 'none'],
  ['lsof -iTCP:8080', 'none'],
  ['lsof -a -i -p 90', 'none'],
  ['lsof -i tcp -i udp', 'none'],
  ['lsof', 'none'],
  ['netstat -tulpn', 'not connections, tcp, udp, IPv4, IPv6'],
  ['netstat -f inet -na', 'connections, tcp, udp, IPv4, not IPv6'],
  ['netstat -an -p tcp', 'connections, tcp, not udp, IPv4, IPv6'],
  ['netstat -ano', EVERYTHING],
  ['netstat.exe -ano', EVERYTHING],
  ['nmap localhost', 'none'],
])('%s asks for %s', (command, expected) => {
  expect(asked(command)).toBe(expected)
})

it('knows of a sieve only that what was not asked for cannot be there', () => {
  expect(asked('ss -ltn | grep 22')).toBe('not connections, not udp')
})
