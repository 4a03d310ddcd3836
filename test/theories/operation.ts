/** The operations of which random sequences are made, over few addresses and ports, so that sockets meet. */

import fc from 'fast-check'

import type { Protocol } from '../../harness/domain/endpoint.ts'
import type { Asked } from '../../harness/domain/program-event.ts'

/** `which` counts among the sockets that are there and can take the operation, and begins again at the end. */
export type Operation =
  | { do: 'open'; process: number; asked: Asked }
  | { do: 'listen' | 'close'; which: number }
  | { do: 'connect'; which: number; overIPv6: boolean }
  | { do: 'arrive'; protocol: Protocol; to: string; port: number; fromPeer: boolean; ends: 'reset' | 'stays' }

/** The processes: two of one user, and one that may be of another. */
export const PROCESSES = ['A', 'B', 'C'] as const

export const PORTS = [8080, 8081] as const

/** To this port connected UDP sockets are connected, and from it some datagrams come. */
export const PEER_PORT = 9090

const addresses = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom('0.0.0.0', '127.0.0.1', '127.0.0.2', '::', '::1') },
  { weight: 4, arbitrary: fc.constantFrom('::ffff:127.0.0.1', '::ffff:0.0.0.0') },
  // 127.0.0.6 stands for "no IPv4 address" in the kernel's IPv6 sockets. The last two belong to nobody (RFC 5737, 3849).
  { weight: 1, arbitrary: fc.constantFrom('127.0.0.6', '127.255.255.255', '192.0.2.1', '2001:db8::1') },
  // Groups: all hosts, also spelt as IPv6; of a site; of a link, which needs an interface. And everybody.
  { weight: 1, arbitrary: fc.constantFrom('224.0.0.1', '::ffff:224.0.0.1', 'ff05::1', 'ff02::1', '255.255.255.255') },
)
const destinations = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('127.0.0.1', '127.0.0.2', '::1') },
  { weight: 3, arbitrary: fc.constantFrom('0.0.0.0', '::', '::ffff:127.0.0.1', '::ffff:0.0.0.0', '127.0.0.6') },
)
const ports = fc.oneof(
  { weight: 8, arbitrary: fc.constant(PORTS[0] as number) },
  { weight: 2, arbitrary: fc.constant(PORTS[1] as number) },
)
const portsToBind = fc.oneof({ weight: 20, arbitrary: ports }, { weight: 1, arbitrary: fc.constant(0) })
const seldom = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })
const often = fc.boolean()
const mostly = fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) })

const askedOver = (protocols: fc.Arbitrary<Protocol>): fc.Arbitrary<Asked> =>
  fc
    .record({
      protocol: protocols,
      address: addresses,
      port: portsToBind,
      ipv6Only: seldom,
      reusePort: mostly,
      reuseAddr: often,
      listens: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 2, arbitrary: fc.constant(false) }),
    })
    .map((one) => ({
      ...one,
      listens: one.listens && one.protocol === 'tcp',
      reuseAddr: one.reuseAddr && one.protocol === 'udp',
      // Of an IPv4 address it says nothing.
      ipv6Only: one.ipv6Only && one.address.includes(':'),
    }))

const which = fc.nat(7)

const operationOver = (protocols: fc.Arbitrary<Protocol>): fc.Arbitrary<Operation> =>
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('open' as const),
        process: fc.nat(PROCESSES.length - 1),
        asked: askedOver(protocols),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('arrive' as const),
        protocol: protocols,
        to: destinations,
        port: ports,
        fromPeer: often,
        // One that its server closes first would stay in TIME-WAIT, and a sequence would not start from nothing.
        ends: fc.constantFrom('reset' as const, 'stays' as const),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('listen' as const), which }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const), which, overIPv6: often }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('close' as const), which }) },
  )

const sequencesOver = (protocols: fc.Arbitrary<Protocol>) =>
  fc.array(operationOver(protocols), { minLength: 1, maxLength: 14, size: 'max' })

/** Most are of one protocol, so that more sockets meet. */
export const sequences = fc.oneof(
  { weight: 3, arbitrary: sequencesOver(fc.constant('tcp')) },
  { weight: 3, arbitrary: sequencesOver(fc.constant('udp')) },
  { weight: 1, arbitrary: sequencesOver(fc.constantFrom('tcp', 'udp')) },
)
