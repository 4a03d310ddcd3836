import type { Listed, Narration, Ran, Said, Started } from '../../harness/lab.ts'
import { matched, sentAgain, unconfirmed } from './counters.ts'
import type lab from './lab.ts'
import { COUNT, numbersIn } from './lab.ts'

const packets = (number: number) => `${number === 0 ? 'no' : number} ${number === 1 ? 'packet' : 'packets'}`

/** What the filter has dropped, by its own counter. */
const lost = (counted: Ran, protocol: 'tcp' | 'udp') =>
  `The filter dropped ${packets(matched(counted, `${protocol} dport`) ?? 0)} over ${protocol.toUpperCase()}.`

/** Which numbers came, and which did not. */
const came = (said: Said, by: string) => {
  const numbers = numbersIn(said)
  const missing = Array.from({ length: COUNT }, (_, index) => index + 1).filter((one) => !numbers.includes(one))
  const rest = missing.length === 0 ? 'None is missing.' : `These are missing: ${missing.join(', ')}.`
  return `Over ${by} the collector got ${numbers.length} messages, in this order: ${numbers.join(', ')}. ${rest}`
}

const again = (before: Ran, after: Ran) =>
  `The kernel's counter of segments that were sent again went from ${sentAgain(before)} to ${sentAgain(after)}.`

const afterUdp = ({ value }: Said) => {
  const { messages, errors } = value as { messages: number; errors: number }
  return `The sender sent ${messages} datagrams and was told of ${errors === 0 ? 'no error' : `${errors} errors`}.`
}

const asked = (news: Said, counted: Ran) =>
  `Since the filter was there, the receiver had sent ${packets(matched(counted, 'tcp sport') ?? 0)}. ${news.value === 'sent again' ? 'By then the sender had sent again.' : 'By then the sender had been answered.'} ${lost(counted, 'tcp')}`

const kept = (waiting: Listed, confirmed: Listed, sender: Started) => {
  const bytes = (listed: Listed) => unconfirmed(listed, sender) ?? 'no'
  return `While the filter dropped all data, the send queue of the sender's socket had ${bytes(waiting)} bytes. After the answer it had ${bytes(confirmed)}.`
}

const udpOnce = (counted: Ran, overUdp: Said) =>
  `When the filter was gone and TCP had delivered, the collector had got ${numbersIn(overUdp).length} datagrams. ${lost(counted, 'udp')}`

const NUMBERED =
  'TCP numbers every byte. The kernel of the receiver puts what comes into the order of the numbers, and gives a program only what has no hole before it. It acknowledges: up to this byte I have all.'

const TIMER =
  'While something is not acknowledged, a timer of the sender runs. When it runs out, the sender sends again. If that stays unanswered too, it soon waits longer from one time to the next.'

