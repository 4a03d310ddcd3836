import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Connected, Listed, Narration, Started } from '../../harness/lab.ts'
import type lab from './lab.ts'
import { NOT_LOCAL } from './not-local.ts'

/** `server4 (process 12): EADDRINUSE, errno 98.` Node writes the number as a negative one. */
const refused = ({ program, pid, outcome, error }: Started) =>
  `${program} (process ${pid}) was refused: ${outcome}${error?.errno ? `, errno ${Math.abs(error.errno)}` : ''}.`

const listens = ({ program, pid, local }: Started) =>
  `${program} (process ${pid}) listens on ${local ? formatEndpoint(local) : 'its address'}.`

const isBound = ({ program, pid, local }: Started) =>
  `${program} (process ${pid}) is bound to ${local ? formatEndpoint(local) : 'its address'}.`

/** The fields of Node's error object. A port of -1 is Node's way to say that it does not know. */
const fields = ({ program, pid, error }: Started) => {
  if (!error) return `${program} met no error.`
  const { code, errno, syscall, address, port } = error
  const where = address === null ? 'no address and no port' : `address ${address}, port ${port}`
  return `The error of ${program} (process ${pid}): code ${code}, errno ${errno ?? 'absent'}, syscall ${syscall ?? 'absent'}, ${where}.`
}

const dialled = ({ to }: Connected) => `The client that dialled ${formatEndpoint(to)}`

/** `TCP 127.0.0.1:8080 with listener (process 12), and UDP …` */
const holders = (listed: Listed) =>
  openRows(listed)
    .map(({ protocol, local, holders: found }) => {
      const names = found.map(({ command, pid }) => `${command ?? 'a program'} (process ${pid})`)
      return `${protocol.toUpperCase()} ${formatEndpoint(local)} with ${names.join(' and ') || 'no process'}`
    })
    .join(', and ')

const FREE =
  'When a process ends, the kernel closes all its descriptors, the numbers by which a process knows its open files and sockets. How it came to its end does not matter. The address of a listener is free when the last descriptor of that socket is closed. If a child has inherited the socket, that is later.'

const STILL_HELD =
  'The socket still listens: another process has it open too, such as a child that inherited it. A socket is closed when its last holder closes it.'

const NOTHING_ANSWERED =
  'Nothing answered. Either something on the way dropped the packets, such as a packet filter, or a listener is there whose queue of waiting connections is full: Linux then answers nothing. A client of a port on which nobody listens would have been refused.'

