/** The operations of which random sequences are made, over few addresses and ports, so that sockets meet. */

import fc from 'fast-check'

import type { Protocol } from '../domain/endpoint.ts'
import type { Asked } from '../domain/program-event.ts'

/** `which` counts among the sockets that are there and can take the operation, and begins again at the end. */
export type Operation =
  | { do: 'open'; process: number; asked: Asked }
  | { do: 'listen' | 'close'; which: number }
  | { do: 'connect'; which: number; overIPv6: boolean }
  | { do: 'arrive'; protocol: Protocol; to: string; port: number; fromPeer: boolean; ends: 'reset' | 'stays' }

/** The processes: two of one user, and one that may be of another. */
export const PROCESSES = ['A', 'B', 'C'] as const

/** Names for two ports: real ones are leased for them. 0 asks the system for one, as always. */
export const PORTS = [8080, 8081] as const

/** To this port connected UDP sockets are connected, and from it some datagrams come. A name as well. */
export const PEER_PORT = 9090

/** What there is on this machine: what is not there is not asked for. */
export type Ground = {
  ipv4: boolean
  ipv6: boolean
  /** All of 127.0.0.0/8, not 127.0.0.1 alone. */
  loopbackBlock: boolean
  reusePort: boolean
  /** Node's net.BoundSocket: a TCP socket that is bound and does not listen. */
  boundSocket: boolean
}

/** Whoever comes first is what a sequence is shrunk to. */
const likely = <T>(...choices: [weight: number, arbitrary: fc.Arbitrary<T>][]) =>
  fc.oneof({ withCrossShrink: true }, ...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

const truth = (no: number, yes: number) => likely([no, fc.constant(false)], [yes, fc.constant(true)])

export function sequencesOn(ground: Ground): fc.Arbitrary<Operation[]> {
  const over = (protocols: fc.Arbitrary<Protocol>) =>
    fc.array(operationOver(protocols, ground), { minLength: 1, maxLength: 14, size: 'max' })
  // Most are of one protocol, so that more sockets meet.
  return fc.oneof(
    { weight: 3, arbitrary: over(fc.constant('tcp')) },
    { weight: 3, arbitrary: over(fc.constant('udp')) },
    { weight: 1, arbitrary: over(fc.constantFrom('tcp', 'udp')) },
  )
}

function operationOver(protocols: fc.Arbitrary<Protocol>, ground: Ground): fc.Arbitrary<Operation> {
  const which = fc.nat(7)
  const open = fc.record({
    do: fc.constant('open' as const),
    process: fc.nat(PROCESSES.length - 1),
    asked: askedOver(protocols, ground),
  })
  const arrive = fc.record({
    do: fc.constant('arrive' as const),
    protocol: protocols,
    to: destinationsOn(ground),
    port: ports(),
    fromPeer: truth(1, 1),
    // One that its server closes first would stay in TIME-WAIT, and a sequence would not start from nothing.
    ends: fc.constantFrom('reset' as const, 'stays' as const),
  })
  return fc.oneof(
    { weight: 10, arbitrary: open },
    { weight: 8, arbitrary: arrive },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('listen' as const), which }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('connect' as const), which, overIPv6: ground.ipv6 ? truth(1, 1) : NO }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const), which }) },
  )
}

const NO = fc.constant(false)

const ports = (): fc.Arbitrary<number> => likely([8, fc.constant<number>(PORTS[0])], [2, fc.constant<number>(PORTS[1])])

function askedOver(protocols: fc.Arbitrary<Protocol>, ground: Ground): fc.Arbitrary<Asked> {
  return fc
    .record({
      protocol: protocols,
      address: addressesOn(ground),
      port: likely([20, ports()], [1, fc.constant(0)]),
      ipv6Only: truth(4, 1),
      reusePort: ground.reusePort ? truth(1, 2) : NO,
      reuseAddr: truth(1, 1),
      listens: ground.boundSocket ? likely([3, fc.constant(true)], [2, fc.constant(false)]) : fc.constant(true),
    })
    .map((one) => ({
      ...one,
      listens: one.listens && one.protocol === 'tcp',
      reuseAddr: one.reuseAddr && one.protocol === 'udp',
      // Of an IPv4 address it says nothing.
      ipv6Only: one.ipv6Only && one.address.includes(':'),
    }))
}

function addressesOn(ground: Ground): fc.Arbitrary<string> {
  const usual = ['127.0.0.1', '0.0.0.0', '::', '::1', '127.0.0.2']
  const mapped = ['::ffff:127.0.0.1', '::ffff:0.0.0.0']
  // 127.0.0.6 stands for "no IPv4 address" in the kernel's IPv6 sockets. The last two belong to nobody (RFC 5737, 3849).
  const odd = ['127.0.0.6', '127.255.255.255', '192.0.2.1', '2001:db8::1']
  // Groups: all hosts, also spelt as IPv6; of a site; of a link, which needs an interface. And everybody.
  const many = ['224.0.0.1', '::ffff:224.0.0.1', 'ff05::1', 'ff02::1', '255.255.255.255']
  return chosenOn(ground, [14, usual], [4, mapped], [1, odd], [1, many])
}

function destinationsOn(ground: Ground): fc.Arbitrary<string> {
  const usual = ['127.0.0.1', '127.0.0.2', '::1']
  return chosenOn(ground, [12, usual], [3, ['0.0.0.0', '::', '::ffff:127.0.0.1', '::ffff:0.0.0.0', '127.0.0.6']])
}

function chosenOn(ground: Ground, ...choices: [weight: number, addresses: string[]][]): fc.Arbitrary<string> {
  const there = choices.map(([weight, all]) => [weight, all.filter((one) => isThere(one, ground))] as const)
  return likely(
    ...there.flatMap(([weight, [first, ...rest]]): [number, fc.Arbitrary<string>][] =>
      first === undefined ? [] : [[weight, fc.constantFrom(first, ...rest)]],
    ),
  )
}

/** A mapped address needs both versions of IP: IPv6 to be written, and IPv4 to be sent. */
function isThere(address: string, { ipv4, ipv6, loopbackBlock }: Ground): boolean {
  if (/^127\.(?!0\.0\.1$)/.test(address)) return ipv4 && loopbackBlock
  return (ipv4 || !address.includes('.')) && (ipv6 || !address.includes(':'))
}
