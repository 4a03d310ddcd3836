/** What should be open and what is, in English. */

import { formatEndpoint } from '../domain/endpoint.ts'
import type { Expected, ExpectResult, ExpectVerdict, TooMuch } from '../domain/ports-expected.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { asJoined } from './phrases.en.ts'
import { coverInWords } from './ports-changes.en.ts'
import { counted } from './ports.en.ts'

export const expectHeadings = { missing: 'Missing', tooMuch: 'Too much', unclear: 'Cannot be told' } as const

/** The first line, by which a reader knows all. */
export function verdictInWords(verdict: ExpectVerdict): string {
  switch (verdict) {
    case 'matches':
      return 'What is open is what was expected.'
    case 'differs':
      return 'What is open is not what was expected.'
    case 'cannot-tell':
      return 'Nothing contradicts what was expected, but not all of it could be seen.'
  }
}

/** `tcp 8080 loopback node (line 3)`: the line as the list would spell it. */
export function expectedInWords(expected: Expected): string {
  const { line, protocol, port, where, program, isOptional } = expected
  const place = typeof where !== 'string' ? where.address : where === 'anywhere' && program === null ? '' : where
  const words = [isOptional ? 'optional' : '', protocol, `${port}`, place, program ?? ''].filter((word) => word !== '')
  return `${words.join(' ')} (line ${line})`
}

/** `tcp 0.0.0.0:8080, held by node (process 12)`. */
export function socketInWords({ protocol, local, device, holders }: SocketRow): string {
  const where = `${protocol} ${formatEndpoint(local)}${device === null ? '' : ` on ${device}`}`
  const held = holders.map(({ command, pid }) => `${command ?? 'a program'} (process ${pid})`)
  if (held.length === 0) return `${where}, program not seen`
  return `${where}, held by ${asJoined(held.length > 3 ? [...held.slice(0, 2), `${held.length - 2} others`] : held)}`
}

export function tooMuchInWords({ socket, line }: TooMuch): string {
  const told = socketInWords(socket)
  return line === null ? `${told}: no line names it` : `${told}: not as in ${expectedInWords(line)}`
}

const WHY: Readonly<Record<ExpectResult['unclear'][number]['why'], string>> = {
  'not-asked-for': 'the listing may not have been asked for it',
  'other-users': 'the listing shows the sockets of one user only',
  'program-hidden': 'the program of a socket is not seen: more rights may show it',
}

export function unclearLineInWords({ expected, why }: ExpectResult['unclear'][number]): string {
  return `${expectedInWords(expected)}: ${WHY[why]}`
}

/** What the listing leaves open apart from single lines. */
export function notSeenInWords({ notAsked, onlyUser, clients }: ExpectResult): string[] {
  return [
    ...(notAsked.length === 0
      ? []
      : [`The listing has nothing of ${asJoined(notAsked.map(coverInWords))}, and may not have been asked for it.`]),
    ...(onlyUser === null ? [] : [`The listing shows the sockets of ${onlyUser} only: others may be open.`]),
    ...(clients.length === 0
      ? []
      : [
          `${counted(clients.length, 'UDP socket')} not counted, as perhaps of short-lived clients: ${portsOf(clients)}.`,
        ]),
  ]
}

function portsOf(clients: readonly SocketRow[]): string {
  const ports = [...new Set(clients.map(({ local }) => local.port))]
  return ports.length > 6 ? `${ports.slice(0, 5).join(', ')} and ${ports.length - 5} more` : asJoined(ports.map(String))
}

export function metInWords(met: number): string {
  return `${counted(met, 'line')} ${met === 1 ? 'is' : 'are'} met.`
}
