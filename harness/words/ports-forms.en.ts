/** Reading the ports of a machine in English: how the lines of each tool are read, in the words of its own columns. */

import type { Topic } from '../domain/ports-view.ts'
import { asJoined } from './phrases.en.ts'

export type FormTopic = Extract<
  Topic,
  `${'lsof' | 'ss' | 'netstat' | 'fstat' | 'sockstat' | 'proc' | 'nmap'}-${string}`
>

/** At most two sentences each, made of the examples that the listing has for it. */
export const formTopics: Readonly<Record<FormTopic, (examples: readonly string[]) => string>> = {
  'lsof-line': () =>
    'A line is a descriptor that a process has open. COMMAND and PID name the process, FD is the number of the descriptor with r, w or u for reading, writing or both, TYPE the IP version, NAME the address and port.',
  'lsof-listen': ([one = '']) =>
    `(LISTEN) at the end of a line marks a TCP listener: at ${one} a program waits for connections.`,
  'lsof-udp': ([one = '']) =>
    `UDP lines, such as ${one}, have nothing in brackets at the end: what stands there is the state of TCP.`,
  'lsof-arrow': () =>
    'An arrow stands between the ends of a connection: left of it is this machine, right of it the peer.',
  'lsof-star': (all) =>
    `The star in ${asJoined(all)} is the wildcard address. lsof does not tell whether an IPv6 star takes IPv4 too, nor whether the socket is bound to one network device.`,
  'lsof-command-cut': (all) =>
    `COMMAND has nine characters here, so ${asJoined(all)} may be cut short. lsof +c 0 shows whole names.`,
  'lsof-fields': () =>
    'Each line is a field and begins with its letter: p is the process, c its command, f the descriptor, P the protocol, n the address and port. The fields of a process stand before those of its descriptors.',
  'ss-line': () =>
    'A line is a socket: Netid is its protocol, Local Address:Port this end of it, Peer Address:Port the other end. A star for the port of the peer means that there is none.',
  'ss-listen': () =>
    'In a LISTEN line Send-Q is the backlog, and Recv-Q is how many connections wait to be accepted: one more than the backlog may. In other lines both count bytes.',
  'ss-unconn': () =>
    'UNCONN is short for unconnected: a UDP socket without a peer, which takes datagrams from anybody who can reach it.',
  'ss-connected': () => 'A line with an address and a number on both sides is one connection.',
  'ss-wildcards': (all) =>
    `Wildcard addresses are spelt in three ways: a star takes IPv4 and IPv6, [::] takes IPv6 only, 0.0.0.0 takes IPv4 only. Here there ${all.length > 1 ? 'are' : 'is'} ${asJoined(all)}.`,
  'ss-old-wildcards': (all) =>
    `This is the spelling of ss before iproute2 4.15, of 2018: a star is IPv4, and ${asJoined(all)} IPv6. Today a star means both.`,
  'ss-users': () =>
    'users:((…)) names every process that has the socket open, as far as the user of ss may see it: command, process id, and the descriptor by which it knows the socket.',
  'netstat-line': () =>
    'A line is a socket: Proto is its protocol, Local Address this end of it, Foreign Address the other end. A star for the port of the other end means that there is none.',
  'netstat-udp': () => 'State is empty for UDP, which has no states. Such a line is an open port all the same.',
  'netstat-process': () =>
    'PID/Program name shows one process of the socket, even where several have it open, and cuts long names.',
  'netstat-dash': () =>
    'A - in the last column: this user may not see the process, or there is none, as with sockets of the kernel.',
  'netstat-ipv6-wildcard': (all) =>
    `Three colons in ${asJoined(all)}: the IPv6 wildcard address :: and the colon before the port. netstat spells a socket that takes IPv4 too and one for IPv6 only alike.`,
  'netstat-bsd-line': ([one = '']) =>
    `The port is what follows the last dot: ${one}. A star before it is the wildcard address, a star in its place no port.`,
  'netstat-bsd-family': () =>
    'A 6 at the end of Proto is IPv6. Where a system writes 46, the socket takes both versions.',
  'netstat-windows-line': () =>
    'A line is a socket, and the last column with -o is the id of its process. tasklist names its program, and netstat -b as administrator does so at once.',
  'netstat-windows-udp': () => 'UDP lines have *:* for the other end and no state: UDP has neither.',
  'fstat-line': () =>
    'A line is a descriptor of a process: user, command, process id, descriptor, IP version (internet or internet6), type, protocol and address. The hexadecimal number is where the kernel keeps the socket, so lines that share it are one socket.',
  'fstat-arrow': () =>
    'An arrow stands between the ends of a connection. With --> it was dialled from here, with <-- it was accepted here, and <-> does not say.',
  'sockstat-line': () =>
    'A line is a descriptor of a process: user, command, process id, descriptor, protocol with the version of IP (tcp4, udp6, tcp46 for both), this end and the other end. A star before the colon is the wildcard address, *:* for the other end means that there is none.',
  'proc-line': ([one = '']) =>
    `Addresses and ports are hexadecimal, and on most machines the bytes of an IPv4 address stand in reverse: ${one}.`,
  'proc-state': () =>
    'The column st is the state: 0A is LISTEN, 01 a connection, and 07 a UDP socket without a peer. uid is the owner of the socket, and no process is named.',
  'nmap-open': (all) =>
    `open${such(all)}: somebody has the port. Over TCP the connection came about, which the kernel does for its listener; over UDP an answer came.`,
  'nmap-closed': (all) =>
    `closed${such(all)}: refused, with a reset over TCP or an ICMP error over UDP. Nobody takes what is sent to the port at the address that was asked, or a packet filter answers as if it were so.`,
  'nmap-filtered': (all) =>
    `filtered${such(all)}: no answer, or an error that speaks of the network and not of the port. A closed port would have refused, so a packet filter is likely.`,
  'nmap-open-or-filtered': (all) =>
    `open|filtered${such(all)}: silence, which a scan cannot read. A program need not answer what it does not understand, and a packet filter is silent as well.`,
  'nmap-unfiltered': (all) =>
    `unfiltered${such(all)}: the probe came through, and this kind of scan does not tell whether the port is open.`,
  'nmap-service': ([one = '']) =>
    `SERVICE is the name that the scanner's own list has for the number, as in ${one}. No program was asked, so another one may be there.`,
  'nmap-not-shown': (all) => `Ports of which there are many in one state are only counted: ${asJoined(all)}.`,
  'nmap-one-address': (all) =>
    `Asked ${all.length > 1 ? 'were' : 'was'} ${asJoined(all)}. What is bound to another address of the machine (such as 127.0.1.1), to another of its network devices, or to the other version of IP alone, looks closed from here.`,
}

function such(examples: readonly string[]): string {
  return examples.length === 0 ? '' : ` (${examples.join(', ')})`
}
