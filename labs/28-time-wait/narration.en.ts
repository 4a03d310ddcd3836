import { formatEndpoint } from '../../harness/lab.ts'
import type { Listed, Narration, Started } from '../../harness/lab.ts'
import { left, secondsLeft } from './lab.ts'
import type lab from './lab.ts'

const listens = ({ program, pid, local }: Started) =>
  `${program} (process ${pid}) listens on ${local ? formatEndpoint(local) : 'its address'}.`

const refused = ({ program, pid, outcome, error }: Started) =>
  `${program} (process ${pid}) was refused: ${outcome}${error?.errno ? `, errno ${Math.abs(error.errno)}` : ''}.`

const rows = (listed: Listed) =>
  left(listed).map(({ local, peer }) => `${formatEndpoint(local)} towards ${peer ? formatEndpoint(peer) : 'nobody'}`)

/** What the tables still have of the connection, seen from either port. */
const remains = (atServer: Listed, atClient: Listed) => {
  const found = [...rows(atServer), ...rows(atClient)]
  return found.length === 0
    ? 'Neither end of the connection is in the tables any more.'
    : `In TIME-WAIT there is ${found.join(', and ')}.`
}

const holders = (listed: Listed) => {
  const pids = left(listed).flatMap((row) => row.holders.map(({ pid }) => pid))
  return `${remains(listed, { ...listed, rows: [], others: [] })} ${pids.length === 0 ? 'The row names no process.' : `It belongs to process ${pids.join(' and ')}.`}`
}

const lasts = (listed: Listed) => {
  const seconds = secondsLeft(listed)
  return seconds === null
    ? 'No row of the table had such a timer.'
    : `The timer of the row said that it would be there for another ${seconds.toFixed(2)} seconds.`
}

const CLOSES =
  'To close a connection each side sends a FIN, the packet that says: nothing more comes from me. Each side acknowledges the FIN of the other.'

const WHY_WAIT =
  'The side that sent its FIN first cannot know whether its last acknowledgement arrived. If it was lost, the other side sends its FIN again, and somebody must be there to answer. So the kernel keeps the connection for a while. In that time packets of it that come late are not taken for those of a new connection. That state is called TIME-WAIT.'

const NOT_LEFT = 'But if both ends were gone at once, nobody could answer a FIN that is sent again.'

const BOTH =
  'Linux lets a socket bind to a port with connections in TIME-WAIT only if the socket has the option SO_REUSEADDR or SO_REUSEPORT, and the sockets that left those connections had the same one.'

