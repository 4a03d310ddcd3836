import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Listed, Narration, Ran, Said } from '../../harness/lab.ts'
import { packetsSent, TIMES } from './devices.ts'
import { dialledOf } from './dialled.ts'
import type lab from './lab.ts'
import { isKept, keptLines } from './rule.ts'

/** What became of a client on the second host, in one sentence. */
const told = (said: Said) => {
  const { address, port, outcome, heard } = dialledOf(said)
  const to = `The second host dialled ${formatEndpoint({ address, port })}`
  if (outcome === 'connected') return `${to} and was greeted: ${heard === '' ? 'with no word' : `"${heard}"`}.`
  return outcome === 'ECONNREFUSED' ? `${to} and was refused: ECONNREFUSED.` : `${to} and got ${outcome}.`
}

const both = (first: Said, second: Said) => `${told(first)} ${told(second)}`

/** What is left of the listing under the document's rule, and what became of this listener. */
const underTheRule = (netstat: Ran | null, listed: Listed, said: Said) => {
  const { port } = dialledOf(said)
  const lines = netstat
    ? `The rule keeps ${keptLines(netstat).length} lines of netstat`
    : `There is no netstat here, so the rule was applied to ${listingName(listed)}`
  return `${lines}, and port ${port} is ${isKept(netstat, listed, port) ? 'among' : 'not among'} what it keeps. ${told(said)}`
}

/** How the two counters grew while an address was dialled. */
const grew = (before: Ran, after: Ran, wire: string, said: Said) => {
  const by = (device: string) => packetsSent(after, device) - packetsSent(before, device)
  const { address, connected } = dialledOf(said)
  return `While ${connected} of ${TIMES} connections to ${address} were made, lo sent ${by('lo')} packets and ${wire} sent ${by(wire)}.`
}

/** The first words of `ip route get`; after them come the source address and the user. */
const way = ({ command, printed: [first = 'nothing'] }: Ran) =>
  `${command} prints: ${first.trim().replace(/ src .*/, '')}.`

const LOOPBACK =
  'A loopback address is one by which a host talks to itself. All of 127.0.0.0 to 127.255.255.255 are such addresses. The standard, RFC 1122, says that they must never appear outside a host.'

const DUAL_STACK =
  'The listener on :: takes IPv4 clients too, because it is dual-stack, as Node makes it unless told otherwise.'

const RULE =
  'The rule is that of the document checklist, which writes netstat -f inet -na. That is the netstat of BSD. On Linux the option is called -A inet.'

const LOCAL_TABLE =
  'The kernel keeps a routing table of all addresses that belong to the host itself, the table local. It is asked before the other tables. For an address that it has, the kernel takes the device lo, to whichever device the address was given. What is sent there comes in again at once.'

const NOT_SO = 'The counters of this machine say so.'

