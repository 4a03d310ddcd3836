import { formatEndpoint, listingName, openRows } from '../../harness/lab.ts'
import type { Listed, Narration, SocketRow, Started } from '../../harness/lab.ts'
import { opened } from './lab.ts'
import type lab from './lab.ts'

const named = ({ holders }: SocketRow) =>
  holders.map(({ pid, command }) => `${command ?? 'a program'} (process ${pid})`).join(' and ') || 'no process'

const socket = (row: SocketRow) => `${row.protocol.toUpperCase()} ${formatEndpoint(row.local)} with ${named(row)}`

/** `1 socket before, 2 after. New is TCP 0.0.0.0:8081 with sshd (process 7).` */
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
  'bind(2) answered EACCES: something on this machine forbids this user to open this port. Linux itself guards only the ports below 1024, or below the number in net.ipv4.ip_unprivileged_port_start.'

const NO_PERMISSION =
  'To listen a program needs no permission, no registration and no restart, only a port that is free and not a privileged one. The document tuple says that a back door must be loaded before the computer starts. This machine shows that a port can be opened at any time.'

export default {
  title: 'A listener that nobody expected',
  summary: 'A program opens a port that nobody asked for. Who may do that, and how is it found?',
  acts: {
    twoListings: {
      title: 'Two listings, and what is between them',
      intro:
        'A service listens, as it should, and a listing of all open ports is kept. Then another program opens a port on all addresses, and calls itself sshd, like the server of SSH. It is harmless. A second listing is made.',
      checks: {
        'comparing-two-listings-finds-the-new-listener': {
          question: 'What does the second listing have that the first one had not?',
          outcomes: {
            'exactly-that-one': {
              choice: 'The new listener, and nothing else.',
              seen: ({ before, after }) => difference(before, after),
              why: 'A listener cannot hide from the tables of the kernel, from which every listing is made. One look does not tell which of the listeners are as they should be. Two looks tell what has changed. The document checklist advises this after every change of a machine.',
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
              why: 'The name in a listing is a short text that the kernel keeps for each process, and a process may change its own. It is a hint, not a proof. The process id is certain. On Linux the link /proc/PID/exe leads from it to the file that really runs.',
            },
            'name-of-its-file': {
              choice: 'The name of its file, or of the program that runs it.',
              seen: ({ before, after }) => difference(before, after),
              why: 'The process had not changed its name, so the listing shows the one under which it was started.',
              expectedBecause:
                'A listing by the system seems to be a statement of the system. The name is a statement of the program.',
            },
            'no-name': {
              choice: 'None.',
              seen: ({ before, after }) => difference(before, after),
              why: 'The listing does not say who holds the new socket. For the processes of another user it needs the rights of the superuser.',
            },
          },
        },
      },
    },

    anyUser: {
      title: 'Who may open a port, and when',
      intro:
        'This machine started long ago. Now a program opens a port as the user who runs this lab. Where the rights allow it, the same is tried as a user who owns nothing.',
      checks: {
        'user-opens-a-port-while-the-machine-runs': {
          question: 'Can a program that is started now open a port?',
          outcomes: {
            listening: {
              choice: 'Yes.',
              seen: ({ ours }) => listens(ours),
              why: NO_PERMISSION,
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
          question: 'And a program of a user who has no rights at all?',
          outcomes: {
            listening: {
              choice: 'Yes, that one too.',
              seen: ({ anothers }) => (anothers ? listens(anothers) : 'There was no such program.'),
              why: NO_PERMISSION,
            },
            EACCES: {
              choice: 'No: EACCES, permission denied.',
              seen: ({ anothers }) => (anothers ? denied(anothers) : 'There was no such program.'),
              why: NO_RIGHT,
              expectedBecause:
                'It would be safer. But then no student could start a server of their own, and ports above 1023 are meant for that.',
            },
          },
        },
      },
    },
  },
  remember: [
    'Any user may open any port that is free and not privileged, at any time.',
    'Keep a listing of what should be open. Compare after every change.',
    'The name in a listing is what the program calls itself. The process id leads to the file: /proc/PID/exe.',
  ],
} satisfies Narration<typeof lab>
