/** What was found of a handed-in program, for its author: what was seen, and what is behind it. */

import type { Finding, FindingKind } from '../domain/role.ts'

type Facts = Finding['facts']
type Words = { seen: (role: string, facts: Facts) => string; why: string }

/** The last line that a program printed is its author's: it is quoted, and nothing more. */
function quoted({ said }: Facts): string {
  return said === undefined || said === '' ? '' : ` The last line that came of it: ${JSON.stringify(said)}.`
}

function seconds(ms: string | number | undefined): string {
  return `${Math.round(Number(ms) / 100) / 10} s`
}

const WORDS: Readonly<Record<FindingKind, Words>> = {
  'cannot-be-started': {
    seen: (role, facts) => `${role} could not be started.${quoted(facts)}`,
    why: 'The command in submission.json names no program that is there and may be run. Its working folder is the one that was handed in.',
  },
  'does-not-build': {
    seen: (role, { how }) => `${role} could not be built: ${how}.`,
    why: 'The build command in submission.json has to end with exit code 0.',
  },
  'does-not-listen': {
    seen: (role, { told, waitedMs }) =>
      `${role} ran, and after ${seconds(waitedMs)} it had no row in the listing on port ${told}, nor on another one.`,
    why: 'A TCP socket has a row in the listing once listen(2) was called for it: one that is only bound has none. A UDP socket has a row as soon as it is bound.',
  },
  'listens-elsewhere': {
    seen: (role, { told, found }) => `${role} was told port ${told}, and its socket is on ${found}.`,
    why: 'The port is the first argument of the program, and stands in the variable PORT. It is another one each time.',
  },
  'another-address': {
    seen: (role, { told, found }) => `${role} was told the address ${told}, and its socket has ${found}.`,
    why: 'The address stands in the variable HOST. It decides who can reach the socket.',
  },
  'another-protocol': {
    seen: (role, { told, found }) => `${role} was to have a ${told} socket, and has one on ${found}.`,
    why: 'TCP and UDP have ports of their own, and the type of a socket says which it is: SOCK_STREAM or SOCK_DGRAM.',
  },
  'ipv4-only': {
    seen: (role, { found }) => `${role} was to have ::, and its socket has ${found}: it is an IPv4 socket.`,
    why: 'A socket for :: has to be made for IPv6 (AF_INET6). One that was made for IPv4 is never reached over ::1.',
  },
  'loopback-only': {
    seen: (role, { told, found }) => `${role} was to have ${told}, every address, and its socket has ${found} alone.`,
    why: 'A socket on a loopback address takes only what is sent to this very address. One on the wildcard address takes what is sent to any.',
  },
  'takes-ipv4-too': {
    seen: (role) => `${role} was to serve IPv6 only, and its socket on :: takes IPv4 as well.`,
    why: 'The option IPV6_V6ONLY has to be 1, and has to be set before bind(2).',
  },
  'ipv6-only': {
    seen: (role) => `The socket of ${role} on :: takes IPv6 only, and it was to serve IPv4 as well.`,
    why: 'Its option IPV6_V6ONLY is 1. Where that is 0, a socket on :: gets the clients of both.',
  },
  'address-in-use': {
    seen: (role) => `A second ${role} got no socket while the first one held the port.`,
    why: 'Both have to set SO_REUSEPORT before bind(2). The socket of the first one does not have the option.',
  },
  'option-after-bind': {
    seen: (role) =>
      `A second ${role} got no socket while the first one held the port, though the first one has SO_REUSEPORT.`,
    why: 'The second one asked for the port before it had set the option. bind(2) looks whether the socket that it binds has SO_REUSEPORT; afterwards it is too late.',
  },
  'shares-its-port': {
    seen: (role, { told }) => `${role} got port ${told} beside another program that has it, with SO_REUSEPORT.`,
    why: 'The option says that others may listen on the same address and port, and get a part of the clients. This role was not to set it.',
  },
  'address-in-time-wait': {
    seen: (role, { told }) =>
      `${role} was started again and ended without a socket. On port ${told} a connection of before was left in TIME-WAIT.`,
    why: 'bind(2) refuses an address on which connections are left, with EADDRINUSE, unless SO_REUSEADDR was set before it is called, this time and the time before.',
  },
  'ended-early': {
    seen: (role, facts) => `${role} ended (${facts['how']}) before it had served a client.${quoted(facts)}`,
    why: 'A process has its sockets until it ends. A server has to wait in accept(2) or recvfrom(2) for its client.',
  },
  crashed: {
    seen: (role, facts) => `${role} went wrong before its end: it ended with ${facts['how']}.${quoted(facts)}`,
    why: 'A program that has done its part ends with exit code 0. A signal such as SIGSEGV, or another exit code, says that something went wrong in it; what it wrote last to its standard error often says what.',
  },
  'only-prints': {
    seen: (role, facts) => `${role} printed something and has no row in the listing, on any port.${quoted(facts)}`,
    why: 'What a program prints opens no socket. What counts is the row in the listing. For TCP it takes bind(2) and listen(2), for UDP bind(2).',
  },
  'never-accepts': {
    seen: (role, { waitedMs }) =>
      `A client was connected, and ${role} did not accept it within ${seconds(waitedMs)}: it stayed in the queue of the listener.`,
    why: 'The kernel completes the handshake by itself and keeps the connection until accept(2) is called. The client takes itself for served, and waits.',
  },
  'resets-the-client': {
    seen: (role) => `A client was connected to ${role}, and then reset.`,
    why: 'The kernel resets what waits in the queue of a listener when the listener is closed without accept(2). It also resets a connection that is closed with SO_LINGER 0, or before all of it was read.',
  },
  'waits-for-the-client': {
    seen: (role, { silentMs }) =>
      `${role} accepted its client and was silent for ${silentMs} ms. Then the client sent a line, and ${role} read it.`,
    why: 'It waits for the client to speak, and the client waits for it. In this protocol the client says nothing.',
  },
  'does-not-end': {
    seen: (role, { waitedMs }) => `${role} had done its part, and was still there ${seconds(waitedMs)} later.`,
    why: 'A server is to serve one client and end, and a client is to end with its connection. A listener that stays keeps its port.',
  },
  'leaves-a-child': {
    seen: (role, { count, command }) =>
      `${role} ended and left ${count === 1 ? 'a process' : `${count} processes`} behind: ${JSON.stringify(command)}.`,
    why: 'A child inherits the open sockets, unless they are closed on exec (FD_CLOEXEC). As long as one process has a socket open, its port is not free.',
  },
  'does-not-read': {
    seen: (role) => `A datagram reached the socket of ${role}, and it never read it.`,
    why: 'A datagram waits in the queue of its socket until recvfrom(2) is called.',
  },
  'does-not-answer': {
    seen: (role) => `${role} read the datagram, and sent nothing back.`,
    why: 'recvfrom(2) gives the address of the sender. An answer goes there with sendto(2).',
  },
  'does-not-connect': {
    seen: (role, facts) => {
      const { told, found, how } = facts
      const instead = found === undefined ? '' : ` It dialled ${found}.`
      const end = how === undefined ? '' : ` It ended (${how}).`
      return `${role} did not connect to port ${told}.${instead}${end}${quoted(facts)}`
    },
    why: 'The address of the server stands in HOST, its port in PORT and in the first argument.',
  },
  'chooses-its-port': {
    seen: (role, { found, range }) =>
      `${role} came from port ${found}, which it has bound: here the system gives ${range}.`,
    why: 'A client does not bind. connect(2) gives it a port from the ephemeral range, and one that clashes with no other connection.',
  },
  'closes-first': {
    seen: (role) => `${role} was connected, and closed its socket while the server had not yet closed its own.`,
    why: 'A client that has closed hears nothing more. It has to read until the server is done: then recv(2) returns 0.',
  },
  'too-much-output': {
    seen: (role) => `${role} printed more than a megabyte and was stopped.`,
    why: 'Output has a limit, so that one program cannot take the disk and the time of all.',
  },
  'too-much-memory': {
    seen: (role) => `${role} and its processes used more memory than they may, and were stopped.`,
    why: 'Memory has a limit, so that one program cannot take that of all.',
  },
  'too-much-time': {
    seen: (role) => `${role} used more time of the processor than it may, and was stopped.`,
    why: 'A server that waits in accept(2) needs next to none. One that asks again and again in a loop needs all there is.',
  },
  'too-many-processes': {
    seen: (role, { atOnce, started }) =>
      `${role} had more than ${atOnce} processes at once, or started more than ${started} in all, and was stopped.`,
    why: 'One process is enough here. A program that forks without end takes the machine from all others.',
  },
}

