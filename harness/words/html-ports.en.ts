/** What the pages about ports say of themselves, beside the words of `npm run ports`. */

import { inThousands } from './phrases.en.ts'

/** Of the picture: who holds which port at which addresses. */
export const mapWords = {
  heading: 'Who holds what',
  caption: 'A row is a port, a column an address. A frame is a socket: it spans the addresses at which it is found.',
  more: (rows: number) => `${inThousands(rows)} more ${rows === 1 ? 'port' : 'ports'}`,
  sockets: (count: number) => `${count} sockets`,
  perhapsBoth: 'perhaps IPv4 too',
  process: 'process',
  unseen: 'program not seen',
  ofUser: (owner: string) => `of ${owner}, program not seen`,
} as const

/** Where and when it was seen. */
export const seenWords = {
  heading: 'Where this was seen',
  /** `2026-11-22 15:31 UTC` */
  here: (host: string, at: string) => `${host}. ${at}.`,
  handed: (at: string) => `From what was handed in, read ${at}. A listing does not say where and when it was taken.`,
} as const

export const portsWords = {
  list: 'Ports',
  diff: 'Ports, then and now',
  expect: 'Ports, as they are and as they should be',
  scan: 'Ports, from outside and from inside',
  command: 'The command',
  who: 'Who has it',
  others: 'What else there is',
  nothing: 'No listing was recognised',
  agree: 'Both views agree',
  noLooks: 'Nothing here is known to deserve a look.',
  services: (count: number) =>
    count === 0 ? 'No service is open' : `${inThousands(count)} ${count === 1 ? 'service is' : 'services are'} open`,
  looks: (count: number) => `${count} of them ${count === 1 ? 'deserves' : 'deserve'} a look.`,
  held: (port: number) => `Port ${port} is in use`,
  free: (port: number) => `Nobody has port ${port}`,
  sockets: (count: number) => (count === 1 ? 'One socket has this number.' : `${count} sockets have this number.`),
  changes: (count: number) =>
    count === 0 ? 'Nothing has changed' : `${count} ${count === 1 ? 'service has' : 'services have'} changed`,
  expectVerdicts: {
    matches: 'As expected',
    differs: 'Not as expected',
    'cannot-tell': 'It cannot be told',
  },
  /** `hidden`: ports that are open and not listed. `scanned`: how many scans came to their end. */
  scanned(hidden: number, scanned: number): string {
    if (scanned === 0) return 'Nothing was scanned'
    if (hidden === 0) return 'The two views differ'
    return hidden === 1 ? '1 open port is not listed' : `${hidden} open ports are not listed`
  },
} as const
