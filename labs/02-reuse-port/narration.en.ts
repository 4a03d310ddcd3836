import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'

const inUse = ({ program, pid, error }: Started) => `${program} (process ${pid}) was refused: ${error?.message}.`

const listens = ({ program, pid, local }: Started) =>
  `${program} (process ${pid}) listens on ${local ? formatEndpoint(local) : 'its address'}.`

/** What became of a client, after its name: `was served by server3 (process 12)`. */
const client = ({ outcome, servedBy }: Connected) => {
  if (servedBy) return `was served by ${servedBy.program} (process ${servedBy.pid})`
  if (outcome === 'connected') return 'was connected, though no program has accepted it'
  return outcome === 'timed-out' ? 'got no answer' : `was refused: ${outcome}`
}

/** Who holds the open sockets of a listing: `server3 (process 12), server3 (process 13)`. */
const holders = (listed: Listed) =>
  openRows(listed)
    .flatMap((row) => row.holders)
    .map(({ command, pid }) => `${command ?? 'a program'} (process ${pid})`)
    .join(' and ')

const RESET =
  'No socket listened on this address and port any more. So the kernel itself answered. To the SYN, the packet that asks for a connection, it sent a reset, the packet that says no. Then connect(2) came back with ECONNREFUSED.'

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter, or a listener is there whose queue of waiting connections is full: Linux then answers nothing. A client of a port on which nobody listens would have been refused.'

