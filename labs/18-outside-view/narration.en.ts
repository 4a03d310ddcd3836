import { formatEndpoint, listingName, openRows, scannedPorts } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Ran, Scanned } from '../../harness/lab.ts'
import { askedOf } from './lab.ts'
import type lab from './lab.ts'

/** `80 and 631`, or where there are many, how many. */
const numbers = (ports: readonly number[]) =>
  ports.length === 0 ? 'none' : ports.length > 12 ? `${ports.length} of them` : ports.join(' and ')

const answers = (scanned: Scanned) => {
  const { from, to, address, open, closed, silent, metItself } = scanned
  const found = `The ports ${from} to ${to} of ${address} were dialled. Open: ${numbers(open)}. Closed: ${closed} ports. Without an answer: ${numbers(silent)}.`
  if (metItself.length === 0) return found
  return `${found} On ${numbers(metItself)} the scan was connected to itself, as in lab 21, and asked again from another port.`
}

const answerOf = ({ open, silent }: Scanned, port: number) =>
  open.includes(port) ? 'open' : silent.includes(port) ? 'without an answer' : 'closed'

const twoAddresses = ({ scanned, elsewhere }: { scanned: Scanned; elsewhere: Scanned | null }) =>
  `Port 53 is ${answerOf(scanned, 53)} on ${scanned.address}${elsewhere ? `, and ${answerOf(elsewhere, 53)} on ${elsewhere.address}` : ''}.`

/** As netstat writes it: `:::80`. */
const threeColons = (listed: Listed, scanned: Scanned) => {
  const row = openRows(listed).find(({ local }) => local.port === 80)
  const line = listed.printed.find((one) => one.includes(':::80'))
  const where = line
    ? `netstat writes :::80`
    : row
      ? `${listingName(listed)} has ${formatEndpoint(row.local)}`
      : 'Nothing is listed'
  return `${where} for the listener. Over IPv4, at ${scanned.address}, port 80 is ${answerOf(scanned, 80)}.`
}

const compared = (nmap: Ran | null, scanned: Scanned) => {
  const told = nmap ? scannedPorts(nmap) : []
  const open = told.filter(({ state }) => state === 'open').map(({ port }) => port)
  return `nmap was asked for ${nmap ? askedOf(nmap) : 0} ports, and calls open: ${numbers(open)}. The scan of this lab found open: ${numbers(scanned.open)}.`
}

const named = (nmap: Ran | null, { heard, outcome }: Connected) => {
  const rows = (nmap ? scannedPorts(nmap) : []).filter(({ port }) => port === 80 || port === 53)
  const words = rows.map(
    ({ port, state, service }) => `${port}, which is ${state}, by the name ${service ?? 'unknown'}`,
  )
  const said = heard === '' ? `nothing (${outcome})` : `"${heard.trim()}"`
  const calls = words.length === 0 ? 'nmap told of neither port.' : `nmap calls port ${words.join(', and port ')}.`
  return `${calls} A client of port 80 hears ${said}.`
}

const RESET =
  'Each port is dialled once. Where a socket listens, the kernel answers the SYN, the packet that asks for a connection, with a SYN-ACK, and the port is open. Where none does, it answers with a reset, the packet that says no, and the port is closed. The program behind the port has no part in either answer.'

const NO_ANSWER =
  'Something on the way threw the packets away, such as a packet filter. That is a third answer: filtered.'

const OTHERS = 'The listeners had other ports than those that they were told, or another program was there.'

