/**
 * What the five documents say, claim by claim. Checks name the claims they answer by id, and ids are for ever.
 * A text is one document's word, right or wrong: it reads on after "cafe says: ", in plain text, without a full stop.
 */

import type { Claim as AnyClaim } from '../harness/lab.ts'

/** Each document in a line of our own, and the language it is written in. */
export const documents = {
  dialogue: { title: 'What a port is, asked and answered from doors down to bits in memory', language: 'ja' },
  harbour: { title: 'Which program uses a port: lsof, ss and nmap, with ports as harbours', language: 'ja' },
  cafe: { title: 'Two students find out, server by server, what listening on a port means', language: 'ru' },
  tuple: { title: 'How sockets, ports and processes relate, and how the kernel finds a socket', language: 'zh' },
  checklist: { title: 'Which ports are open now? A checklist of a BSD course, with exercises', language: 'ja' },
} as const

export type DocumentSlug = keyof typeof documents

export type Claim = AnyClaim & { document: DocumentSlug }

/** For each check under which the claim does not hold the case that the check is about, as it reads after "unless ". */
type Unless = Claim['unless'] & {}

function claimsOf(document: DocumentSlug) {
  return {
    /** Answered by an experiment. */
    test: (says: string, unless: Unless = {}): Claim => ({ document, says, kind: 'test', unless }),
    /** Answered by the output of a real tool. */
    tool: (says: string, unless: Unless = {}): Claim => ({ document, says, kind: 'tool', unless }),
    /** Explained in this lab, not tested. */
    define: (says: string, explainedIn: string): Claim => ({ document, says, kind: 'define', explainedIn }),
  }
}

/** Names the checks whose observations decide the claim best, where the first of those that ask it tells less. */
const decidedBy = (claim: Claim, ...checks: string[]): Claim => ({ ...claim, decidedBy: checks })

const dialogue = claimsOf('dialogue')
const harbour = claimsOf('harbour')
const cafe = claimsOf('cafe')
const tuple = claimsOf('tuple')
const checklist = claimsOf('checklist')