export default {
  title: 'TIME-WAIT: what is left of a connection',
  summary: 'Which side of a connection is left in TIME-WAIT, for how long, and who may not listen meanwhile?',
  acts: {
    serverFirst: {
      title: 'The server closes first',
      intro:
        'First the network of this act is told to keep TIME-WAIT also when a reset comes late: RFC 1337 says why that matters, and on a busy machine such resets do come. Then a server greets its client and closes. The client reads that, and closes after it. We look for the two ends of the connection in the tables of the kernel. The server is ended, and others want its port: a server in Node, and a server in plain Python, written like those of the document cafe.',
      checks: {
        'side-that-closes-first-is-left-in-time-wait': {
          question: 'The server closes first, the client second. Which end of the connection is still in the tables?',
          outcomes: {
            server: {
              choice: "The server's end.",
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: `${CLOSES} ${WHY_WAIT}`,
            },
            client: {
              choice: "The client's end.",
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: `${CLOSES} ${WHY_WAIT} Here that was the client.`,
              expectedBecause:
                'Many texts show TIME-WAIT at the client, because clients often close first. It is not a matter of client or server, but of who closes first.',
            },
            both: {
              choice: 'Both ends.',
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: 'Both sides sent a FIN before they had seen the other one. Then both have to wait.',
            },
            none: {
              choice: 'Neither.',
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: 'There was no connection, or this system keeps none in TIME-WAIT.',
              expectedBecause: `Both sides have closed, so all seems to be over. ${NOT_LEFT}`,
            },
          },
        },
        'connection-in-time-wait-belongs-to-a-process': {
          question: 'To which process does a connection in TIME-WAIT belong?',
          outcomes: {
            nobody: {
              choice: 'To none.',
              seen: ({ atServer }) => holders(atServer),
              why: 'The program has closed its descriptor, the number by which it knew the socket. What is left belongs to the kernel alone. So it also outlives the program, and no listing names a process for it.',
            },
            somebody: {
              choice: 'To the program that closed it.',
              seen: ({ atServer }) => holders(atServer),
              why: 'A process still had a descriptor for this socket.',
              expectedBecause:
                'The row of the listener has a process, so this one should have one too. But its program has closed it.',
            },
          },
        },
        'time-wait-ends-within-a-minute': {
          question: 'How long does the kernel keep it?',
          outcomes: {
            'within-a-minute': {
              choice: 'A minute at most.',
              seen: ({ atServer }) => lasts(atServer),
              why: "Linux keeps TIME-WAIT for 60 seconds. The number is built into the kernel: no setting changes it. The kernel's table shows what is left of it: the second number of the column tr tm->when, in hundredths of a second, written in base 16. So nobody has to wait to know.",
            },
            later: {
              choice: 'Longer than a minute.',
              seen: ({ atServer }) => lasts(atServer),
              why: 'The standard, RFC 9293, says twice the longest time that a packet may live. It takes two minutes for that, which makes four.',
              expectedBecause: 'The standard, RFC 9293, comes to four minutes. Linux waits one.',
            },
          },
        },
        'node-listens-again-while-time-wait-lasts': {
          question:
            'The server has ended, and its connection is in TIME-WAIT. Can a new Node server listen on the port?',
          outcomes: {
            listening: {
              choice: 'Yes, at once.',
              seen: ({ again }) => listens(again),
              why: `${BOTH} libuv, the library below Node, sets SO_REUSEADDR on every TCP socket that it binds. So the old server had it, and the new one has it.`,
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE.',
              seen: ({ again }) => refused(again),
              why: `${BOTH} Either one of the two lacked it, or somebody still listened.`,
              expectedBecause:
                'Many people have met EADDRINUSE after a restart and blame TIME-WAIT. With Node it is nearly always the old server, which still runs.',
            },
          },
        },
        'plain-python-server-listens-while-time-wait-lasts': {
          question: 'And a Python server that sets no option? Can it listen there now?',
          outcomes: {
            listening: {
              choice: 'Yes, at once.',
              seen: ({ plain }) => (plain ? listens(plain) : 'There was no such server.'),
              why: `${BOTH} So this server had it.`,
              expectedBecause:
                'Nobody listens, so the port seems to be free. A connection that ended a second ago still has it.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE.',
              seen: ({ plain }) => (plain ? refused(plain) : 'There was no such server.'),
              why: `${BOTH} This server has not asked for it. The servers of the document cafe do not ask either, and they close first. So a minute has to pass between one of its experiments and the next on the same port. The document does not say so.`,
            },
          },
        },
      },
    },

    clientFirst: {
      title: 'The client closes first',
      intro:
        'The same again, but now the client closes first. The server is another program: it says nothing and waits. Then it is ended, and the plain Python server wants its port.',
      checks: {
        'client-that-closes-first-is-left-in-time-wait': {
          question: 'Which end of the connection is in the tables now?',
          outcomes: {
            server: {
              choice: "The server's end.",
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: `${WHY_WAIT} Here that was the server.`,
              expectedBecause: 'In the act before it was so. But there the server closed first.',
            },
            client: {
              choice: "The client's end.",
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: `${CLOSES} The first FIN came from the client, so the client's end stays.`,
            },
            both: {
              choice: 'Both ends.',
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: 'Both sides sent a FIN before they had seen the other one. Then both have to wait.',
            },
            none: {
              choice: 'Neither.',
              seen: ({ atServer, atClient }) => remains(atServer, atClient),
              why: 'There was no connection, or this system keeps none in TIME-WAIT.',
            },
          },
        },
        'plain-python-server-listens-after-the-client-closed-first': {
          question: 'Can the plain Python server listen at once now?',
          outcomes: {
            listening: {
              choice: 'Yes, at once.',
              seen: ({ plain }) => listens(plain),
              why: "What is left has the client's port as its own, and the server's port only as that of its peer. So nothing at all has the server's port. A protocol in which the client closes first spares its servers TIME-WAIT.",
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE.',
              seen: ({ plain }) => refused(plain),
              why: "Something still had the server's port: a listener that lives on, or a connection that the server's side closed first.",
              expectedBecause: 'There was a connection again, and it is in TIME-WAIT again. But on the other side.',
            },
          },
        },
      },
    },
  },
  remember: [
    'The side that closes first is left in TIME-WAIT. It has no process.',
    'On Linux it lasts 60 seconds. The kernel shows how much of that is left.',
    'SO_REUSEADDR on the old and on the new socket makes it harmless for a server. Node always sets it. In Python socket.socket() and bind() alone do not.',
  ],
} satisfies Narration<typeof lab>
