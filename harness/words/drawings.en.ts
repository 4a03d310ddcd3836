/** The words in drawings: labels of a few words, because the sentences stand beside them. */

import type { AddressFamily, Endpoint, Protocol } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import type { Ended, Paused, Scanned } from '../domain/observation.ts'
import type { Asked } from '../domain/program-event.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import { asJoined } from './phrases.en.ts'

export const drawingWords = {
  client: 'client',
  clientNote: 'one after another',
  kernel: 'kernel',
  kernelNote: 'sockets live here',
  process: (pid: number) => `process ${pid}`,
  anotherUser: (pid: number) => `process ${pid}, as nobody`,
  secondHost: 'second host',
  sequenceTitle: (title: string) => `What happened, from top to bottom: ${title}`,
  lanes: (names: readonly string[]) => `The lanes are ${asJoined(names)}.`,
  at: (number: number, atMs: number, text: string) => `Step ${number}, at ${timeInWords(atMs)}: ${text}`,
  leftOut: (count: number) => `${count} steps are left out here; the list of steps has them`,
  actEnds: 'The act ends here, and with it all that still runs.',
  actBroken: (problem: string) => `It was broken off here: ${problem}`,
  actUnfinished: 'The act did not come to its end.',
  socketAt: (protocol: Protocol, local: Endpoint) => `socket at ${protocol.toUpperCase()} ${formatEndpoint(local)}`,
  listens: 'listens',
  isBound: 'bound',
  boundOnly: 'bound, does not listen',
  listensOn: (where: string) => `listens on ${where}`,
  isBoundTo: (where: string) => `bound to ${where}`,
  andMore: (count: number) => `, and ${count} more`,
  withoutCall: (message: string) => `refused before any system call: ${message}`,
  refusedWith: (code: string, holders: readonly string[]) =>
    `refused: ${code}${holders.length > 0 ? `, held by ${asJoined(holders)}` : ''}`,
  connect: (to: Endpoint) => `connect ${formatEndpoint(to)}`,
  from: (own: Endpoint) => ` from ${formatEndpoint(own)}`,
  chosen: ({ address, port }: Partial<Endpoint>) =>
    ` from ${[address, port === undefined ? '' : `port ${port}`].filter((one) => one).join(' ')}`,
  accepted: 'accepted',
  acceptedAs: (peer: Endpoint) => `accepted; the server sees ${formatEndpoint(peer)}`,
  reached: 'connected to its listener',
  queued: 'connected; no program has accepted it yet',
  metItself: 'connected to itself: both ends are the same',
  gotItself: 'received what it had sent itself',
  noAnswer: (tookMs: number) => `no answer, the SYN was sent again; waited ${timeInWords(tookMs)}`,
  silence: (tookMs: number) => `no answer and no error; waited ${timeInWords(tookMs)}`,
  sends: (text: string, to: Endpoint) => `send ${text} to ${formatEndpoint(to)}`,
  receives: 'received',
  receivesFrom: (peer: Endpoint) => `received from ${formatEndpoint(peer)}`,
  answers: (text: string) => `answers ${text}`,
  answered: 'answered',
  manyConnects: (count: number, to: Endpoint) => `connect ${formatEndpoint(to)}, ${count} times`,
  served: (count: number, of: number) => `served ${count} of ${of}`,
  typed: (line: string) => `“${line}” typed: `,
  enter: 'Enter pressed: ',
  ends: (how: string) => `ends, ${how}`,
  endsBy: ({ exitCode, signal }: Ended) => (signal ? `by ${signal}` : `exit code ${exitCode}`),
  hasEnded: 'has ended',
  paused: ({ state }: Paused) => (state === null ? 'stands still' : `stands still (${state})`),
  resumed: 'goes on',
  noRows: 'no socket is listed',
  moreRows: (count: number) => `and ${count} more`,
  exitCode: (code: number | null) => `exit code ${code}`,
  scan: ({ protocol, address, from, to }: Scanned) =>
    `scan ${protocol.toUpperCase()} ${address}, ${from === to ? `port ${from}` : `ports ${from} to ${to}`}`,
  socketsTitle: (title: string) => `Which socket had which address and port: ${title}`,
  panel: (protocol: Protocol, port: number) => `${protocol.toUpperCase()} port ${port}`,
  everyOther: (family: AddressFamily) => `every other ${family} address`,
  moreAddresses: (count: number, family: AddressFamily) => `${count} more ${family} addresses`,
  every: (family: AddressFamily) => `every ${family} address`,
  morePanels: (count: number) => `${count} more ports are not drawn; the listings have them.`,
  heldBy: (holders: readonly string[]) => `held by ${asJoined(holders)}`,
  onDevice: (device: string) => `only over ${device}`,
  atAddresses: (count: number) => `at ${count} addresses`,
  takesBoth: 'IPv4 too',
  takesIPv6Only: 'IPv6 only',
  overlaps: (wider: readonly string[]) => `also in the reach of ${asJoined(wider)}`,
  onlyFrom: (peer: Endpoint) => `only from ${formatEndpoint(peer)}`,
  listensLater: (step: number) => `listens from step ${step} on`,
  refused: 'refused',
  silent: 'no answer',
  itself: 'connected to itself',
  connections: 'Connections, by their two ends',
  connection: (protocol: Protocol, client: Endpoint, server: Endpoint, states: readonly (string | null)[]) => {
    const told = [...new Set(states.filter((one) => one !== null))]
    return `${protocol.toUpperCase()} from ${formatEndpoint(client)} to ${formatEndpoint(server)}${told.length > 0 ? `: ${asJoined(told)}` : ''}.`
  },
  nobody: 'no process',
  portOf: (who: string) => `port of ${who}`,
  notListed: 'in no listing',
  life: (what: string, from: number, until: number | null) =>
    `${what}, from step ${from} ${until === null ? 'to the end' : `until ${Number.isInteger(until) ? 'step' : 'after step'} ${Math.floor(until)}`}.`,
  foundNoPlace: (who: string, where: string, code: string, holders: readonly string[]) =>
    `${who} was refused ${where}: ${code}${holders.length > 0 ? `, held by ${asJoined(holders)}` : ''}.`,
  came: (where: string, what: string) => `${where}: ${what}.`,
} as const