export default {
  title: 'A second host',
  summary: 'What can another machine reach of yours, and which way do packets for 127.0.0.1 go?',
  acts: {
    fromOutside: {
      title: 'What the second host can reach',
      intro:
        'There are two hosts in this act: two network namespaces, each with devices, addresses and ports of its own. A pair of virtual devices is the wire between them. The first host has the address 192.0.2.1 on the wire, the second one 192.0.2.2. One program on the first host listens on five addresses, each with a port of its own: on 0.0.0.0, the wildcard address of IPv4, on 192.0.2.1, on 127.0.0.1, on 127.0.0.2, and on ::, the wildcard address of IPv6. The second host dials all five ports at 192.0.2.1. It also has a listener on its own 127.0.0.1, and dials that address.',
      checks: {
        'second-host-reaches-wildcard-and-wire-listeners': {
          question: 'Which does the second host reach: the listener on 0.0.0.0, or the one on 192.0.2.1?',
          outcomes: {
            both: {
              choice: 'Both.',
              seen: ({ toWildcard, toWire }) => both(toWildcard, toWire),
              why: 'Packets of the second host are addressed to 192.0.2.1. A listener on this very address gets them. So does one on the wildcard address 0.0.0.0, which stands for every IPv4 address of its host.',
            },
            first: {
              choice: 'Only the one on 0.0.0.0.',
              seen: ({ toWildcard, toWire }) => both(toWildcard, toWire),
              why: 'Nobody listened on the address on the wire.',
            },
            second: {
              choice: 'Only the one on 192.0.2.1.',
              seen: ({ toWildcard, toWire }) => both(toWildcard, toWire),
              why: 'Nobody listened on every address.',
              expectedBecause:
                'Nobody can dial 0.0.0.0 from elsewhere, so it seems unreachable. A client dials 192.0.2.1 and is served by the listener on 0.0.0.0.',
            },
            neither: {
              choice: 'Neither.',
              seen: ({ toWildcard, toWire }) => both(toWildcard, toWire),
              why: 'No listener was bound to an address that others can reach.',
              expectedBecause:
                'Many machines have a packet filter that keeps others out. Between these two there is none.',
            },
          },
        },
        'second-host-reaches-loopback-listeners': {
          question:
            'The second host dials the ports of the listeners on 127.0.0.1 and 127.0.0.2, at the address 192.0.2.1. Who answers?',
          outcomes: {
            neither: {
              choice: 'Neither of them.',
              seen: ({ toLoopback, toSecond }) => both(toLoopback, toSecond),
              why: `${LOOPBACK} The packets are addressed to 192.0.2.1, and these listeners take only what is addressed to 127.0.0.1 and 127.0.0.2. No socket fits, so the kernel answers with a reset, the TCP packet that says no.`,
            },
            first: {
              choice: 'The one on 127.0.0.1.',
              seen: ({ toLoopback, toSecond }) => both(toLoopback, toSecond),
              why: 'It was bound to another address than it was told.',
            },
            second: {
              choice: 'The one on 127.0.0.2.',
              seen: ({ toLoopback, toSecond }) => both(toLoopback, toSecond),
              why: 'It was bound to another address than it was told.',
              expectedBecause:
                '127.0.0.2 does not look like the loopback address that everybody knows. But the whole block belongs to loopback.',
            },
            both: {
              choice: 'Both of them.',
              seen: ({ toLoopback, toSecond }) => both(toLoopback, toSecond),
              why: 'They were bound to an address that others can reach, such as 0.0.0.0.',
              expectedBecause:
                'The wire leads to the right host, and the port is the right one. But a listener has an address too, and that has to fit.',
            },
          },
        },
        'loopback-address-means-another-host-there': {
          question:
            'The second host dials 127.0.0.1, with the port that a listener has on each of the two hosts. Who answers?',
          outcomes: {
            'its-own': {
              choice: 'Its own listener.',
              seen: ({ toItself, there }) => `${told(toItself)} Process ${there.pid} runs on the second host.`,
              why: `${LOOPBACK} Every host has its own 127.0.0.1, and it always means the host on which it is used.`,
            },
            'the-first-host': {
              choice: 'The listener of the first host.',
              seen: ({ toItself }) => told(toItself),
              why: 'Its packets went over the wire, which the standard forbids.',
              expectedBecause:
                'The first host listens on 127.0.0.1, and there is a wire to it. But no packet for 127.0.0.1 takes it.',
            },
            nobody: {
              choice: 'Nobody.',
              seen: ({ toItself }) => told(toItself),
              why: 'No listener had this port on 127.0.0.1 of the second host.',
            },
          },
        },
        'rule-of-the-document-judges-127-0-0-2': {
          question:
            'The document checklist has a rule: others can reach what netstat shows of IPv4 as LISTEN or udp, except for lines with 127.0.0.1. What does it make of the listener on 127.0.0.2?',
          outcomes: {
            'kept-and-not-reached': {
              choice: 'It counts it as reachable, and it is not.',
              seen: ({ netstat, listed, toSecond }) => underTheRule(netstat, listed, toSecond),
              why: `${RULE} The line of this listener has 127.0.0.2, so grep -v 127.0.0.1 keeps it. The rule knows one loopback address of some sixteen million. It warns of a listener that no other host can reach.`,
            },
            'kept-and-reached': {
              choice: 'It counts it as reachable, and so it is.',
              seen: ({ netstat, listed, toSecond }) => underTheRule(netstat, listed, toSecond),
              why: 'The listener was bound to an address that others can reach.',
              expectedBecause:
                '127.0.0.2 does not look like the loopback address that everybody knows. But the whole block belongs to loopback.',
            },
            'left-out-and-reached': {
              choice: 'It leaves it out, and yet it can be reached.',
              seen: ({ netstat, listed, toSecond }) => underTheRule(netstat, listed, toSecond),
              why: 'The listing had no such line, or it had 127.0.0.1 in it.',
            },
            'left-out-and-not-reached': {
              choice: 'It leaves it out, and rightly so.',
              seen: ({ netstat, listed, toSecond }) => underTheRule(netstat, listed, toSecond),
              why: 'The listing had no line for this listener.',
              expectedBecause:
                'The rule means to leave out loopback. But it names one address, and 127.0.0.2 is another one.',
            },
          },
        },
        'rule-of-the-document-judges-a-dual-stack-listener': {
          question: 'And what does the rule make of the listener on ::?',
          outcomes: {
            'left-out-and-reached': {
              choice: 'It leaves it out, and yet it can be reached.',
              seen: ({ netstat, listed, toIPv6 }) => underTheRule(netstat, listed, toIPv6),
              why: `${DUAL_STACK} The second host came over IPv4 and was served. But its socket is an IPv6 socket, and a listing of inet has IPv4 sockets only. So the rule hides a port that other hosts can reach. Node and many other servers listen on :: when they are told no address. The listing has to include inet6 as well.`,
            },
            'left-out-and-not-reached': {
              choice: 'It leaves it out, and rightly so.',
              seen: ({ netstat, listed, toIPv6 }) => underTheRule(netstat, listed, toIPv6),
              why: 'The listener took IPv6 only. Over IPv6 it can be reached all the same, which the rule does not look at.',
              expectedBecause: 'An IPv6 socket seems to be a matter of IPv6 alone. A dual-stack one is not.',
            },
            'kept-and-reached': {
              choice: 'It counts it as reachable, and so it is.',
              seen: ({ netstat, listed, toIPv6 }) => underTheRule(netstat, listed, toIPv6),
              why: 'The listing showed the listener among the IPv4 sockets.',
              expectedBecause: `${DUAL_STACK} So it ought to be in a list of what IPv4 can reach. netstat sorts by socket, not by reach.`,
            },
            'kept-and-not-reached': {
              choice: 'It counts it as reachable, and it is not.',
              seen: ({ netstat, listed, toIPv6 }) => underTheRule(netstat, listed, toIPv6),
              why: 'The listing showed the listener among the IPv4 sockets, and still nobody answered.',
            },
          },
        },
      },
    },

    whichWay: {
      title: 'Which way the packets go',
      intro: `The same two hosts. Each has a listener on every address. A program on the first host dials three addresses, ${TIMES} times each: 127.0.0.1, then 192.0.2.1, its own address on the wire, then 192.0.2.2, the other host. Before and after, the kernel's counters are read: how many packets each network device has sent. lo is the loopback device, which leads back into the same host. veth0 is the end of the wire. On the wire the kernel also sends a packet of its own now and then.`,
      checks: {
        'packets-for-127-0-0-1-pass-the-loopback-device': {
          question: 'Which device do the packets for 127.0.0.1 pass?',
          outcomes: {
            lo: {
              choice: 'The device lo.',
              seen: ({ atFirst, afterLoopback, wire, toLoopback, loopbackRoute }) =>
                `${grew(atFirst, afterLoopback, wire, toLoopback)} ${way(loopbackRoute)}`,
              why: `${LOCAL_TABLE} This is the difference that the document checklist asks for. Traffic to 127.0.0.1 goes through the layers of the kernel down to lo, and from there up again. Nobody on the wire can see it.`,
            },
            wire: {
              choice: 'The wire.',
              seen: ({ atFirst, afterLoopback, wire, toLoopback }) => grew(atFirst, afterLoopback, wire, toLoopback),
              why: NOT_SO,
              expectedBecause: 'Packets seem to need a wire. These find their way inside the kernel.',
            },
            both: {
              choice: 'Both devices.',
              seen: ({ atFirst, afterLoopback, wire, toLoopback }) => grew(atFirst, afterLoopback, wire, toLoopback),
              why: NOT_SO,
            },
          },
        },
        'packets-for-the-hosts-own-address-pass-the-loopback-device': {
          question:
            'The host dials 192.0.2.1, the address of its own end of the wire. Which device do these packets pass?',
          outcomes: {
            lo: {
              choice: 'The device lo.',
              seen: ({ afterLoopback, afterOwn, wire, toOwn, ownRoute }) =>
                `${grew(afterLoopback, afterOwn, wire, toOwn)} ${way(ownRoute)}`,
              why: 'The table local has every address of the host, not just 127.0.0.1. The address was given to veth0, and still the kernel takes lo. So what a host sends to itself never reaches a wire, whichever of its addresses it uses. A host that dials its own address does not learn whether others can reach it.',
            },
            wire: {
              choice: 'The wire.',
              seen: ({ afterLoopback, afterOwn, wire, toOwn }) => grew(afterLoopback, afterOwn, wire, toOwn),
              why: NOT_SO,
              expectedBecause:
                'The address belongs to the device veth0. But the kernel knows that it is its own, and takes the short way.',
            },
            both: {
              choice: 'Both devices.',
              seen: ({ afterLoopback, afterOwn, wire, toOwn }) => grew(afterLoopback, afterOwn, wire, toOwn),
              why: NOT_SO,
              expectedBecause:
                'Out by the wire and in by lo sounds thorough. The packets never get as far as the wire.',
            },
          },
        },
        'packets-for-the-other-host-pass-the-wire': {
          question: 'And the packets for 192.0.2.2?',
          outcomes: {
            lo: {
              choice: 'The device lo.',
              seen: ({ afterOwn, afterOther, wire, toOther }) => grew(afterOwn, afterOther, wire, toOther),
              why: NOT_SO,
              expectedBecause:
                'Both hosts live in one kernel here. But each has a network of its own, and between them there is only the wire.',
            },
            wire: {
              choice: 'The wire.',
              seen: ({ afterOwn, afterOther, wire, toOther, otherRoute }) =>
                `${grew(afterOwn, afterOther, wire, toOther)} ${way(otherRoute)}`,
              why: 'The table local does not have this address, so the other tables are asked. There is the entry that leads to veth0, for all addresses from 192.0.2.0 to 192.0.2.255. What leaves veth0 comes in at the device of the second host.',
            },
            both: {
              choice: 'Both devices.',
              seen: ({ afterOwn, afterOther, wire, toOther }) => grew(afterOwn, afterOther, wire, toOther),
              why: NOT_SO,
            },
          },
        },
      },
    },
  },
  remember: [
    'Others reach what is bound to 0.0.0.0, to ::, or to an address on their wire. As Linux is set up, they do not reach 127.0.0.0/8.',
    'On every host 127.0.0.1 means that host itself.',
    'A list of IPv4 sockets leaves out dual-stack listeners on ::, which IPv4 clients do reach.',
    'What a host sends to any of its own addresses passes lo and never a wire.',
  ],
} satisfies Narration<typeof lab>