export default {
  title: 'A machine from outside: a scan of every TCP port',
  summary: 'What does a scan of all TCP ports find, and what can it not find?',
  acts: {
    everyPort: {
      title: 'Three listeners, 65536 questions',
      intro:
        'A listing of sockets is the view from inside: the kernel tells what it has. A scan is the view from outside: it dials one port after the other. This one runs on the machine itself and dials 127.0.0.1. So it also finds what listens on loopback only, which no other machine can reach. As in the document harbour a web server should be on port 80, a printer service on 127.0.0.1:631, and a name server on 127.0.1.1:53. Here three small programs are there instead. All ports of 127.0.0.1 are dialled, from 0 to 65535. Where nmap is installed, it scans too.',
      checks: {
        'scan-finds-every-port-open-or-closed': {
          question: 'What does the scan learn of the 65536 TCP ports of 127.0.0.1?',
          outcomes: {
            'open-or-closed': {
              choice: 'Of each port, whether it is open or closed.',
              seen: ({ scanned }) => answers(scanned),
              why: `${RESET} Port 0 is asked as well. No socket can listen there, because bind(2) takes 0 to mean any free port.`,
            },
            'some-silent': {
              choice: 'Of many ports nothing: a port that nobody has does not answer.',
              seen: ({ scanned }) => answers(scanned),
              why: NO_ANSWER,
              expectedBecause:
                'Nobody is there who could answer. But for a closed port the kernel itself answers, and says no.',
            },
            'other-ports-open': {
              choice: 'That more ports are open than those of the listeners.',
              seen: ({ scanned }) => answers(scanned),
              why: OTHERS,
              expectedBecause:
                'A machine in use has many services. This network is new, and has only those of this act.',
            },
          },
        },
        'listener-on-another-loopback-address-looks-closed': {
          question: 'A program listens on 127.0.1.1:53. What does the scan of 127.0.0.1 say of port 53?',
          outcomes: {
            closed: {
              choice: 'Closed.',
              seen: twoAddresses,
              why: 'Every address that begins with 127 is a loopback address: it leads to this machine itself. But the kernel looks for a listener by address and port. The packet was for 127.0.0.1, this listener has 127.0.1.1, and none has port 53 on the wildcard address, which stands for all addresses. So the answer was a reset. A scan tells of one address only. The document harbour finds its name server missing from the scan in the same way.',
            },
            open: {
              choice: 'Open.',
              seen: twoAddresses,
              why: 'A listener took 127.0.0.1:53. It has that address, or the wildcard address, which stands for all addresses of the machine.',
              expectedBecause:
                'Both are loopback addresses, which lead to this machine itself, and the port is the same. But a listener on one address does not take the others.',
            },
          },
        },
        'listener-listed-as-three-colons-is-open-over-ipv4': {
          question: 'netstat writes :::80 for a listener, an IPv6 address and a port. What is port 80 over IPv4?',
          outcomes: {
            open: {
              choice: 'Open.',
              seen: ({ listed, scanned }) => threeColons(listed, scanned),
              why: 'The last colon is before the port. The two others are ::, the wildcard address of IPv6. A socket on it takes IPv4 as well, unless it has the option IPV6_V6ONLY, and this one does not. netstat writes :::80 in both cases, so its spelling does not tell. Lab 04 looks at both.',
            },
            closed: {
              choice: 'Closed.',
              seen: ({ listed, scanned }) => threeColons(listed, scanned),
              why: 'The socket has the option IPV6_V6ONLY: it takes IPv6 and nothing else.',
              expectedBecause:
                'The address is one of IPv6. But an IPv4 client reaches such a socket too, unless it was told to take IPv6 only.',
            },
          },
        },
        'nmap-gives-the-same-answers': {
          question:
            'nmap scans some of these ports, open and closed ones. How do its answers compare with those of this lab?',
          outcomes: {
            'the-same': {
              choice: 'They are the same.',
              seen: ({ nmap, scanned }) => compared(nmap, scanned),
              why: 'With -sT nmap does the same as this lab: it calls connect(2) for each port, and looks whether it succeeds. With --full it is asked for all ports, as in the document harbour, which had its answers in two seconds.',
            },
            'another-answer': {
              choice: 'They differ for some ports.',
              seen: ({ nmap, scanned }) => compared(nmap, scanned),
              why: 'For one port at least the two saw a different answer. Either a listener came or went between the two scans, or one of them did not tell what it saw.',
              expectedBecause:
                'nmap knows many ways to scan, and some can be wrong. A connection that was made is no guess.',
            },
          },
        },
        'service-column-of-nmap-names-the-program': {
          question:
            'nmap prints a column SERVICE. What does it print there for port 80, on which a program called listener is?',
          outcomes: {
            'the-program': {
              choice: 'listener.',
              seen: ({ nmap, client }) => named(nmap, client),
              why: 'The name of the program reached nmap in some way. A connection alone does not carry it.',
              expectedBecause:
                'The column seems to be an answer of the port. But a scan asks nothing except whether it may connect.',
            },
            'by-number': {
              choice: 'http.',
              seen: ({ nmap, client }) => named(nmap, client),
              why: 'The name is looked up by the number, in a list that comes with nmap. So it is there for closed ports as well, and for any program on port 80. This program is no web server. The document harbour says so: from outside a scan cannot tell which program has a port. With -sV nmap talks to the port and guesses from what it hears.',
            },
            'no-name': {
              choice: 'Nothing, or unknown.',
              seen: ({ nmap, client }) => named(nmap, client),
              why: 'The list of this nmap has no name for the number.',
              expectedBecause: 'From outside the program cannot be known. So nmap would be right to say nothing.',
            },
          },
        },
      },
    },
  },
  remember: [
    'A scan tells of each TCP port of one address whether it is open or closed, unless a filter keeps it silent. It does not tell whose it is.',
    'A listener on another address of the same machine looks closed.',
    'Names of services in the output of nmap are looked up by number.',
  ],
} satisfies Narration<typeof lab>