export default {
  title: 'Lost packets',
  summary: 'A filter drops packets. What does TCP do about it, what does UDP, and who asks for what is missing?',
  acts: {
    everyFifth: {
      title: 'Every fifth packet is lost',
      intro: `A sender and a collector talk over 127.0.0.1, the loopback address, where hardly a packet is ever lost. So a packet filter, a list of rules in the kernel, drops some: over each protocol every fifth packet with data. The sender sends ${COUNT} numbered messages over TCP, and then ${COUNT} over UDP. The collector notes which numbers come.`,
      checks: {
        'tcp-delivers-everything-in-order': {
          question: 'Over TCP: what does the collector get?',
          outcomes: {
            whole: {
              choice: 'All messages, in their order.',
              seen: ({ overTcp, counted }) => `${came(overTcp, 'TCP')} ${lost(counted, 'tcp')}`,
              why: `${NUMBERED} A program that reads from a TCP socket notices at most that it has to wait. The document tuple says that TCP confirms what arrived. What is not confirmed is taken for lost.`,
            },
            holes: {
              choice: 'All but the lost ones.',
              seen: ({ overTcp, counted }) => `${came(overTcp, 'TCP')} ${lost(counted, 'tcp')}`,
              why: 'TCP never gives a program what comes after a hole. So these messages were not sent over one connection.',
              expectedBecause: 'The filter did drop packets, and nobody told the programs. But their kernels noticed.',
            },
            'out-of-order': {
              choice: 'All messages, the lost ones late.',
              seen: ({ overTcp, counted }) => `${came(overTcp, 'TCP')} ${lost(counted, 'tcp')}`,
              why: 'TCP never gives a program what comes after a hole. So these messages were not sent over one connection.',
              expectedBecause:
                'The packets did come late and out of order. The kernel of the receiver keeps those that are early until the hole is filled.',
            },
          },
        },
        'tcp-sends-segments-again': {
          question: 'Did the kernel send some TCP segments more than once?',
          outcomes: {
            again: {
              choice: 'Yes.',
              seen: ({ before, after, counted }) => `${again(before, after)} ${lost(counted, 'tcp')}`,
              why: 'A segment is what TCP puts into one packet. What the filter has dropped is gone. But the kernel of the sender has a copy in the send queue of the socket, and sends that.',
            },
            once: {
              choice: 'No, each of them once.',
              seen: ({ before, after, counted }) => `${again(before, after)} ${lost(counted, 'tcp')}`,
              why: 'Nobody sent again what the filter dropped.',
              expectedBecause:
                'The program wrote each message once. But it is the kernel that makes segments of them, and sends them as often as it takes.',
            },
          },
        },
        'udp-delivers-everything': {
          question: 'Over UDP: what does the collector get?',
          outcomes: {
            whole: {
              choice: 'All messages.',
              seen: ({ overUdp, counted }) => `${came(overUdp, 'UDP')} ${lost(counted, 'udp')}`,
              why: 'Somebody sent the lost datagrams again. It was not UDP.',
              expectedBecause: 'Over loopback datagrams hardly ever get lost. But UDP does not promise that.',
            },
            holes: {
              choice: 'All but the lost ones.',
              seen: ({ overUdp, counted }) => `${came(overUdp, 'UDP')} ${lost(counted, 'udp')}`,
              why: 'UDP numbers nothing, so its receiver cannot know that something is missing. It acknowledges nothing, so its sender cannot know either. The collector sees the holes only because the messages themselves have numbers.',
            },
          },
        },
        'udp-sender-is-told-of-the-loss': {
          question: 'Some datagrams were dropped. Did the sending program get an error for them?',
          outcomes: {
            'not-told': {
              choice: 'No: all were sent without an error.',
              seen: ({ sentOverUdp, counted }) => `${afterUdp(sentOverUdp)} ${lost(counted, 'udp')}`,
              why: 'send(2) hands a datagram to the kernel and is done. Success means that it was taken, not that it arrived. In the words of the document tuple, UDP sends and forgets.',
            },
            told: {
              choice: 'Yes, one for each that was lost.',
              seen: ({ sentOverUdp, counted }) => `${afterUdp(sentOverUdp)} ${lost(counted, 'udp')}`,
              why: 'The filter did not just drop the datagrams: the kernel of the sender was told.',
              expectedBecause:
                'The filter is in the same kernel, so the kernel could tell. But this filter stands where packets come in, and for the sender a datagram is sent when it has gone out.',
            },
          },
        },
      },
    },

    oneMessage: {
      title: 'One message, and everything is lost',
      intro:
        'The same two programs, already connected. Now the filter drops every packet with data that is on its way to the collector. It also counts all packets that come back over TCP. The sender sends one datagram, and one message over TCP. We wait until its kernel has sent a TCP segment again, and look at the counters and at the table of sockets. Then the rules are removed.',
      checks: {
        'receiver-asks-before-the-sender-sends-again': {
          question:
            'The message was lost, and then it was sent again. What had the receiver sent by then, to ask for it?',
          outcomes: {
            asks: {
              choice: 'A packet that asks for the message.',
              seen: ({ news, counted }) => asked(news, counted),
              why: 'A packet came from the receiver, though no message had arrived there.',
              expectedBecause:
                'The document harbour says so: what got lost is sent again because the receiver asks for it. But how can it ask for something of which it knows nothing?',
            },
            'says-nothing': {
              choice: 'Nothing.',
              seen: ({ news, counted }) => asked(news, counted),
              why: `${TIMER} Nobody has to ask. The document harbour says that the receiver asks for what got lost. But a receiver that got no packet knows of nothing that it could ask for. When later packets do arrive, it acknowledges again what it had before, and may list what it has beyond the hole. By that the sender is quicker to send again. Still the receiver says only what came. What did not come is for the sender to conclude.`,
            },
          },
        },
        'tcp-sender-keeps-what-nobody-has-confirmed': {
          question:
            'The write to the TCP socket succeeded at once. How long does the kernel of the sender keep the message?',
          outcomes: {
            'until-confirmed': {
              choice: 'Until the receiver has acknowledged it.',
              seen: ({ waiting, confirmed, sender }) => kept(waiting, confirmed, sender),
              why: 'For a connection the send queue in the table counts the bytes that were written and are not yet acknowledged. To send again the kernel needs a copy, and it keeps one for exactly as long as it may be needed. The document tuple says that TCP confirms that data arrived. It is the kernel of the sender to which this is confirmed. The program is told nothing, and needs an answer of the other program to know.',
            },
            'not-at-all': {
              choice: 'Not at all: it was sent.',
              seen: ({ waiting, confirmed, sender }) => kept(waiting, confirmed, sender),
              why: 'The message had been acknowledged already when the table was read.',
              expectedBecause:
                'The write has succeeded, so the message seems to be sent and done with. UDP works like that.',
            },
            'for-ever': {
              choice: 'Until the connection is closed.',
              seen: ({ waiting, confirmed, sender }) => kept(waiting, confirmed, sender),
              why: 'No acknowledgement had come, though the collector had the message.',
            },
          },
        },
        'udp-sends-a-lost-datagram-again': {
          question: 'And the lost datagram: does it arrive when the filter is gone?',
          outcomes: {
            never: {
              choice: 'No, it never does.',
              seen: ({ counted, overUdp }) => udpOnce(counted, overUdp),
              why: 'UDP keeps no copy and starts no timer. The datagram went out once and is gone. A program that needs it has to notice that by itself and send it again, as DNS clients do.',
            },
            again: {
              choice: 'Yes, a little later.',
              seen: ({ counted, overUdp }) => udpOnce(counted, overUdp),
              why: 'The datagram was sent more than once.',
              expectedBecause: 'The TCP message arrived in the end. But that was because TCP had kept a copy.',
            },
          },
        },
      },
    },
  },
  remember: [
    'TCP delivers every byte once and in order, or ends the connection. UDP leaves holes and tells nobody.',
    'The sender sends again because no acknowledgement came. The receiver need not ask.',
    'A write or a send that succeeds says that the kernel took the data, not that it arrived.',
  ],
} satisfies Narration<typeof lab>