/** How each sign is read. */
export const legendWords = {
  title: 'How the drawings are read',
  parts: [
    {
      title: 'What happened, from top to bottom: time goes down, and each line is a process.',
      signs: {
        listens: 'The process has a socket that listens.',
        bound: 'It has a socket that does not listen.',
        still: 'It stands still.',
        ended: 'It has ended.',
        taken: 'A program took what came.',
        queued: 'It came to the socket. No program is known to have taken it.',
        refused: 'It was refused.',
        unanswered: 'There was no answer.',
      },
    },
    {
      title: 'Which socket held what: addresses stand side by side, and time goes down.',
      signs: {
        socket: 'A socket: across, the addresses that it holds; down, how long.',
        unseen: 'It was there before it was seen.',
        noPlace: 'It found no place.',
        came: 'This came to the socket.',
        missed: 'This found nobody.',
      },
    },
  ],
} as const

type Signs = (typeof legendWords.parts)[number]['signs']
export type SignName = Signs extends infer One ? (One extends One ? keyof One : never) : never

/** `395 ms`, `1.07 s`. */
export function timeInWords(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`
}

/** The calls in which a program asked for its socket. */
export function callsInWords({ protocol, address, port, listens, ipv6Only, reusePort, reuseAddr }: Asked): string {
  const options = [
    ...(ipv6Only ? ['IPV6_V6ONLY'] : []),
    ...(reusePort ? ['SO_REUSEPORT'] : []),
    ...(reuseAddr ? ['SO_REUSEADDR'] : []),
  ]
  const how = options.length > 0 ? ` with ${asJoined(options)}` : ''
  return `bind ${protocol.toUpperCase()} ${formatEndpoint({ address, port })}${how}${listens ? ', listen' : ''}`
}

/** `TCP 127.0.0.1:8080 LISTEN server1 (7)`. */
export function rowInWords(
  { protocol, local, peer, state, holders }: SocketRow,
  nameOf: (pid: number) => string | null,
): string {
  const who = holders.map(({ pid, command }) => `${nameOf(pid) ?? command ?? 'process'} (${pid})`)
  return [
    protocol.toUpperCase(),
    formatEndpoint(local),
    ...(peer ? [`to ${formatEndpoint(peer)}`] : []),
    ...(state ? [state] : []),
    ...(who.length > 0 ? [asJoined([...new Set(who)])] : []),
  ].join('  ')
}
