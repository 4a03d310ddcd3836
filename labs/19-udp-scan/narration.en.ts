import { formatEndpoint, scannedPorts } from '../../harness/lab.ts'
import type { Listed, Narration, Ran, Said, Scanned, Sent } from '../../harness/lab.ts'
import { joined, onWildcard, showingDevice, stateOf } from './answers.ts'
import type lab from './lab.ts'

const numbers = (ports: readonly number[]) =>
  ports.length === 0 ? 'none' : ports.length > 12 ? `${ports.length} ports` : ports.join(' and ')

const whole = ({ scanned, tookMs }: { scanned: Scanned[]; tookMs: number }) => {
  const { from, to, address, open, closed, silent } = joined(scanned)
  // A recorded run keeps no times.
  const time = tookMs === 0 ? '' : ` in ${(tookMs / 1000).toFixed(1)} s`
  return `The ports ${from} to ${to} of ${address} were asked${time}. Closed: ${closed} ports. Open: ${numbers(open)}. Without an answer: ${numbers(silent)}.`
}

/** `From port 60008 nothing came.` */
const came = (scanned: Scanned, port: number) => {
  const state = stateOf(scanned, port)
  if (state === 'open|filtered') return `From port ${port} of ${scanned.address} nothing came.`
  return state === 'open'
    ? `From port ${port} of ${scanned.address} a datagram came back.`
    : `From port ${port} of ${scanned.address} an ICMP error came: port unreachable.`
}

const reached = (sent: Sent | null) => {
  if (!sent) return ''
  const by = sent.receivedBy
    ? ` It reached ${sent.receivedBy.program} (process ${sent.receivedBy.pid}).`
    : ' Nobody received it.'
  return ` A datagram was sent to ${formatEndpoint(sent.to)}.${by}`
}

type Colons = { listed: Listed; scanned: Scanned[]; tcp: Scanned; overIPv6: Sent | null }

const colons = ({ listed, scanned, tcp, overIPv6 }: Colons) => {
  const rows = [...onWildcard(listed, 80), ...onWildcard(listed, 38_367)].length
  const states = `Over IPv4, TCP port 80 is ${stateOf(tcp, 80)}, and UDP port 38367 is ${stateOf(joined(scanned), 38_367)}.`
  return `${states} The listing has ${rows} rows with these ports on ::.${reached(overIPv6)}`
}

const byNmap = (nmap: Ran | null, scanned: Scanned[]) => {
  const told = (nmap ? scannedPorts(nmap) : []).map(
    ({ port, state }) => `${port} ${state} (here ${stateOf(joined(scanned), port)})`,
  )
  return told.length === 0 ? 'nmap told of no port.' : `nmap says: ${told.join(', ')}.`
}

const onDevice = ({ device, overLoopback, heard }: { device: string; overLoopback: Scanned; heard: Said }) => {
  const { from } = heard.value as { from: { address: string; port: number } }
  return `${came(overLoopback, overLoopback.from)} Over the device ${device}, on-device (process ${heard.pid}) heard a datagram from ${formatEndpoint(from)}.`
}

const devices = (listed: Listed) => {
  const sources = showingDevice(listed)
  const lsof = [listed, ...listed.others].find(({ source }) => source === 'lsof')?.printed.join('\n') ?? ''
  const [written] = /UDP \S+/.exec(lsof) ?? []
  return `The device is in ${sources.length === 0 ? 'none of the listings' : `the listing of ${sources.join(', ')}`}.${written ? ` lsof writes ${written}.` : ''}`
}

const closedOf = ({ from, to, address, closed }: Scanned) =>
  `Of ${to - from + 1} closed ports of ${address}, ${closed} answered. `

const answers = ({ here, there, limit }: { here: Scanned; there: Scanned | null; limit: Ran }) =>
  `${there ? closedOf(there) : ''}${closedOf(here)}The setting icmp_ratelimit of that host is ${limit.printed[0] ?? 'unknown'}.`

const ICMP =
  'For a datagram to a port without a socket the kernel sends an ICMP error back: port unreachable. ICMP is the protocol in which hosts report what became of a packet. So a closed port is told apart from all others.'

const OTHERS = 'The programs had other ports than those that they were told, or another program was there.'

const NO_SOCKET =
  'The kernel looks for a socket by the address, the port and the device by which the datagram came. None fitted, so it answered with an ICMP error, as if the port were closed.'