export function findingInWords({ kind, role, facts }: Finding): { seen: string; why: string } {
  const { seen, why } = WORDS[kind]
  return { seen: seen(role, facts), why }
}

/** The sentences of grading that are no finding. */
export const gradingWords = {
  roleQuestion: (role: string) => `Does ${role} do what it has to do, as seen from outside?`,
  roleExpected: 'It has the socket, or the connection, that its role asks for, does its part, and ends.',
  roleRight: (role: string, starts: number) =>
    `${role} was started ${starts === 1 ? 'once' : `${starts} times`}, and nothing was amiss.`,
  notHandedIn: (role: string) => `No program was handed in for ${role}.`,
  noSocket: (role: string) => `It rests on ${role}, which did not have the socket that it was to have each time.`,
  tookTooMuch: (role: string) => `It rests on ${role}, which took too much and was stopped.`,
  notAccepted: (role: string) =>
    `It rests on ${role}, which did not accept its client: that a client is connected is the work of the kernel alone.`,
  refusedByChance: (role: string) =>
    `It rests on ${role}, which got no socket where another one had the port, and got none where nobody had it either.`,
  restsOn: (question: string) => `It rests on another check, which was not passed: ${question}`,
  noPrediction: 'Nothing was predicted.',
  refused: (why: string) => `What was handed in could not be taken. ${why}`,
  notPerformed: 'The grader did not get to perform this act.',
  unlisted: (outcome: string) => `This machine showed something that is none of the answers: ${outcome}.`,
  noReference: 'What this machine does was not observed.',
  noExpectation: 'No source says what is right on this system.',
  unsteady: (passed: number, runs: number) => `It was right in ${passed} of ${runs} runs.`,
  unreadable: (problem: string) => `${problem}.`,
  otherwise: (outcome: string) => `What came of it: ${outcome}.`,
} as const