export const claims = {
  Q1: dialogue.test('services on two ports of one machine each get their own traffic and nothing else'),
  Q2: dialogue.tool('by convention HTTP has port 80, HTTPS port 443 and SSH port 22'),
  Q3: dialogue.test('an open port can be reached while a closed one cannot'),
  Q4: dialogue.test("an open port also sends: replies go from the listener's port to the client's port"),
  Q5: dialogue.test("a client's port is chosen on its behalf, usually one from 1024 to 65535"),
  Q6: decidedBy(
    dialogue.test('the ports 0 to 65535 are always there, and opening one creates nothing', {
      'listener-that-is-told-port-zero-listens-there': 'the port is 0, which no socket can be bound to',
    }),
    'client-reaches-a-listener-on-port-65535',
    'listener-that-is-told-port-zero-listens-there',
  ),
  Q7: decidedBy(
    dialogue.test('bind and listen change the state of a port to open, and closing changes it back'),
    'listen-opens-the-port-of-a-bound-socket',
    'closing-the-listener-closes-its-port',
  ),
  Q8: decidedBy(
    dialogue.test('a closed port ignores the data that arrives for it'),
    'closed-port-beside-it-answers-at-once',
  ),
  Q9: dialogue.test('a listener on 0.0.0.0 listens on every interface'),
  Q10: decidedBy(
    dialogue.test('only a privileged process can bind port 80', {
      'setting-opens-port-80-to-everybody': 'the setting ip_unprivileged_port_start is 80 or less',
    }),
    'program-of-user-0-without-the-right-listens-on-port-80',
    'setting-opens-port-80-to-everybody',
  ),
  Q11: dialogue.test('with a backlog of 5, five connections can wait to be accepted'),
  Q12: dialogue.tool('netstat -tuln lists an open TCP port with the state LISTEN'),
  Q13: dialogue.test('the kernel has a table of ports, each with its protocol and the state LISTENING or CLOSED', {
    'listing-has-a-row-for-a-port-that-is-not-open': 'the port is closed, for then it has no row',
    'closed-port-has-a-row': 'the port is closed, for then it has no row',
  }),
  Q14: dialogue.test('a UDP port that a program uses has the state LISTENING'),
  Q15: dialogue.test('a socket structure in kernel memory records the port, the protocol, the state and buffers'),
  Q16: dialogue.define('in the end, the state of a port is a few bits, held as charges in RAM', '17-kernel-table'),
  Q17: decidedBy(
    dialogue.test('when a program ends, the port that it opened is closed', {
      'port-is-free-when-the-parent-ends-before-the-child': 'another process still has the socket',
      'client-is-served-when-the-parent-ended-before-the-child': 'another process still has the socket',
    }),
    'client-reaches-the-port-of-a-killed-listener',
    'client-is-served-when-the-parent-ended-before-the-child',
  ),
  Q18: decidedBy(
    dialogue.test('a port is registered as listening by bind alone, before any call of listen'),
    'listing-has-a-row-for-a-port-that-is-not-open',
  ),

  H1: harbour.test('a single process can use several ports'),
  H2: harbour.test('no port is ever used by more than one process'),
  H3: harbour.test('a number is all that identifies a port, while a socket takes an address, a port and more', {
    'tcp-listener-starts-beside-udp-socket-on-same-port': 'one number is used over TCP and over UDP',
  }),
  H4: harbour.test('a listener passes each arrival on to another socket', {
    'each-udp-client-gets-a-socket-of-its-own': 'it is a UDP socket',
  }),
  H5: harbour.test('what got lost is sent once more at the request of the receiver'),
  H6: harbour.tool('in lsof -i -P a TCP listener carries (LISTEN) and a UDP socket carries nothing'),
  H7: decidedBy(
    harbour.tool('ss -ltunp says LISTEN for TCP and UNCONN for UDP, and a row can name several processes'),
    'ss-marks-tcp-listener-and-udp-socket-with',
    'ss-shows-a-socket-of-two-processes-as',
  ),
  H8: harbour.test('lsof and ss name the same ports as in use'),
  H9: harbour.test('a TCP scan from outside finds each port from 0 to 65535 either open or closed'),
  H10: harbour.test('a scanned port can also be in a third state, filtered'),
  H11: harbour.test('a listener on 127.0.1.1:53 looks closed to a scan of 127.0.0.1'),
  H12: harbour.test('a UDP scan can tell closed, at times open, and otherwise only "open or filtered"'),
  H13: harbour.test('it takes very long to scan every port of UDP', {
    'udp-scan-over-loopback-tells-closed-open-and-silent-ports': 'it goes over loopback, where no answer is held back',
  }),
  H14: decidedBy(
    harbour.test('a listener that is listed as :::80 can be reached over IPv4', {
      'ipv6only-listener-refuses-ipv4': 'the socket takes IPv6 only (IPV6_V6ONLY)',
    }),
    'listener-listed-as-three-colons-is-open-over-ipv4',
  ),
  H15: harbour.test('a scan from outside cannot find out which program uses a port'),
  H16: harbour.test('a UDP socket bound to a device, listed as *%enp0s3:37000, scans as closed over loopback'),
  H17: harbour.test('over IPv4, UDP listed as :::38367 scans as closed and TCP listed as :::80 as open'),
  H18: harbour.test('closing a port means forbidding anyone to use it'),

  C1: cafe.test('with port 8080 the server can run without root'),
  C2: decidedBy(
    cafe.test('server1 over TCP and server2 over UDP can have 127.0.0.1:8080 both at one time'),
    'listing-shows-tcp-and-udp-on-one-port-as-two-rows',
  ),
  C3: cafe.test("netcat reaches server1, and accept reports a port of the client's that the client never chose"),
  C4: cafe.test('after server1 has ended, a TCP client is refused although server2 is still running'),
  C5: cafe.test('a datagram sent with netcat -u reaches server2'),
  C6: decidedBy(
    cafe.test('a UDP server has no need to call listen, and never does'),
    'udp-socket-is-listed-as-listening',
    'datagram-reaches-udp-server-that-never-listens',
  ),
  C7: decidedBy(
    cafe.test('with SO_REUSEPORT two server3 listen on the same address and port, and lsof shows both'),
    'listing-shows-each-member-of-a-reuseport-group',
  ),
  C8: cafe.test('of two running server3, the first client ends one and the second client the other'),
  C9: decidedBy(
    cafe.test('server4 on 127.0.0.2:8080 and server5 on 127.0.0.3:8080 each get the clients that dial them'),
    'client-reaches-listener-on-the-address-that-it-dials',
  ),
  C10: cafe.test('while server6 has 0.0.0.0:8080, binding 127.0.0.2:8080 fails with errno 99 EADDRNOTAVAIL'),
  C11: cafe.test('a client that connects to 127.0.0.2 reaches server6 on the wildcard address 0.0.0.0'),
  C12: cafe.test('all of 127.0.0.0/8, some 16 million addresses, works like 127.0.0.2, surely without a table', {
    'last-loopback-address-can-be-dialled': 'the address is the last one, 127.255.255.255',
  }),
  C13: cafe.test('server7 on [::]:8080 can be reached over ::1'),
  C14: cafe.tool('lsof shows server7 as a single row, of type IPv6'),
  C15: cafe.test('server7 on [::]:8080 can be reached over 127.0.0.1 as well'),
  C16: cafe.test('server6 on 0.0.0.0:8080 cannot be reached over ::1'),
  C17: cafe.test('server7 cannot start while server6 runs, because the address is in use'),
  C18: decidedBy(
    cafe.test('server8, on :: with IPV6_V6ONLY, runs beside server6, and lsof shows a row for each'),
    'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side',
    'listing-shows-both-listeners-as-two-rows',
  ),
  C19: cafe.test(
    'listeners differ in port, address, protocol or IP version; wildcards overlap, :: even IPv4; groups may share',
  ),
  C20: cafe.test('a socket must be given IPV6_V6ONLY before bind'),
  C21: cafe.test('the address :: is eight zeros, the 0.0.0.0 of IPv6, and ::1 is its loopback address', {
    'each-wildcard-address-takes-its-own-family-only': 'it is to mean that :: takes IPv6 only, for it takes IPv4 too',
  }),
  C22: cafe.define('when a process listens on a port, other processes can connect to it', '07-open-and-closed'),
  C23: cafe.tool('listings show port 8080 as http-alt'),

  T1: tuple.test('a bound socket is a local address and a local port, with any peer'),
  T2: tuple.test("a connected socket has its peer's address and port as well"),
  T3: tuple.test('the socket that accept returns has the full four-tuple'),
  T4: decidedBy(
    tuple.test('the kernel picks a socket by its four-tuple, which no two sockets ever share', {
      'second-listener-starts-with-reuseport-on-both': 'the sockets are listeners with SO_REUSEPORT',
    }),
    'one-four-tuple-can-be-had-twice',
  ),
  T5: tuple.test('to a process a socket is a descriptor like that of a file, an integer in its own table'),
  T6: decidedBy(
    tuple.test('a parent and its child share a socket, and so do threads'),
    'listing-shows-parent-and-child-on-one-socket',
    'second-thread-accepts-on-the-descriptor-of-the-first',
  ),
  T7: tuple.test('a socket can be passed to another process by sendmsg, which the author never tried'),
  T8: decidedBy(
    tuple.test('what limits the sockets of a process is its descriptors, not the 65,535 ports'),
    'sockets-of-a-process-run-out-at-its-limit-of-open-files',
  ),
  T9: decidedBy(
    tuple.test('ports 0 to 1024 are well known, 1025 to 49151 registered and 49152 to 65535 dynamic'),
    'port-that-the-system-chooses-is-a-dynamic-one',
    'lowest-port-that-needs-no-right',
  ),
  T10: tuple.tool('FTP has port 21, Telnet 23, SMTP 25 and HTTP 80'),
  T11: decidedBy(
    tuple.test('TCP confirms that data arrived, while UDP sends it and forgets'),
    'tcp-sender-keeps-what-nobody-has-confirmed',
    'udp-sender-is-told-of-the-loss',
  ),
  T12: tuple.test('the ports of TCP and the ports of UDP are two separate sets'),
  T13: tuple.test('an open port may belong to a program that nobody expects, a back door'),
  T14: decidedBy(
    tuple.test('a fresh socket is a kernel object without an address, and bind or connect gives it one'),
    'socket-gets-its-address-by-bind-or-connect',
  ),
  T15: tuple.test('a socket has its address from bind until its connection ends, and then must be bound again', {
    'port-that-a-program-chose-is-free-after-the-connection': 'the program itself chose the port',
  }),
  T16: decidedBy(
    tuple.test('a client could call bind but never has to'),
    'client-that-never-binds-is-connected',
    'server-sees-the-port-that-the-client-chose',
  ),
  T17: tuple.test('through connect a socket gets the address of the server'),
  T18: tuple.test('there is no connection until the server accepts it'),
  T19: tuple.tool('the details of TCP can be seen in a packet capture'),
  T20: tuple.test('one machine can serve web, FTP and mail at once, told apart by port'),
  T21: decidedBy(
    tuple.test('sockets connect processes of one machine too, less efficiently, though the author never tried', {
      'bytes-one-way-over-tcp-take-longer-than-over-a-unix-socket': 'many bytes go one way, most of which is copying',
    }),
    'round-trip-over-tcp-takes-longer-than-over-a-unix-socket',
  ),
  T22: tuple.test('a well-known port has no other purpose: 80 is HTTP, always'),
  T23: tuple.test('reading and writing a socket is possible only after accept or connect', {
    'udp-socket-sends-and-receives-without-a-connection': 'it is a UDP socket',
  }),
  T24: tuple.test('a connection is known by address and port, and between particular hosts also by host name'),
  T25: tuple.test('the address given to bind is as a rule a local one, mostly the wildcard address'),
  T26: tuple.test('a process and a port are related by a socket only, not directly'),
  T27: tuple.define('a port is a programming interface, the one called socket', '10-four-tuple'),
  T28: tuple.tool('only some dozens of ports are commonly used, and those above 49151 never should be'),
  T29: decidedBy(
    tuple.test('a back door has to be loaded before the computer starts'),
    'user-without-rights-opens-a-port-while-the-machine-runs',
  ),
  T30: decidedBy(
    tuple.test("a socket's structure, in an inode, holds type, protocol and queue and counts its references"),
    'socket-holds-its-type-protocol-and-queue',
    'copy-of-a-descriptor-leads-to-the-same-socket',
  ),

  N1: checklist.tool('the open ports listed after a change, and compared with what is expected, show what is new'),
  N2: checklist.tool('interfaces, resolver, name lookup and default route can be looked at before any port'),
  N3: checklist.test('other machines reach what netstat -f inet -na shows as LISTEN or udp without 127.0.0.1', {
    'rule-of-the-document-judges-127-0-0-2': 'a listener is on another loopback address, such as 127.0.0.2',
    'rule-of-the-document-judges-a-dual-stack-listener': 'a listener is dual-stack',
  }),
  N4: decidedBy(
    checklist.tool('BSD netstat writes address.port, fstat writes address:port, and * is every interface'),
    'star-of-the-listing-is-reached-over',
  ),
  N5: checklist.tool(
    "fstat lists each socket's user, command, pid, descriptor, family, type, protocol, address; some are shared",
  ),
  N6: checklist.tool('where fstat is missing, lsof -n does its work, and on Linux one gets used to that'),
  N7: decidedBy(
    checklist.test('127.0.0.1 is an address whose traffic differs from other traffic: find out how'),
    'second-host-reaches-loopback-listeners',
    'packets-for-127-0-0-1-pass-the-loopback-device',
  ),
  N8: checklist.tool('the kernel has its own way with traffic to 127.0.0.1: find out which'),
  N9: decidedBy(
    checklist.test('an open port in the 65000s can be gone a moment later: find out why, and whose it is'),
    'listing-names-the-program-of-a-udp-client',
    'udp-port-is-gone-when-its-client-has-ended',
  ),
  N10: checklist.tool('an fstat listing tells what runs, reachable from where, on which IP version, and what alarms'),
  N11: decidedBy(
    checklist.tool('one program has port 53 of both TCP and UDP, and may have a socket per interface'),
    'one-process-holds-tcp-and-udp-on-one-port',
    'one-process-holds-a-socket-for-each-address',
  ),
  N12: checklist.tool('the same checks can be repeated with lsof, once it is installed'),
  N13: checklist.define('a service that no configuration names may run by default', '16-inside-view'),
  N14: checklist.define(
    'netstat is from 4.2BSD; fstat, from 4.3BSD-Tahoe, shows sockets as it lists files',
    '16-inside-view',
  ),
} as const satisfies Record<string, Claim>

export type ClaimId = keyof typeof claims
