import { formatEndpoint, openRows, servicesOf } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Ran, Recorded, Service, Started } from '../../harness/lab.ts'
import { alarming, foundByLsof } from './another-machine.ts'
import { countedByType, lsofSays, rowsBy, ssSays, states } from './one-port.ts'
import type lab from './lab.ts'

const printed = (listed: Listed, source: Listed['source']) => {
  const [tcp, udp] = states(listed, source).split(' and ')
  if (udp === undefined) return `In ${source} one of the two sockets is missing.`
  return `${source} writes ${tcp} for the TCP listener, and ${udp} for the UDP socket.`
}

const withSendQueue = (listed: Listed) => {
  const row = rowsBy(listed, 'ss').find(({ state }) => state === 'LISTEN')
  return `${printed(listed, 'ss')} Send-Q of the LISTEN row is ${row?.sendQueue ?? 'nothing'}.`
}

const holders = (listed: Listed, parent: Started, child: { pid: number } | null) => {
  const rows = rowsBy(listed, 'ss').filter(({ protocol }) => protocol === 'tcp')
  const pids = rows.flatMap((row) => row.holders.map(({ pid }) => pid))
  return `The parent is process ${parent.pid}, the child process ${child ? child.pid : 'unknown'}. For TCP ss shows ${count(rows.length, 'row')}, and names ${count(pids.length, 'process')}: ${pids.join(', ')}.`
}

