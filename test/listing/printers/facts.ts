/** Sockets made up at random, of which everything is known: what a printer cannot say of them is left out later. */

import fc from 'fast-check'

import type { AddressFamily, Endpoint, Protocol } from '../../../harness/domain/endpoint.ts'
import type { Holder, SocketRow, TcpState } from '../../../harness/domain/socket-row.ts'

/** Everything that any listing says of a socket. `inode` is a number of its own. */
export type Fact = SocketRow & {
  inode: number
  uid: number
  receiveQueue: number
  sendQueue: number
  retransmits: number
}

const CONNECTED: readonly TcpState[] = [
  'ESTABLISHED',
  'SYN-SENT',
  'SYN-RECEIVED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSE-WAIT',
  'LAST-ACK',
  'CLOSING',
]

const ipv4 = fc.oneof(fc.constantFrom('127.0.0.1', '192.0.2.7', '255.255.255.255'), fc.ipV4())

/** Spelt as RFC 5952 has it: so does the serialiser of URLs, but for IPv4-mapped addresses, which come apart. */
const ipv6 = fc.oneof(
  fc.constantFrom('::1', 'fe80::1', '2001:db8::7', '::ffff:127.0.0.1', '::ffff:198.51.100.9'),
  fc
    .array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(0xffff) }), {
      minLength: 8,
      maxLength: 8,
    })
    .map((groups) => groups.map((group) => group.toString(16)).join(':'))
    .map((text) => new URL(`http://[${text}]`).hostname.slice(1, -1))
    .filter((text) => text !== '::' && !text.startsWith('::ffff:')),
)

/** The kernel keeps 15 bytes of a name, and any byte but NUL may be among them (proc_pid_comm(5)). */
const names = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('sshd', 'node', 'nginx', 'NetworkManager', 'kworker/0:1', '(sd-pam)', '7') },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 15 }) },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom('a', ' ', '(', ')', '"', ',', '=', '1', ':', '*', '[', '>', '-', '\\', 'ö', '\t'),
      minLength: 1,
      maxLength: 12,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'a 7 b 8u IPv4',
      '",pid=1,fd=2',
      'TCP *:80 (LIST',
      'users:((',
      '")),(("',
      'x -> y',
      '? (a) TCP',
    ),
  },
)

/** In front of a line, this is the mark of a quoted mail. */
const isQuote = (name: string) => name.startsWith('>')

const holders: fc.Arbitrary<Required<Holder>> = fc.record({
  pid: fc.integer({ min: 1, max: 4_194_304 }),
  command: names.filter((name) => !isQuote(name)),
  fd: fc.nat(70_000),
  user: fc.constantFrom('root', 'mira', '_chrony', 'www-data', '1000', 'systemd+'),
})

const ports = fc.oneof(fc.constantFrom(22, 80, 8080, 65_535), fc.integer({ min: 1, max: 65_535 }))

type Ends = { local: Endpoint; peer: Endpoint | null; state: TcpState | null; takesIPv4: boolean | null }

const endsOf = (protocol: Protocol, family: AddressFamily): fc.Arbitrary<Ends> => {
  const address = family === 'IPv4' ? ipv4 : ipv6
  const wildcard = family === 'IPv4' ? '0.0.0.0' : '::'
  const alone = fc.record({
    local: fc.record({ address: fc.oneof(address, fc.constant(wildcard)), port: ports }),
    peer: fc.constant(null),
    state: fc.constant<TcpState | null>(protocol === 'tcp' ? 'LISTEN' : null),
    takesIPv4: fc.boolean(),
  })
  const connected = fc.record({
    local: fc.record({ address, port: ports }),
    peer: fc.record({ address, port: ports }),
    state: protocol === 'tcp' ? fc.constantFrom(...CONNECTED) : fc.constant(null),
    takesIPv4: fc.constant(null),
  })
  return fc.oneof(alone, connected).map((ends) => ({
    ...ends,
    takesIPv4: ends.local.address === '::' ? ends.takesIPv4 : null,
  }))
}

/** The kernel alone remembers these: no file and so no process belongs to them. */
const UNHELD: readonly (TcpState | null)[] = ['TIME-WAIT', 'SYN-RECEIVED']

const fact: fc.Arbitrary<Fact> = fc
  .record({ protocol: fc.constantFrom<Protocol>('tcp', 'udp'), family: fc.constantFrom<AddressFamily>('IPv4', 'IPv6') })
  .chain(({ protocol, family }) =>
    fc.record({
      protocol: fc.constant(protocol),
      family: fc.constant(family),
      ends: endsOf(protocol, family),
      holders: fc.uniqueArray(holders, { maxLength: 3, selector: ({ pid }) => pid }),
      uid: fc.nat(2 ** 31),
      inode: fc.integer({ min: 1, max: 2 ** 31 }),
      queues: fc.tuple(fc.nat(5000), fc.nat(5000)),
      retransmits: fc.nat(255),
      device: fc.option(fc.constantFrom('eth0', 'wlp3s0', 'lo', 'br-0f.1'), { freq: 4 }),
    }),
  )
  .map(({ ends, queues: [receiveQueue, sendQueue], ...one }) => ({
    ...one,
    ...ends,
    holders: UNHELD.includes(ends.state) ? [] : one.holders,
    stateAsPrinted: '',
    receiveQueue,
    sendQueue,
  }))

const endsText = ({ protocol, family, local, peer }: Fact) => JSON.stringify([protocol, family, local, peer])

export const facts: fc.Arbitrary<Fact[]> = fc.uniqueArray(fact, {
  minLength: 1,
  maxLength: 8,
  selector: (one) => [one.inode, endsText(one)],
  comparator: ([inode, ends], [otherInode, otherEnds]) => inode === otherInode || ends === otherEnds,
})

const BULK_STATES: readonly TcpState[] = ['LISTEN', ...CONNECTED]

/** As many sockets as are wanted, all different, the same at every call. */
export function manyFacts(count: number, from = 0): Fact[] {
  return Array.from({ length: count }, (_, place) => {
    const index = from + place
    const family = index % 3 === 0 ? 'IPv6' : 'IPv4'
    const protocol = index % 4 === 0 ? 'udp' : 'tcp'
    const isAlone = protocol === 'udp' || index % 10 === 1
    const state = protocol === 'udp' ? null : isAlone ? 'LISTEN' : (BULK_STATES[1 + (index % 9)] ?? 'LISTEN')
    const numbers = [(index >> 16) & 255, (index >> 8) & 255, index & 255]
    const local = {
      address: family === 'IPv4' ? `10.${numbers.join('.')}` : longAddress(index),
      port: 1 + (index % 65_535),
    }
    const holder = { pid: 1 + (index % 9999), command: `program${index % 100}`, fd: 3 + (index % 50), user: 'mira' }
    return {
      protocol,
      family,
      local,
      peer: isAlone
        ? null
        : { address: family === 'IPv4' ? '198.51.100.7' : '2001:db8::9', port: 1 + (index % 60_000) },
      state,
      stateAsPrinted: '',
      holders: UNHELD.includes(state) ? [] : [holder],
      takesIPv4: null,
      uid: 1000 + (index % 7),
      inode: 100_000 + index,
      receiveQueue: 0,
      sendQueue: 0,
      retransmits: 0,
      device: null,
    }
  })
}

const longAddress = (index: number) =>
  `2001:db8:1:2:3:4:${((index >> 16) + 1).toString(16)}:${((index & 0xffff) + 1).toString(16)}`