export default {
  title: 'Several listeners on one address and port',
  summary: 'Can two processes listen on the same TCP address and port, and who then gets the clients?',
  acts: {
    withoutOption: {
      title: 'server1 twice',
      intro:
        'server1 listens on 127.0.0.1. A second server1 wants the very same address and port. When the first one has ended, server3 is started there. It asks for the socket option SO_REUSEPORT, which Node calls reusePort. Not every system lets Node have it.',
      checks: {
        'second-listener-starts-without-reuseport': {
          question: 'server1 listens. Can a second server1 listen on the same address and port?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ second }) => listens(second),
              why: 'Either both sockets had SO_REUSEPORT, or the second one took another port than it was told.',
              expectedBecause:
                'A server can talk to many clients at once, so a port looks like a thing that can be shared. But clients share one listener. Without an option, a second listener is refused.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ second }) => inUse(second),
              why: 'A client that dials 127.0.0.1 names an address and a port, and nothing else. With two listeners the kernel would have to choose one. Unless both have agreed to that, it refuses the second.',
            },
          },
        },
        'system-lets-node-set-reuseport': {
          question: 'server3 is alone and asks for SO_REUSEPORT. Does it get to listen?',
          outcomes: {
            listening: {
              choice: 'Yes, it listens.',
              seen: ({ withOption }) => listens(withOption),
              why: 'Node sets the option where the kernel spreads clients over all listeners that have it. Linux has done so since version 3.9. On FreeBSD the option that does it is called SO_REUSEPORT_LB, and Node takes that one.',
            },
            ENOTSUP: {
              choice: 'No: ENOTSUP, not supported.',
              seen: ({ withOption }) => inUse(withOption),
              why: 'libuv, the library through which Node reaches the system, refuses the option here. No system call was refused. Some of these systems do have an option called SO_REUSEPORT, but it does not spread clients over the listeners.',
              expectedBecause:
                'The option is not known to every system. But Linux has had it since version 3.9, and FreeBSD has had an equivalent since version 12.',
            },
          },
        },
      },
    },

    onlyOne: {
      title: 'SO_REUSEPORT on one of the two',
      intro:
        'server1 has no SO_REUSEPORT, server3 has it. First server1 is there and server3 comes. Then server3 is there and server1 comes.',
      checks: {
        'listeners-share-when-only-one-has-reuseport': {
          question: 'Only one of the two listeners has SO_REUSEPORT. Can they share the port?',
          outcomes: {
            listening: {
              choice: 'Yes, whichever comes first.',
              seen: ({ server3Second, server1Second }) => `${listens(server3Second)} ${listens(server1Second)}`,
              why: 'Both sockets had the option, whatever the programs asked for, or this system has another rule than Linux.',
              expectedBecause:
                'One program says that it is willing to share, and that looks like enough. But then a program could push itself next to any server that runs.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE in both orders.',
              seen: ({ server3Second, server1Second }) => `${inUse(server3Second)} ${inUse(server1Second)}`,
              why: 'Both sockets must have the option. The man page asks for it before bind. So on Linux nobody can squeeze in next to a server that did not ask for it.',
            },
            'one-order-only': {
              choice: 'It depends on which one comes first.',
              seen: ({ server3Second, server1Second }) =>
                `server3 after server1: ${server3Second.outcome}. server1 after server3: ${server1Second.outcome}.`,
              why: 'Here only one of the two sockets was asked for its consent.',
              expectedBecause:
                'It seems that the first one decides, or the last one. On Linux the kernel compares both sockets, and the order does not matter.',
            },
          },
        },
      },
    },

    both: {
      title: 'server3 twice',
      intro:
        'Two processes run server3, each with a socket of its own, and both sockets have SO_REUSEPORT. Each server3 serves one client and ends. Clients come one after the other.',
      checks: {
        'second-listener-starts-with-reuseport-on-both': {
          question: 'server3 listens. Can a second server3 listen on the same address and port?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ secondStart }) => `${listens(secondStart)} The first server3 listens there too.`,
              why: 'Both sockets have SO_REUSEPORT, and both belong to the same user. The kernel makes a group of them. The document harbour says that several processes never use one port. Here two do, so that is wrong. The document tuple says that no two sockets agree in all four of these: their own address and port, and those of their peer. These two do agree: the same local address and port, and no peer. Of connected TCP sockets it may be true: these are not tested here.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ secondStart }) => inUse(secondStart),
              why: 'At least one of the two sockets did not have the option, or another program was in the way.',
              expectedBecause:
                'A port is often explained as belonging to one process. By default that is how it works. SO_REUSEPORT is the way around it.',
            },
          },
        },
        'listing-shows-each-member-of-a-reuseport-group': {
          question: 'Suppose both run. What does the listing show?',
          outcomes: {
            'two-rows': {
              choice: 'Two rows with the same address and port.',
              seen: ({ listed }) => `In ${listingName(listed)} there are two rows, held by ${holders(listed)}.`,
              why: "These are two sockets, not one that two processes share. Each has a number of its own: lsof on Linux prints it under DEVICE, and the kernel's tables under inode. In everything else the two are alike: the same local address and port, and no peer.",
            },
            'one-row': {
              choice: 'One row, held by one process.',
              seen: ({ listed }) => `In ${listingName(listed)} there is one row, held by ${holders(listed)}.`,
              why: 'Only one socket listens: the other program was refused.',
              expectedBecause:
                'If the kernel had one entry for each address and port, there could be only one row. But it keeps a list of sockets, and two of them may have the same address and port.',
            },
            'one-shared-row': {
              choice: 'One socket, held by two processes.',
              seen: ({ listed }) => `In ${listingName(listed)} there is one socket, held by ${holders(listed)}.`,
              why: 'Two processes have one and the same socket open. That is what it looks like when a child inherits the socket of its parent.',
              expectedBecause:
                'Two processes can indeed hold one socket, when a child inherits it. But these two were started apart, and each made a socket of its own.',
            },
          },
        },
        'second-client-ends-the-other-server': {
          question: 'The first client ends one server3. What happens to the second client?',
          outcomes: {
            'the-other': {
              choice: 'The other server3 serves it, and ends too.',
              seen: ({ first, second }) => `The first client ${client(first)}. The second client ${client(second)}.`,
              why: 'A server that ends closes its socket, and a closed socket leaves the group. So all clients now go to the one that is left. Which of the two was first is not fixed: the kernel computes it from the addresses and ports of the connection, and each client has another port.',
            },
            'the-same': {
              choice: 'The same server3 serves it as well.',
              seen: ({ first, second }) => `The first client ${client(first)}. The second client ${client(second)}.`,
              why: 'The first server still listened after its first client.',
              expectedBecause:
                'If one of the two were the real listener and the other one a spare, it would get all clients. But this server3 ends after one client, and no member of the group comes before the others.',
            },
            ECONNREFUSED: {
              choice: 'It is refused.',
              seen: ({ first, second }) => `The first client ${client(first)}. The second client ${client(second)}.`,
              why: 'No socket listened when this client came: the second server3 had been refused, or had ended.',
              expectedBecause:
                'When a server ends, its port is closed. But here the port has two listeners, and the other one lives on.',
            },
          },
        },
        'third-client-reaches-a-server-after-both-have-ended': {
          question: 'Three clients have come, one after the other. Is the third one connected?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ third }) => `The third client ${client(third)}.`,
              why: 'A socket was still listening: some process held it open.',
              expectedBecause:
                'It may seem that the port stays open once it was opened. But it is open only as long as a socket listens on it.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ third }) => `The third client ${client(third)}.`,
              why: RESET,
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: 'The third client heard nothing. It had to send its SYN, the packet that asks for a connection, once more.',
              why: NOTHING_ANSWERED,
              expectedBecause:
                'Nobody is there, so nobody seems to answer. But the kernel itself answers for a port on which no socket listens.',
            },
          },
        },
      },
    },

    manyClients: {
      title: 'Three listeners and 240 clients',
      intro:
        'Three processes listen on one address and port, with SO_REUSEPORT. These do not end after a client. Then 240 clients dial, one after the other, and each hears which process serves it.',
      checks: {
        'connections-reach-every-member-of-a-reuseport-group': {
          question: 'Which of the three listeners get clients?',
          outcomes: {
            'every-member': {
              choice: 'All three.',
              seen: ({ tally: { connections, servedBy } }) =>
                `Of ${connections} clients the three processes served ${servedBy.map((one) => one.connections).join(', ')}.`,
              why: 'For each new connection the kernel computes a number, a hash, from the addresses and ports of both ends. The number says which member of the group gets it. The ports of the clients differ, so the clients are spread. The shares are about equal, and hardly ever exactly equal, as with throws of a die.',
            },
            'some-members': {
              choice: 'Two of them.',
              seen: ({ members, tally: { connections, servedBy } }) =>
                `Of ${connections} clients ${servedBy.length} processes served all; ${members.length} were started.`,
              why: 'One of the three was not in the group.',
              expectedBecause:
                'One might think of a server in use, a second in reserve, and a third that never has a turn.',
            },
            'one-member': {
              choice: 'Only one of them.',
              seen: ({ tally: { connections, servedBy } }) =>
                `All ${connections} clients were served by process ${servedBy.map(({ pid }) => pid).join(', ')}.`,
              why: 'Only one of the three listens, or this system gives all clients to one of the listeners.',
              expectedBecause:
                'With no other rule, the first or the last one that came would take all. Some systems work like that with their own SO_REUSEPORT, and there Node does not offer the option.',
            },
          },
        },
      },
    },

    anotherUser: {
      title: 'Another user wants to join',
      intro:
        'server3 of this user listens. Then server3 is started as another user. Both sockets have SO_REUSEPORT; only the owners differ.',
      checks: {
        'another-user-joins-a-reuseport-group': {
          question: 'Can a server3 of another user join the server3 of this user?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ other }) => `As the other user, ${listens(other)}`,
              why: 'The address where it listens shows whether it joined. If it is the same one, this system does not look at the owner.',
              expectedBecause:
                'Both sockets have the option, and so far that was all that counted. But Linux also compares the users.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ other }) => `As the other user, ${inUse(other)}`,
              why: 'On Linux all sockets of a group must belong to one user: what counts is the user id under which the program runs. Otherwise any user of the machine could start a program next to a server of yours that has the option, and get a part of its clients.',
            },
          },
        },
      },
    },
  },
  remember: [
    'Without SO_REUSEPORT on both sockets, one TCP address and port has one listener.',
    'With it, on Linux, several processes of one user listen there, each with a socket of its own, and the kernel spreads the clients over them.',
    'Two listeners can be alike: the same local address and port, and no peer.',
    'Node offers reusePort on Linux, FreeBSD 12 and a few others (DragonFly BSD, Solaris, AIX). On macOS, Windows, NetBSD and OpenBSD it answers ENOTSUP. Node 20 ignores it without a word.',
  ],
} satisfies Narration<typeof lab>