function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : what === 'process' ? 'processes' : `${what}s`}`
}

const sideBySide = (listed: Listed) => {
  const each = [listed, ...listed.others].map(({ source }) => {
    const rows = rowsBy(listed, source)
    const pids = new Set(rows.flatMap((row) => row.holders.map(({ pid }) => pid)))
    return `${source === 'proc' ? 'the kernel' : source} ${count(rows.length, 'socket')} of ${count(pids.size, 'process')}`
  })
  return `On this port there are: ${each.join('; ')}.`
}

const ratio = (files: Ran | null) => {
  const { lines, sockets } = countedByType(files)
  return `For this one process lsof -n printed ${count(lines, 'line')}. ${sockets} of them ${sockets === 1 ? 'is' : 'are'} about a socket with a port.`
}

const kinds = (tool: string, dual: string, only: string) =>
  `For server7, which takes both versions, ${tool} says ${dual}. For server8, which takes IPv6 only, it says ${only}.`

const three = (fstat: Recorded, netstat: Recorded, listed: Listed) => {
  const shared = fstat.rows.filter((row) => row.holders.length > 1)
  const names = shared.map(({ local, holders: all }) => `${formatEndpoint(local)} by ${all.length} processes`)
  return `The listing of fstat has ${count(fstat.rows.length, 'socket')} in ${count(fstat.printed.length - 1, 'line')}; shown more than once: ${names.join(', ')}. That of netstat has ${count(netstat.rows.length, 'socket')} over IPv4. Here ${openRows(listed).length} were opened.`
}

const dialled = ({ outcome, to }: Connected) =>
  `${formatEndpoint(to)} ${outcome === 'connected' ? 'was connected' : `was refused (${outcome})`}`

/** How a listing spells the socket of this port. */
const spelled = ({ printed: lines }: Recorded, port: number) =>
  lines.join(' ').match(new RegExp(`\\S+[.:]${port}(?= |$)`))?.[0] ?? 'nothing'

const reach = ({
  fstat,
  netstat,
  web,
  database,
}: Record<'fstat' | 'netstat', Recorded> & Record<'web' | 'database', Connected>) => {
  const spellings = (port: number) => `${spelled(fstat, port)} in fstat and ${spelled(netstat, port)} in netstat`
  return `${dialled(web)}: it is ${spellings(80)}. ${dialled(database)}: it is ${spellings(5432)}.`
}

const programsOf = ({ processes }: Service) =>
  [...new Set(processes.flatMap(({ command }) => command ?? []))].join(' and ')

const numberOf = ({ protocols, port }: Service) =>
  `${protocols.map((protocol) => protocol.toUpperCase()).join(' and ')} ${port}`

const named = (service: Service) => {
  const versions = new Set(service.sockets.map(({ family }) => family))
  return `${programsOf(service)} on ${numberOf(service)} (${[...versions].sort().join(' and ')})`
}

const alarms = (fstat: Recorded, listed: Listed) => {
  const told = alarming(fstat.rows).map(named).join(', ')
  const { services } = servicesOf(fstat.rows)
  const two = services.filter(({ concerns }) => concerns.some(({ concern }) => concern === 'two-programs'))
  const pair = two.map((service) => `${programsOf(service)} has ${numberOf(service)}`)
  const here = alarming(listed.rows).length
  return `Open to other machines are: ${told}. Further, one number is held by two programs: ${pair.join(', ')}. Of the sockets opened here, ${here} ports are alarming for the same reasons.`
}

const told = (fstat: Recorded, listed: Listed, program: Started) => {
  const { asked, found } = foundByLsof(fstat, listed, program)
  return `Of ${asked} sockets, lsof tells the program, the process, the descriptor, the IP version, the protocol and the address for ${found}.`
}

const NAMES =
  'All these tools read tables of the kernel. lsof goes from process to process and looks at what each has open. ss asks the kernel for its sockets, and netstat reads /proc/net.'

const GREP =
  'lsof lists open files: libraries in memory, pipes, directories, and sockets among them. The document sifts the lines with grep for a colon. Colons stand in names of other files too, so on a whole machine thousands of lines are left, and few are sockets. What is meant is lsof -nP -i: only sockets with ports, and numbers in the place of names.'

const LISTS =
  'netstat is the older one: the document checklist dates it from 4.2BSD, and fstat from 4.3BSD-Tahoe. We have not checked the dates. fstat lists open files. A socket is one of them, so it comes into the listing as a by-product.'

const FOUND_BY_LOOKING =
  'A service may run that no configuration names, because it is started by default. It is found by looking at the ports, and not by reading the settings.'

export default {
  title: 'The inside view: lsof, ss, netstat, fstat',
  summary: 'What does each tool show of a socket, do they agree, and how is the listing of another machine read?',
  acts: {
    onePort: {
      title: 'One port, four listings',
      intro:
        'A parent listens over TCP and starts a child that inherits the listening socket. Another program has the same number over UDP. Now every tool of this machine lists the port.',
      checks: {
        'lsof-marks-tcp-listener-and-udp-socket-with': {
          question:
            'At the end of a line lsof writes a mark in brackets. Which one has the listener, and which the UDP socket?',
          outcomes: {
            'LISTEN and nothing': {
              choice: 'The listener LISTEN, the UDP socket none.',
              seen: ({ listed }) => printed(listed, 'lsof'),
              why: 'The mark is the state of TCP. UDP has no states, so there is nothing to write.',
            },
            'nothing and nothing': {
              choice: 'Neither has one.',
              seen: ({ listed }) => printed(listed, 'lsof'),
              why: 'This lsof was built without the states of TCP.',
            },
          },
        },
        'ss-marks-tcp-listener-and-udp-socket-with': {
          question: 'ss has a column State. What does it say of the listener, and what of the UDP socket?',
          outcomes: {
            'LISTEN and UNCONN': {
              choice: 'LISTEN and UNCONN.',
              seen: ({ listed }) => withSendQueue(listed),
              why: 'UNCONN is short for unconnected: this UDP socket has no peer. For a listener, Send-Q is no queue but the backlog, the number of connections that may wait. Node asks for 511, unless it is told another number or the system allows fewer.',
            },
            'LISTEN and LISTEN': {
              choice: 'LISTEN for both.',
              seen: ({ listed }) => withSendQueue(listed),
              why: 'This ss gives a UDP socket the word for a TCP listener.',
              expectedBecause:
                'Both wait for clients. But a UDP socket never calls listen(2), and LISTEN is a state of TCP.',
            },
          },
        },
        'netstat-marks-tcp-listener-and-udp-socket-with': {
          question: 'And the column State of netstat?',
          outcomes: {
            'LISTEN and nothing': {
              choice: 'LISTEN for the listener, nothing for UDP.',
              seen: ({ listed }) => printed(listed, 'netstat'),
              why: 'netstat leaves the column empty for a UDP socket without a peer. With a peer it writes ESTABLISHED. So in netstat -tuln a line without a state is an open UDP port.',
            },
            'LISTEN and LISTEN': {
              choice: 'LISTEN for both.',
              seen: ({ listed }) => printed(listed, 'netstat'),
              why: 'This netstat gives a UDP socket the word for a TCP listener.',
              expectedBecause: 'netstat -l asks for listening sockets, and UDP sockets come with them.',
            },
          },
        },
        'ss-shows-a-socket-of-two-processes-as': {
          question: 'Parent and child have the same listening socket. How does ss show that?',
          outcomes: {
            'one-row': {
              choice: 'One row that names both.',
              seen: ({ listed, parent, child }) => holders(listed, parent, child),
              why: 'A row of ss is a socket, and this is one socket. The processes that have it open stand at its end, each with its own descriptor, the number by which it knows the socket. lsof has a line for each of them.',
            },
            'two-rows': {
              choice: 'Two rows, one for each.',
              seen: ({ listed, parent, child }) => holders(listed, parent, child),
              why: 'There were two sockets on this port.',
              expectedBecause: 'lsof shows it so. A line of lsof is an open file of one process.',
            },
            'one-process': {
              choice: 'One row that names the parent.',
              seen: ({ listed, parent, child }) => holders(listed, parent, child),
              why: 'The child did not have the socket.',
            },
          },
        },
        'lsof-and-ss-show': {
          question: 'Do lsof and ss show the same sockets and processes on this port?',
          outcomes: {
            'the-same': {
              choice: 'Yes.',
              seen: ({ listed }) => sideBySide(listed),
              why: `${NAMES} So they agree, as far as you may see the processes of other users. netstat names one process for a socket, whoever else has it.`,
            },
            'different-sockets': {
              choice: 'No: one shows sockets that the other one lacks.',
              seen: ({ listed }) => sideBySide(listed),
              why: `${NAMES} Between two looks a socket may come or go.`,
            },
            'different-processes': {
              choice: 'The same sockets, but different processes.',
              seen: ({ listed }) => sideBySide(listed),
              why: `${NAMES} Between two looks a process may take or leave a socket.`,
            },
          },
        },
        'lines-of-lsof-n-are': {
          question:
            'Where there is no fstat, the document checklist types lsof -n. What are most of the lines that it prints of our server?',
          outcomes: {
            'mostly-no-sockets': {
              choice: 'Something else than sockets.',
              seen: ({ files }) => ratio(files),
              why: GREP,
            },
            'mostly-sockets': {
              choice: 'Sockets.',
              seen: ({ files }) => ratio(files),
              why: GREP,
              expectedBecause:
                'A server seems to be little more than its socket. But it has libraries open, and pipes, and a terminal.',
            },
          },
        },
      },
    },

    twoKinds: {
      title: 'Two kinds of ::',
      intro:
        'A socket on ::, every address of the machine, takes IPv6 and IPv4 (dual-stack), or IPv6 only. server7 of the document cafe is of the first kind, server8 of the second. One runs after the other.',
      checks: {
        'lsof-shows-dual-stack-and-ipv6-only': {
          question: 'Can one tell the two kinds apart in lsof?',
          outcomes: {
            alike: {
              choice: 'No.',
              seen: ({ whileDual, whileOnly }) => kinds('lsof', lsofSays(whileDual), lsofSays(whileOnly)),
              why: 'lsof shows the family of the socket, its protocol and its address, and these are the same. What differs is an option of the socket, IPV6_V6ONLY. So the document cafe is right that server7 is one row of type IPv6. But the row does not say that it takes IPv4. netstat cannot tell them apart either.',
            },
            apart: {
              choice: 'Yes.',
              seen: ({ whileDual, whileOnly }) => kinds('lsof', lsofSays(whileDual), lsofSays(whileOnly)),
              why: 'This lsof shows more than the address.',
              expectedBecause:
                'The two sockets do quite different things, so a listing should show it. lsof has no column for it.',
            },
          },
        },
        'ss-shows-dual-stack-and-ipv6-only': {
          question: 'And in ss?',
          outcomes: {
            apart: {
              choice: 'Yes.',
              seen: ({ whileDual, whileOnly }) => kinds('ss', ssSays(whileDual), ssSays(whileOnly)),
              why: 'The kernel tells ss whether IPV6_V6ONLY is set. Today ss writes a star for a socket that takes both versions, [::] for IPv6 only and 0.0.0.0 for IPv4. In older listings, such as that of the document harbour, a star means IPv4 and ::: is IPv6. So a star has to be read with the age of the tool in mind.',
            },
            alike: {
              choice: 'No.',
              seen: ({ whileDual, whileOnly }) => kinds('ss', ssSays(whileDual), ssSays(whileOnly)),
              why: 'Either both sockets were of one kind, or this ss is an old one.',
            },
          },
        },
      },
    },

    anotherMachine: {
      title: 'The listing of another machine',
      intro:
        'The document checklist works on NetBSD, with fstat and netstat. Here are two such listings of one machine, whose own address is 192.0.2.10. The machine does not exist: we wrote them in the format of these tools. So that they are more than paper, a program opens the same sockets here, in a network of its own. A star stands for every interface. netstat writes address.port, fstat address:port.',
      checks: {
        'fstat-netstat-and-real-sockets-show': {
          question:
            'netstat was asked for IPv4 (-f inet). Do fstat and netstat show the same IPv4 sockets, and can all sockets of fstat be opened on one machine?',
          outcomes: {
            'the-same': {
              choice: 'Yes, both.',
              seen: ({ fstat, netstat, listed }) => three(fstat, netstat, listed),
              why: `A line of fstat is a descriptor of a process: user, command, process, descriptor, family, type, protocol and address. The number before the address is the place of the structure in the memory of the kernel, so lines with the same number are one socket. ${LISTS} One socket was left out here: it has port 0, which means that it has no port yet. Linux lists no such socket.`,
            },
            'netstat-differs': {
              choice: 'No: netstat shows other sockets than fstat.',
              seen: ({ fstat, netstat, listed }) => three(fstat, netstat, listed),
              why: 'The two listings are not of one moment, or not of one machine.',
            },
            'sockets-differ': {
              choice: 'They do, but not all can be opened together.',
              seen: ({ fstat, netstat, listed }) => three(fstat, netstat, listed),
              why: 'What was opened here is not what the listing shows.',
              expectedBecause:
                'Several sockets have one number, such as 123. But they differ in address, IP version or protocol, and programs that need it ask for SO_REUSEADDR.',
            },
          },
        },
        'star-of-the-listing-is-reached-over': {
          question:
            'The listing has httpd on *:80 and postgres on 127.0.0.1:5432. A client dials 192.0.2.10, as other machines would. Which of the two does it get?',
          outcomes: {
            'every-interface': {
              choice: 'Only httpd.',
              seen: reach,
              why: 'A star is the wildcard address: every address of this machine, of one IP version. 127.0.0.1 is the loopback address, which no other machine can dial. So the address in front of the port decides who can come, before any password is asked.',
            },
            'loopback-only': {
              choice: 'Neither.',
              seen: reach,
              why: 'The web server had another address than the wildcard address.',
            },
          },
        },
        'alarming-services-are-open-to-other-machines': {
          question:
            'In the listing are telnet (23), shell (514), tftp (69), rpcbind (111), NFS (2049) and X11 (6000). How many of them are open to other machines, by their address?',
          outcomes: {
            all: {
              choice: 'All.',
              seen: ({ fstat, listed }) => alarms(fstat, listed),
              why: `Each has a star. Only a packet filter could keep other machines away. telnet and shell send everything in clear. tftp gives files to whoever asks, and NFS trusts the machine that asks. rpcbind tells strangers which services there are. Whom an X11 display lets in can read what is typed at it. ${FOUND_BY_LOOKING}`,
            },
            some: {
              choice: 'Some of them.',
              seen: ({ fstat, listed }) => alarms(fstat, listed),
              why: 'Here some of them have the loopback address.',
            },
            none: {
              choice: 'None: they are for this machine only.',
              seen: ({ fstat, listed }) => alarms(fstat, listed),
              why: 'Here they have the loopback address.',
              expectedBecause:
                'One would not mean to offer them. But a service listens on every interface unless it is told otherwise.',
            },
          },
        },
        'lsof-tells-of-each-socket-what-fstat-tells': {
          question: 'Linux has no fstat. For how many of these sockets does lsof tell the same?',
          outcomes: {
            'all-of-it': {
              choice: 'For all.',
              seen: ({ fstat, listed, program }) => told(fstat, listed, program),
              why: 'lsof has the same columns under other names: COMMAND, PID, USER, FD, TYPE for the IP version, NODE for the protocol, NAME for the address. So the checks of the document can be repeated with it. lsof -nP -i is the command for that.',
            },
            'part-of-it': {
              choice: 'For some.',
              seen: ({ fstat, listed, program }) => told(fstat, listed, program),
              why: 'Some of the sockets were not there, or not of this program.',
            },
            nothing: {
              choice: 'For none: it lists files.',
              seen: ({ fstat, listed, program }) => told(fstat, listed, program),
              why: 'No line of lsof had the process, the name and the address together.',
              expectedBecause: 'Its name is short for list open files. fstat lists open files as well.',
            },
          },
        },
      },
    },
  },

  remember: [
    'ss shows sockets, lsof shows what processes have open. Of what listens on a port they show the same.',
    'On Linux only ss tells a dual-stack socket, a star, from one for IPv6 only, [::].',
    'lsof -nP -i lists sockets. lsof -n lists everything.',
    'In a listing of any tool, ask of each row: which program, which address, which version, and should it be so?',
  ],
} satisfies Narration<typeof lab>