export default {
  title: 'A scan of UDP ports',
  summary: 'What can a scan of UDP ports tell, how long does it take, and which sockets does it miss?',
  acts: {
    everyPort: {
      title: 'Every UDP port, over loopback',
      intro:
        'UDP has no handshake: a client sends a datagram, a message on its own, and sees what comes back. Some programs have UDP sockets as in the document harbour. The one on port 123 answers. The one on 60008 hears everything and says nothing. One is on 127.0.1.1:53, and one on [::]:38367 with the option IPV6_V6ONLY. A TCP listener is on [::]:80. A datagram is sent to each UDP port of 127.0.0.1: to those from 60008 up, and at the same time to the others. Where nothing comes, the scan asks a second time, and waits for more than a second in all. Where nmap is installed, it asks four of the ports.',
      checks: {
        'udp-scan-over-loopback-tells-closed-open-and-silent-ports': {
          question: 'What does the scan learn of the 65535 UDP ports of 127.0.0.1?',
          outcomes: {
            'three-answers': {
              choice: 'Each is closed, open, or without an answer.',
              seen: whole,
              why: `${ICMP} A port is open for certain only if its program answers. Where nothing comes back, nobody knows. The document harbour says that a scan of all UDP ports takes very long, and scans 1000 of them. Over loopback, where packets never leave the machine, it is a matter of seconds: there the kernel sends every error at once.`,
            },
            'few-answers': {
              choice: 'Little: closed UDP ports do not answer.',
              seen: whole,
              why: 'Most of the ICMP errors did not come. Something held them back, or threw them away.',
              expectedBecause:
                'UDP promises no answer. But a closed port is no matter of UDP: the kernel reports it by ICMP.',
            },
            'other-ports': {
              choice: 'Each with a program is open, all others closed.',
              seen: whole,
              why: OTHERS,
              expectedBecause:
                'TCP ports can be told like that, because the kernel itself answers for a listener. For a UDP socket the program has to answer.',
            },
          },
        },
        'udp-server-that-never-answers-is-found-by-the-scan': {
          question:
            'A program has UDP port 60008. It hears the datagrams, and answers none. What comes back from this port?',
          outcomes: {
            'no-answer': {
              choice: 'Nothing.',
              seen: ({ scanned }) => came(joined(scanned), 60_008),
              why: 'The datagram was put into the queue of the socket. With that the kernel has done its part, and it confirms nothing. A packet filter that throws the datagram away looks the same from outside. That is why nmap writes open|filtered: one or the other.',
            },
            open: {
              choice: 'Something that shows that it is open.',
              seen: ({ scanned }) => came(joined(scanned), 60_008),
              why: 'A datagram came back, so some program answered.',
              expectedBecause:
                'A TCP listener is found in any case, as the kernel answers for it. UDP has no such answer.',
            },
            closed: {
              choice: 'An error, as from a closed port.',
              seen: ({ scanned }) => came(joined(scanned), 60_008),
              why: 'No socket took this datagram, so the kernel answered with an ICMP error.',
              expectedBecause:
                'Nobody answers, as if nobody were there. But for a port without a socket the kernel does answer.',
            },
          },
        },
        'udp-socket-on-another-loopback-address-is-found-by-the-scan': {
          question: 'The program on 127.0.1.1:53 answers. What does the scan of 127.0.0.1 say of UDP port 53?',
          outcomes: {
            closed: {
              choice: 'Closed.',
              seen: ({ scanned, elsewhere }) => came(joined(scanned), 53) + reached(elsewhere),
              why: `${NO_SOCKET} The socket has another address. This is the first of three UDP sockets that the document harbour has and its scan calls closed.`,
            },
            open: {
              choice: 'Open.',
              seen: ({ scanned, elsewhere }) => came(joined(scanned), 53) + reached(elsewhere),
              why: 'A socket took the datagram: it has 127.0.0.1, or the wildcard address, which stands for all addresses.',
              expectedBecause:
                'Both addresses lead to this machine. But a socket on one does not take what is sent to the other.',
            },
          },
        },
        'udp-and-tcp-listed-as-three-colons-answer-alike-over-ipv4': {
          question:
            'netstat writes :::80 for the TCP listener and :::38367 for a UDP socket. Which of them is found over IPv4?',
          outcomes: {
            both: {
              choice: 'Both.',
              seen: colons,
              why: 'Both take IPv4 as well: they have the IPv6 wildcard address, and not the option IPV6_V6ONLY.',
              expectedBecause:
                'They are written alike, and one of them is known to take IPv4. But netstat does not show the option IPV6_V6ONLY, which only one of them has.',
            },
            'tcp-only': {
              choice: 'The TCP listener.',
              seen: colons,
              why: 'A socket on ::, the wildcard address of IPv6, takes IPv4 too, unless it has the option IPV6_V6ONLY. This UDP socket has it, and the TCP listener does not. netstat writes both alike, so they seem to contradict each other in the document harbour. It has nothing to do with UDP and TCP. ss tells them apart: it writes [::] for IPv6 only, and * for both.',
            },
            neither: {
              choice: 'Neither: both are IPv6 sockets.',
              seen: colons,
              why: 'Both have the option IPV6_V6ONLY, or something keeps IPv4 away from the TCP listener.',
              expectedBecause:
                'The address is one of IPv6. But a socket on :: also takes IPv4, unless it is told not to.',
            },
          },
        },
        'nmap-tells-the-same-of-udp-ports': {
          question:
            'nmap scans the UDP ports 53, 123, 38367 and 60008. How do its answers compare with those of this lab?',
          outcomes: {
            'the-same': {
              choice: 'They are the same.',
              seen: ({ nmap, scanned }) => byNmap(nmap, scanned),
              why: 'nmap sees the same packets: an ICMP error, a datagram, or nothing. It asks a silent port again before it gives up. To hear the ICMP errors of datagrams that it wrote itself, it needs the rights of the superuser.',
            },
            'another-answer': {
              choice: 'They differ for some ports.',
              seen: ({ nmap, scanned }) => byNmap(nmap, scanned),
              why: 'For one port at least the two saw a different answer, or one of them did not tell what it saw.',
              expectedBecause:
                'nmap sends to known ports what their services expect, and gets answers where others get none. These programs answer anything, or nothing.',
            },
          },
        },
      },
    },

    aWire: {
      title: 'A socket on one device, and closed ports beyond a wire',
      intro:
        'This host is joined to a second one by a virtual wire. Its end here is a network device, as an Ethernet card is one. A program binds a UDP socket to port 37000 and, by the option SO_BINDTODEVICE, to this device. It is asked over loopback, and from the second host. Besides, 300 closed UDP ports are asked of this host over loopback, and the same 300 of the second host over the wire.',
      checks: {
        'udp-socket-bound-to-a-device-is-found-over-loopback': {
          question:
            'The socket has 0.0.0.0:37000, and the device of the wire. What does a scan of 127.0.0.1 say of UDP port 37000?',
          outcomes: {
            closed: {
              choice: 'Closed.',
              seen: onDevice,
              why: `${NO_SOCKET} A datagram for 127.0.0.1 comes by the device lo, and this socket takes only what comes by its own. In the document harbour dnsmasq, a name server, has such a socket.`,
            },
            open: {
              choice: 'Open.',
              seen: onDevice,
              why: 'The socket took a datagram that came by the device lo. So it is not bound to another device.',
              expectedBecause:
                '0.0.0.0 stands for all addresses of the machine. But a device counts as well, and this option leaves only one.',
            },
          },
        },
        'listing-shows-the-device-of-a-udp-socket': {
          question: 'Which listings show that the socket is bound to a device?',
          outcomes: {
            'ss-only': {
              choice: 'Only that of ss.',
              seen: ({ listed }) => devices(listed),
              why: 'ss writes the device after the address and a percent sign. It asks the kernel by a message (netlink), and the answer names the device. netstat and lsof read /proc/net/udp, and that table has no column for it. So lsof shows a socket that seems to be on every address, and the scan calls it closed.',
            },
            'every-listing': {
              choice: 'All of them.',
              seen: ({ listed }) => devices(listed),
              why: 'Each tool found the device where it looked.',
              expectedBecause: 'The tools list the same sockets. But they do not ask the kernel in the same way.',
            },
            none: {
              choice: 'None of them.',
              seen: ({ listed }) => devices(listed),
              why: 'The socket is bound to no device, or no tool here asks for it.',
              expectedBecause:
                'A socket is known by protocol, address and port. On Linux it may have a device as well.',
            },
          },
        },
        'closed-udp-ports-of-a-second-host-all-answer': {
          question:
            'Over loopback all 300 closed ports answered. How many of the 300 closed ports of the second host do?',
          outcomes: {
            most: {
              choice: 'All, or most of them.',
              seen: answers,
              why: 'Hardly anything held the ICMP errors back: the limit of that host is off, or set to a very short time.',
              expectedBecause:
                'The second host runs the same kernel. But that kernel limits the errors that it sends to another host, and not those over loopback.',
            },
            few: {
              choice: 'A few.',
              seen: answers,
              why: 'A host that answered every such datagram could be used to flood others with errors. So Linux limits them: to one target it sends six at once, and then one each second. The setting is the time from one error to the next, in milliseconds. From the other ports nothing comes, as from an open one that is silent. To be certain of all 65535 ports a scan would have to go as slowly: that would take 18 hours. So over a wire the document harbour is right that it takes very long.',
            },
            none: {
              choice: 'None.',
              seen: answers,
              why: 'No ICMP error came over the wire. A packet filter may throw them away.',
              expectedBecause: 'Between networks many filters stop ICMP. On this wire there is none.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A closed UDP port answers with an ICMP error. An open one answers only if its program does.',
    'No answer means: open, or filtered, or the error was held back. Linux sends another host about one such error a second.',
    'A UDP socket on another address, on one device, or for IPv6 only looks closed to a scan that comes another way.',
  ],
} satisfies Narration<typeof lab>
