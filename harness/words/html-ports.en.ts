/** What the pages about ports say of themselves, beside the words of `npm run ports`. */

import { inThousands } from './phrases.en.ts'

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