export default {
  title: 'EADDRINUSE, and when the address is free again',
  summary: 'When does the system say that an address is in use, who uses it, and when is it free again?',
  acts: {
    sameAddress: {
      title: 'The same address twice',
      intro:
        'A listener takes TCP 127.0.0.1, and a receiver takes UDP 127.0.0.1 with the same port. Then each is started a second time, with the very same address. The listing says who has it.',
      checks: {
        'tcp-listener-starts-on-an-address-in-use': {
          question: 'A listener has this TCP address and port. Can a second one listen there?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ listener2 }) => listens(listener2),
              why: 'Either both sockets have SO_REUSEPORT, or the second one took another port than it was told.',
              expectedBecause:
                'One server can have many clients, so it seems that a port can have many servers. Without SO_REUSEPORT it has one listener.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ listener2 }) => refused(listener2),
              why: 'To the kernel the address of a socket is the IP address and the port together. A socket listens there already, and the two do not both have SO_REUSEPORT. EADDRINUSE is the name of the error. Behind it is errno, the number of the error: 98 on Linux.',
            },
          },
        },
        'udp-socket-is-bound-to-an-address-in-use': {
          question: 'A receiver has this UDP address and port. Can a second one have it too?',
          outcomes: {
            bound: {
              choice: 'Yes, both are bound.',
              seen: ({ receiver2 }) => isBound(receiver2),
              why: 'Either both sockets have an option that lets them share, or the second one took another port than it was told.',
              expectedBecause:
                'UDP has no connections and nobody listens, so there seems to be nothing to fight over. But a datagram must be given to one socket, and the kernel has to know which.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ receiver2 }) => refused(receiver2),
              why: 'A UDP socket receives from the moment it is bound. For a UDP socket Node sets no option that would let it share, unless the program asks, so bind alone keeps all others out. The listener beside it does not matter: TCP and UDP have separate sets of ports.',
            },
          },
        },
        'error-of-a-refused-listener-names-the-call-listen': {
          question: 'If a second listener is refused: which system call does its error name?',
          outcomes: {
            listen: {
              choice: 'listen.',
              seen: ({ listener2, receiver2 }) => `${fields(listener2)} ${fields(receiver2)}`,
              why: 'It does not mean that listen(2) was refused. server.listen makes three calls in one go: socket, bind, listen. Whichever of these three fails, Node writes listen into the error, and errno as a negative number. libuv, the library below, keeps an EADDRINUSE of bind(2) until it is told to listen, and answers it then. So here bind(2) was refused, and listen(2) was never called. (Before the three a host name is looked up. If that fails, the error names getaddrinfo.) A UDP socket never listens, so its error says bind.',
            },
            another: {
              choice: 'Another one, such as bind, which gives a socket its address.',
              seen: ({ listener2, receiver2 }) => `${fields(listener2)} ${fields(receiver2)}`,
              why: 'This is not the Node that this lab knows: when socket, bind or listen is refused, its server.listen writes listen.',
              expectedBecause:
                'The address is given by bind(2), and on Linux it is bind(2) that refuses it. But Node names the method that the program called, which is listen.',
            },
          },
        },
        'listing-names-the-process-that-has-the-address': {
          question: 'Which processes does the listing show for this port?',
          outcomes: {
            'the-holders': {
              choice: 'The first listener and the first receiver.',
              seen: ({ listed }) => `In ${listingName(listed)} there is ${holders(listed)}.`,
              why: 'The two that came first hold the sockets. Those that were refused have closed theirs and do not show up. This is how to find out who is in the way: ask for the port, and read the process id. The processes of another user are shown only to the superuser.',
            },
            others: {
              choice: 'The second ones, or all four.',
              seen: ({ listed }) => `In ${listingName(listed)} there is ${holders(listed)}.`,
              why: 'The sockets on this port do not belong to exactly the two programs that came first.',
              expectedBecause:
                'All four programs were given this port. But a program whose bind was refused has no socket there.',
            },
            nobody: {
              choice: 'None: a port has no process.',
              seen: ({ listed }) => `In ${listingName(listed)} no process is named for this port.`,
              why: 'Either no socket has this port, or the listing may not look into the process that has it.',
              expectedBecause:
                'A port and a process are indeed not linked directly. The socket links them: it has the port, and the process has the socket.',
            },
          },
        },
      },
    },

    wildcardAndSpecific: {
      title: 'A wildcard address and a specific one',
      intro:
        'server6 listens on 0.0.0.0, the wildcard address of IPv4. While it runs, server4 wants 127.0.0.2, and server7 wants ::, the wildcard address of IPv6. Then server4 is first and server6 comes second. At the end a listener asks for 203.0.113.1, an address that is kept for examples in manuals (RFC 5737), so that no machine should have it.',
      checks: {
        'wildcard-and-specific-listeners-share-a-port': {
          question: 'Can server6 on 0.0.0.0 and server4 on 127.0.0.2 listen on one port?',
          outcomes: {
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, whichever comes first.',
              seen: ({ server4Second, server6Second }) => `${refused(server4Second)} ${refused(server6Second)}`,
              why: 'The address 0.0.0.0 stands for every IPv4 address of this machine, and 127.0.0.2 is one of them. So the two overlap. The document cafe prints something else for server4 after server6: errno 99, cannot assign requested address. That is EADDRNOTAVAIL, and it is wrong here. On Linux the answer is EADDRINUSE, errno 98. The last question of this act shows what errno 99 is for.',
              expectedBecause:
                'On Linux it is so. This system lets the more exact address stand beside the wildcard one.',
            },
            EADDRNOTAVAIL: {
              choice: 'No: EADDRNOTAVAIL, this machine has no such address.',
              seen: ({ server4Second, server6Second }) => `${refused(server4Second)} ${refused(server6Second)}`,
              why: 'This error says that this machine has no such address. It says nothing about who uses an address.',
              expectedBecause:
                'The document cafe prints errno 99 at this place, and on Linux that is EADDRNOTAVAIL. But 127.0.0.2 is an address of this machine. It is not missing, it is in use.',
            },
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ server4Second, server6Second }) => `${listens(server4Second)} ${listens(server6Second)}`,
              why: 'Either this system lets a specific address stand beside the wildcard address, as macOS and Windows do, or both sockets have SO_REUSEPORT. A client then gets to the socket that fits its address best.',
              expectedBecause:
                'The addresses are not the same, and the kernel could give each client to the closest match. macOS and Windows allow it. Linux does not, so that nobody can take clients away from a server on the wildcard address.',
            },
            'one-order-only': {
              choice: 'It depends on which one comes first.',
              seen: ({ server4Second, server6Second }) =>
                `server4 after server6: ${server4Second.outcome}. server6 after server4: ${server6Second.outcome}.`,
              why: 'This system looks at the order.',
              expectedBecause:
                'A specific address after the wildcard one looks like a detail, and the wildcard one after it like a claim to everything. On Linux the kernel only asks whether the two overlap.',
            },
          },
        },
        'ipv6-wildcard-listener-starts-beside-an-ipv4-one': {
          question: 'server6 listens on 0.0.0.0. Can server7 listen on :: with the same port?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ server7Second }) => listens(server7Second),
              why: 'The socket on :: takes IPv6 only, so the two do not overlap. Or this system lets them overlap.',
              expectedBecause:
                'They are different addresses of different families. But here the socket on :: is a dual-stack socket, one that takes IPv4 and IPv6, and for IPv4 the port is taken.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ server7Second }) => refused(server7Second),
              why: 'A socket on :: takes IPv4 too, unless IPV6_V6ONLY is set. A socket that takes both is called dual-stack. Its IPv4 half is in use, and the kernel refuses the whole. Here the document cafe prints errno 98, address already in use, and it is right.',
            },
            EAFNOSUPPORT: {
              choice: 'No: EAFNOSUPPORT, this machine has no IPv6.',
              seen: ({ server7Second }) => refused(server7Second),
              why: 'The kernel makes no IPv6 sockets here. So the question whether the address is in use did not come up.',
              expectedBecause: 'Some machines run without IPv6. This one makes IPv6 sockets.',
            },
          },
        },
        'listener-starts-on-an-address-that-is-not-local': {
          question: 'Can a listener take 203.0.113.1, which should be no address of this machine?',
          outcomes: {
            EADDRNOTAVAIL: {
              choice: 'No: EADDRNOTAVAIL, this machine has no such address.',
              seen: ({ notLocal }) => `The address was ${NOT_LOCAL}. ${refused(notLocal)}`,
              why: 'bind(2) refuses an address of another host: packets for it would not come here. (Broadcast and multicast addresses may be bound.) This is the error that cafe prints in the wrong place; on Linux it is errno 99. The document tuple says that the address is as a rule a local one. To bind one of another host on Linux takes the setting ip_nonlocal_bind, or an option on the socket.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ notLocal }) => refused(notLocal),
              why: 'Another socket was in the way, so the program asked for some other address than it was told.',
              expectedBecause:
                'Both errors mean that an address cannot be had. EADDRINUSE means that a socket has it. EADDRNOTAVAIL means that this machine has no such address.',
            },
            allowed: {
              choice: 'Yes, as this machine has the address after all, or allows foreign ones.',
              seen: ({ notLocal, allowed }) =>
                `${listens(notLocal)} ${allowed === 'setting' ? 'The setting net.ipv4.ip_nonlocal_bind is 1 here.' : 'Somebody has given this address to this machine.'}`,
              why: 'Either somebody gave this machine the address, or ip_nonlocal_bind is set, which lets a program on Linux have an address before the machine does. That is of use where an address moves from one machine to another. Without either the answer is EADDRNOTAVAIL.',
            },
            listening: {
              choice: 'Yes: a program may take any address.',
              seen: ({ notLocal }) => listens(notLocal),
              why: 'The address where it listens shows what happened: if it is another one, the program did not take what it was told. If it is 203.0.113.1, this system lets a program have it.',
              expectedBecause:
                'The program chooses the address, so it looks as if any would do. But it only chooses among those that the machine has.',
            },
          },
        },
      },
    },

    onlyBound: {
      title: 'Bound and not listening',
      intro:
        'The program bound gives a socket its address with bind(2), and waits for Enter before it calls listen(2). Node can do that with net.BoundSocket. A second one asks for the same address while the first only waits. Then the first one is told to listen, a third one asks, and the second is told to listen.',
      checks: {
        'two-sockets-are-bound-to-one-address-while-none-listens': {
          question: 'A socket is bound to this address and does not listen. Can a second one be bound to it?',
          outcomes: {
            bound: {
              choice: 'Yes, both are bound.',
              seen: ({ second }) => `${isBound(second)} So is the first one.`,
              why: 'Each of the two sockets has the option SO_REUSEADDR: on every system but Windows, Node sets it before it binds a TCP socket. On Linux such sockets may have one address as long as none of them listens. A socket that does not listen takes no clients from anybody.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ second }) => refused(second),
              why: 'Either a socket listened there already, or this system lets only one socket have an address.',
              expectedBecause:
                'To bind means to take an address, and EADDRINUSE is known as the error of bind. On Linux, with SO_REUSEADDR on both sockets, it comes only when one of them listens.',
            },
          },
        },
        'socket-is-bound-to-an-address-where-another-listens': {
          question: 'Now the first socket listens. Can a third one be bound to this address?',
          outcomes: {
            bound: {
              choice: 'Yes, it is bound.',
              seen: ({ third }) => isBound(third),
              why: 'Either no socket listened there, or the sockets have SO_REUSEPORT.',
              expectedBecause:
                'Two sockets were bound to this address, so a third one should fit in. But now one of them listens.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ third }) => fields(third),
              why: 'SO_REUSEADDR does not help against a socket that listens. A BoundSocket only binds, and asks for the answer at once. So its error names bind, the call that was refused. A listener that comes second gets the same refusal, and Node calls it listen.',
            },
          },
        },
        'second-bound-socket-listens-after-the-first': {
          question: 'If the second was bound, can it listen after the first?',
          outcomes: {
            listening: {
              choice: 'Yes, both listen.',
              seen: ({ secondListens }) => listens(secondListens),
              why: 'Two sockets that listen on one address both have SO_REUSEPORT, or are not on the same address.',
              expectedBecause:
                'Its bind was accepted, so the address looks reserved. But the first socket was just as well bound to it, and it was the first to listen.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ secondListens }) => fields(secondListens),
              why: 'The kernel compares the sockets once more when one of them wants to listen. The first to listen wins, and bind was no reservation. This time it is listen(2) that was refused: the name in the error is also the call.',
            },
            'never-bound': {
              choice: 'It was never bound.',
              seen: ({ second }) => refused(second),
              why: 'Its bind was refused already, so it had nothing to listen on.',
              expectedBecause:
                'If a bound socket kept all others out, there would be no second one. On Linux there is.',
            },
          },
        },
      },
    },

    afterTheEnd: {
      title: 'After the end',
      intro:
        'A listener is ended with SIGTERM, which is what kill sends. A second one asks for its address at once. Then the same is done with SIGKILL, which no program can catch. This time a client dials the address before the next listener comes.',
      checks: {
        'address-is-free-after-sigterm-ended-its-holder': {
          question: 'SIGTERM has ended the listener. Can another one listen there at once?',
          outcomes: {
            listening: {
              choice: 'Yes, it listens.',
              seen: ({ afterSigterm }) => listens(afterSigterm),
              why: FREE,
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ afterSigterm }) => refused(afterSigterm),
              why: STILL_HELD,
              expectedBecause:
                'Many have seen EADDRINUSE after a restart. Mostly the old program, or a child of it, was still running. Many also think of TIME-WAIT, the minute for which Linux remembers a closed connection. There is none in this act. In a real restart it does not matter either, because Node sets SO_REUSEADDR on its listeners.',
            },
          },
        },
        'client-reaches-the-port-of-a-killed-listener': {
          question: 'SIGKILL has ended the listener, and no other one has come yet. Is a client connected?',
          outcomes: {
            connected: {
              choice: 'Yes, it is connected.',
              seen: ({ client }) =>
                `${dialled(client)} was connected${client.servedBy ? ` to ${client.servedBy.program} (process ${client.servedBy.pid})` : ', though no program has accepted it'}.`,
              why: 'A socket still listened: some process has it open, such as a child that inherited it. The kernel completes a connection and puts it into the queue of that socket, whether or not a program ever accepts it.',
              expectedBecause:
                'A program that is killed cannot close its port. But the kernel closes it, as soon as the process ends.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ client }) =>
                `After SIGKILL had ended the listener, the client of ${formatEndpoint(client.to)} was refused: ECONNREFUSED.`,
              why: 'The port is closed: no socket listens on it any more. The kernel answered the SYN, the packet that asks for a connection, with a reset, the packet that says no. The document dialogue says that the port of a program is closed when the program ends. Here it was, at once.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ client }) =>
                `${dialled(client)} heard nothing. It had to send its SYN, the packet that asks for a connection, once more.`,
              why: NOTHING_ANSWERED,
              expectedBecause:
                'The program is gone, so nobody seems to be left to answer. But the kernel is, and it refuses the client.',
            },
          },
        },
        'address-is-free-after-sigkill-ended-its-holder': {
          question: 'SIGKILL has ended the listener. Can another one listen there at once?',
          outcomes: {
            listening: {
              choice: 'Yes, it listens.',
              seen: ({ afterSigkill }) => listens(afterSigkill),
              why: 'The program had no chance to close anything. That is not needed: closing is the work of the kernel, and it does it for every process that ends.',
            },
            EADDRINUSE: {
              choice: 'No: EADDRINUSE, the address is in use.',
              seen: ({ afterSigkill }) => refused(afterSigkill),
              why: STILL_HELD,
              expectedBecause:
                'A program that is killed cannot tidy up, so its port seems to stay behind. But sockets belong to the kernel, and it closes them.',
            },
          },
        },
      },
    },
  },
  remember: [
    'EADDRINUSE: another socket is in the way. On Linux the wildcard address overlaps every specific one. A dual-stack socket on ::, one that takes IPv4 and IPv6, overlaps IPv4 too.',
    'EADDRNOTAVAIL: this machine has no such address. On Linux its errno is 99, and that of EADDRINUSE is 98.',
    'server.listen says listen, whichever of its calls was refused. UDP sockets and net.BoundSocket name the call itself. The listing says who is in the way.',
    'When a process ends, even by SIGKILL, the kernel closes its sockets. The address is free when nobody else holds the socket.',
  ],
} satisfies Narration<typeof lab>
