/** Reading the ports of a machine in English: what the rows of a listing mean, whatever printed them. */

import type { Topic } from '../domain/ports-view.ts'
import { asJoined } from './phrases.en.ts'
import type { FormTopic } from './ports-forms.en.ts'
import { formTopics } from './ports-forms.en.ts'

/** At most two sentences each, made of the examples that the listing has for it. */
const rowTopics: Readonly<Record<Exclude<Topic, FormTopic>, (examples: readonly string[]) => string>> = {
  'udp-has-no-listen': () =>
    'UDP has no LISTEN: there are no connections to accept, and a UDP socket takes datagrams as soon as it is bound. So a UDP line without a peer is an open port.',
  wildcard: (all) =>
    `${asJoined(all)}: the wildcard address, which stands for every address of this machine. Addresses that it gets later count as well.`,
  loopback: (all) =>
    `${asJoined(all)}: ${all.length > 1 ? 'loopback addresses' : 'a loopback address'}, reached from this machine only.`,
  'one-address': (all) =>
    `${asJoined(all)}: ${all.length > 1 ? 'single addresses' : 'a single address'} of this machine. Who dials another address of it, 127.0.0.1 too, does not reach that socket.`,
  device: (all) =>
    `${asJoined(all)}: bound to one network device. What comes in over another one, loopback too, does not reach the socket, so a scan of 127.0.0.1 finds it closed.`,
  'loopback-device': (all) =>
    `${asJoined(all)}: bound to the loopback device. What other machines send does not come in there.`,
  'link-local': (all) => `${asJoined(all)}: valid on one link. Only neighbours on the same network can dial it.`,
  multicast: (all) =>
    `${asJoined(all)}: a group of machines (multicast). The socket takes what is sent to the group, and nothing else.`,
  'dual-stack': (all) =>
    `${asJoined(all)}: a dual-stack socket, which is an IPv6 socket and takes IPv4 too. It sees a client over IPv4 with an IPv4-mapped address, such as ::ffff:192.0.2.1.`,
  'ipv6-only': (all) =>
    `${asJoined(all)}: for IPv6 only. Over IPv4 the number is closed, unless another socket has it there.`,
  'several-processes': (all) =>
    `${asJoined(all)}: one socket that several processes have open, as with a server that starts its workers beforehand. A client is served by one of them.`,
  'several-sockets': (all) =>
    `${asJoined(all)}: several sockets share an address and port, as a rule by SO_REUSEPORT. Over TCP the kernel gives each connection to one of them.`,
  'tcp-and-udp': (all) =>
    `${asJoined(all)}: one program has the same number over both protocols. TCP and UDP count their ports apart, so nothing is in its way.`,
  'specific-beside-wildcard': (all) =>
    `${asJoined(all)}: the wildcard address, and single addresses beside it. What is sent to one of these goes to the socket that is bound to it.`,
  connection: () =>
    'A line with a peer is one end of a connection and no open port. Where this end has the number of a service, somebody uses the service; else a program of this machine is the client.',
  closing: (states) => {
    const whose = [
      ...(states.includes('TIME-WAIT') ? ['in TIME-WAIT no process has it any more'] : []),
      ...(states.includes('CLOSE-WAIT') ? ['in CLOSE-WAIT the peer has closed, and the program here has not yet'] : []),
    ]
    const last = whose.length === 0 ? '' : `, and ${whose.join('; ')}`
    return `${asJoined(states)}: the connection is being closed, or is closed already${last}.`
  },
  'perhaps-client': (all) =>
    `${asJoined(all)}: a port out of the range that the system gives to clients, so perhaps a short-lived client and no service. No listing tells a client's UDP socket from a server's; list again and see whether it is gone.`,
  'client-of-a-server': (all) =>
    `${asJoined(all)}: the program serves another port as well. This may be the socket with which it asks other machines.`,
  'not-listening': (all) =>
    `${asJoined(all)}: a TCP socket that has a port and does not listen. A client is refused there.`,
  'no-port': () =>
    'Port 0, which some tools print as a star, is no port: the socket has none yet, and nothing can be sent to it.',
  'names-for-addresses': (all) =>
    `${asJoined(all)}: a name in place of an address. Whether that is a loopback address, a name does not tell; list again with -n.`,
}

export function topicInWords(topic: Topic, examples: readonly string[]): string {
  return { ...formTopics, ...rowTopics }[topic](examples)
}

/** Whether it tells how the lines of this form are read; the others are about what they mean. */
export function isOfForm(topic: Topic): boolean {
  return Object.hasOwn(formTopics, topic)
}
