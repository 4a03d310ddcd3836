import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Listed, Narration, SocketRow, Started } from '../../harness/lab.ts'
import { opened } from './lab.ts'
import type lab from './lab.ts'

const named = ({ holders }: SocketRow) =>
  holders.map(({ pid, command }) => `${command ?? 'a program'} (process ${pid})`).join(' and ') || 'no process'

const socket = (row: SocketRow) => `${row.protocol.toUpperCase()} ${formatEndpoint(row.local)} with ${named(row)}`

/** `New is TCP 0.0.0.0:8081 with sshd (process 7). The listing of ss had 1 open at first, and 2 later.` */
const difference = (before: Listed, after: Listed) => {
  const found = opened(before, after).map(socket)
  const counts = `The listing of ${listingName(before)} had ${openRows(before).length} open at first, and ${openRows(after).length} later.`
  return found.length === 0 ? `Nothing is new. ${counts}` : `New is ${found.join(', and ')}. ${counts}`
}

const listens = ({ program, pid, local, rows }: Started) => {
  const uid = rows.find((row) => row.uid !== null)?.uid
  const owner = uid === null || uid === undefined ? '' : ` as user ${uid}`
  return `${program} (process ${pid}) listens on ${local ? formatEndpoint(local) : 'its address'}${owner}.`
}

const denied = ({ program, pid, outcome }: Started) => `${program} (process ${pid}) was refused: ${outcome}.`

const NO_RIGHT =
  'bind(2) answered EACCES: something on this machine forbids this user to open this port. Linux itself guards only the privileged ports: those below 1024, or below the number in net.ipv4.ip_unprivileged_port_start.'

export default {
  title: 'A listener that nobody expected',
  summary: 'A program opens a port that nobody asked for. Who may do that, and how is it found?',
  acts: {
    twoListings: {
      title: 'Two listings, and what is between them',
      intro:
        'A service listens, as it should, and a listing of all open ports is kept. Then another program opens a port on 0.0.0.0, the wildcard address, which stands for all addresses of this machine. It calls itself sshd, as the server for remote login does. It is harmless. A second listing is made.',
      checks: {
        'comparing-two-listings-finds-the-new-listener': {
          question: 'What does the second listing have that the first one had not?',
          outcomes: {
            'exactly-that-one': {
              choice: 'The new listener, and nothing else.',
              seen: ({ before, after }) => difference(before, after),
              why: 'The kernel finds the listener for a new connection in a table, and the listings are read from there. So a program cannot listen in this network namespace and be missing in the table, unless it alters the kernel. A tool that was tampered with may still leave it out. One look does not tell which of the listeners are as they should be. Two looks tell what has changed. The document checklist advises this after every change of a machine. The document tuple warns of back doors: ports that an unexpected program opens.',
            },
            'nothing-new': {
              choice: 'Nothing: the listener is not seen.',
              seen: ({ before, after }) => difference(before, after),
              why: 'No socket was added between the two looks. Either the program does not listen, or the listing cannot see it, as when a program listens in another network namespace.',
              expectedBecause:
                'A program that wants to hide seems able to. For that it would have to change the kernel, or the tool that lists.',
            },
            'more-than-that': {
              choice: 'Several sockets.',
              seen: ({ before, after }) => difference(before, after),
              why: 'More than one socket was opened between the two looks.',
              expectedBecause: 'On a busy machine that is so. This act has a network of its own.',
            },
          },
        },
        'listing-shows-the-name-that-a-program-chose-itself': {
          question:
            'The program file is called disguised, and the program calls itself sshd. Which name is in the listing?',
          outcomes: {
            'its-own-choice': {
              choice: 'sshd, the name that it gave itself.',
              seen: ({ before, after }) => difference(before, after),
              why: 'The name in a listing is a short text that the kernel keeps for each process, and a process may change its own. It is a hint, not a proof. The process id is given by the kernel. On Linux the link /proc/PID/exe leads from it to the file that runs. Here that is Node, which no sshd needs.',
            },
            'name-of-its-file': {
              choice: 'disguised, or the program that runs it.',
              seen: ({ before, after }) => difference(before, after),
              why: 'The process had not changed its name, so the listing shows the one under which it was started.',
              expectedBecause:
                'A listing by the system seems to be a statement of the system. The name is a statement of the program.',
            },
            'no-name': {
              choice: 'None.',
              seen: ({ before, after }) => difference(before, after),
              why: 'The listing does not say who holds the new socket. For the processes of another user it needs the rights of root.',
            },
          },
        },
      },
    },

    anyUser: {
      title: 'Who may open a port, and when',
      intro:
        'The machine is running. Now a program tries to open a port as the user who runs this lab. Where the rights allow it, the same is tried as nobody, the user who owns nothing.',
      checks: {
        'user-opens-a-port-while-the-machine-runs': {
          question: 'Can a program that is started only now open a port?',
          outcomes: {
            listening: {
              choice: 'Yes.',
              seen: ({ ours }) => listens(ours),
              why: 'To listen a program needs no registration and no restart. It needs a free port. The document tuple says that a back door must be loaded before the computer starts. This machine shows that a port can be opened at any time.',
            },
            EACCES: {
              choice: 'No: EACCES, permission denied.',
              seen: ({ ours }) => denied(ours),
              why: NO_RIGHT,
              expectedBecause:
                'Opening a port sounds like changing the machine. It changes a table in memory, for as long as the program runs.',
            },
          },
        },
        'user-without-rights-opens-a-port-while-the-machine-runs': {
          question: 'And a program of nobody, a user without any rights?',
          outcomes: {
            listening: {
              choice: 'Yes.',
              seen: ({ anothers }) => (anothers ? listens(anothers) : 'There was no such program.'),
              why: 'For a port that is not privileged the kernel does not ask who the user is. Privileged are those below 1024. So a back door needs no rights either. The document tuple thinks of one that is loaded before the computer starts. Here that was not needed.',
            },
            EACCES: {
              choice: 'No: EACCES, permission denied.',
              seen: ({ anothers }) => (anothers ? denied(anothers) : 'There was no such program.'),
              why: NO_RIGHT,
              expectedBecause:
                'It would be safer. But then nobody but root could try out a server. The ports from 1024 on are open to all.',
            },
          },
        },
      },
    },
  },
  remember: [
    'Any user may open any port that is free and not privileged, at any time. Privileged are those below 1024.',
    'Keep a listing of what should be open. Compare after every change.',
    'The name in a listing is what the program calls itself. The process id leads to the file: /proc/PID/exe.',
  ],
} satisfies Narration<typeof lab>
