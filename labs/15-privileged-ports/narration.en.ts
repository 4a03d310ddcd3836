import { formatEndpoint, listingName } from '../../harness/lab.ts'
import type { Listed, Narration, Ran, Said, Started } from '../../harness/lab.ts'
import { openedIn, rightsIn } from './lab.ts'
import type lab from './lab.ts'

const has = ({ value }: Said) => ((value as { capability?: boolean }).capability ? 'has' : 'does not have')

const cameTo = (said: Said) => {
  const { port, outcome } = openedIn(said)
  return outcome === 'listening' ? `listens on port ${port}` : `may not have port ${port} (${outcome})`
}

const here = (rights: Said, opened: Said, listed: Listed | null) => {
  const { user, limit } = rightsIn(rights)
  const who = `It runs as user ${user} and ${has(rights)} the right.`
  if (openedIn(opened).outcome === 'none')
    return `Here no port needs the right: the limit is ${limit}. The program is process ${rights.pid}. ${who}`
  const row = listed && openedIn(opened).outcome === 'listening' ? `, and ${listingName(listed)} shows the row` : ''
  return `The program (process ${rights.pid}) ${cameTo(opened)}${row}. ${who} Here the ports below ${limit} need it.`
}

const first = ({ program, pid, local, outcome }: Started) =>
  local
    ? `${program} (process ${pid}) listens on ${formatEndpoint(local)}.`
    : `${program} (process ${pid}) was refused: ${outcome}.`

const unprivileged = (rights: Said, ...opened: Said[]) =>
  `The program (process ${rights.pid}) ${opened.map(cameTo).join(', and ')}. It runs as user ${rightsIn(rights).user} and ${has(rights)} the right.`

const afterwards = ({ command }: Ran, on80: Said, on79: Said) =>
  `The same program (process ${on80.pid}) now ${cameTo(on80)}, and ${cameTo(on79)}. The setting was changed with ${command}.`

const CAPABILITY =
  'Linux has divided what root may do into some forty rights, called capabilities. The one for ports is CAP_NET_BIND_SERVICE. bind(2) looks for that one, and not for the number of the user.'

const LIMIT_TEXT =
  'Which ports need it is a setting, net.ipv4.ip_unprivileged_port_start. Unless it was changed, it is 1024: below that number the right is needed.'

const OWNER =
  'A network belongs to the user namespace, a world of user numbers, in which it was made. The right counts if the program has it there.'

const ROOT_SAYS =
  'Most texts say: only root may. In most systems root has every capability and nobody else has one, so it comes to the same. In a container it does not.'

export default {
  title: 'Privileged ports',
  summary: 'Who may listen on port 80, which ports need a right, and what is that right?',
  acts: {
    thisMachine: {
      title: 'You, on this machine',
      intro:
        'Ports below a certain limit are called privileged, because a program needs a right to listen on them. A program that you start reads that limit, looks whether it has the right, and tries the highest of these ports. If it is in use, the next lower one.',
      checks: {
        'program-of-ours-listens-on-a-privileged-port': {
          question: 'May a program that you start listen on a privileged port?',
          outcomes: {
            'with-the-right': {
              choice: 'Yes: it has the right.',
              seen: ({ rights, opened, listed }) => here(rights, opened, listed),
              why: `${CAPABILITY} ${LIMIT_TEXT}`,
            },
            'EACCES-without-it': {
              choice: 'No: it lacks the right.',
              seen: ({ rights, opened, listed }) => here(rights, opened, listed),
              why: `${CAPABILITY} ${LIMIT_TEXT} The error is EACCES and not EADDRINUSE: bind(2) looks for the right first, whether or not somebody has the port.`,
            },
            'without-it': {
              choice: 'Yes, though it lacks the right.',
              seen: ({ rights, opened, listed }) => here(rights, opened, listed),
              why: 'Something other than the rule of ip(7) has decided here, such as a helper that has the right and binds for the program: authbind(1) is one.',
            },
            'EACCES-with-it': {
              choice: 'No, though it has the right.',
              seen: ({ rights, opened, listed }) => here(rights, opened, listed),
              why: 'Something other than the rule of ip(7) has decided here, such as a security module.',
            },
            'right-of-elsewhere': {
              choice: 'No: it has the right, but not for this network.',
              seen: ({ rights, opened, listed }) => here(rights, opened, listed),
              why: `${OWNER} This program runs in another one.`,
            },
            none: {
              choice: 'Yes: on this machine no port is privileged.',
              seen: ({ rights, opened, listed }) => here(rights, opened, listed),
              why: 'Someone has set net.ipv4.ip_unprivileged_port_start to 0. Docker does so in the networks that it makes for its containers.',
            },
          },
        },
      },
    },

    withAndWithout: {
      title: 'With the right, and without it',
      intro:
        'In this network the programs run as user 0, as root does, and have the rights that go with it. One listens on port 80. Then another program first gives up the right to privileged ports, and nothing else. It stays user 0, and tries 80, 1023, 1024 and 8080. At last we change the limit, which is a setting, and it tries again.',
      checks: {
        'program-with-the-right-listens-on-port-80': {
          question: 'A program has the right to privileged ports. May it listen on port 80?',
          outcomes: {
            listening: {
              choice: 'Yes.',
              seen: ({ privileged }) => first(privileged),
              why: `${CAPABILITY} ${OWNER} So even an ordinary user may have port 80 in a network of their own making.`,
            },
            EACCES: {
              choice: 'No: EACCES.',
              seen: ({ privileged }) => first(privileged),
              why: 'The system denied it. Something other than this right has decided.',
            },
          },
        },
        'program-of-user-0-without-the-right-listens-on-port-80': {
          question: 'A program of user 0 has given up that one right. May it listen on port 80?',
          outcomes: {
            listening: {
              choice: 'Yes: user 0 may do anything.',
              seen: ({ rights, on80 }) => unprivileged(rights, on80),
              why: 'On this system another rule decides about port 80.',
              expectedBecause: ROOT_SAYS,
            },
            EACCES: {
              choice: 'No: EACCES.',
              seen: ({ rights, on80 }) => unprivileged(rights, on80),
              why: `${CAPABILITY} ${ROOT_SAYS} The document dialogue says that only a privileged process can bind port 80. So far this machine agrees. On macOS it depends on the address as well: since 10.14 everybody may have a low port on the wildcard address, which stands for every address of the machine.`,
            },
          },
        },
        'lowest-port-that-needs-no-right': {
          question: 'Which is the lowest port that needs no right?',
          outcomes: {
            1024: {
              choice: '1024.',
              seen: ({ rights, on1023, on1024 }) => unprivileged(rights, on1023, on1024),
              why: `${LIMIT_TEXT} The numbers below it are 0 to 1023. Of them only 0 needs no right: to bind(2) it means any free port. The registry of port numbers (RFC 6335) draws its line at the same place: 0 to 1023 are the well-known ports. The document tuple counts 1024 among them. But that is the first port above.`,
            },
            'above-1024': {
              choice: '1025, or one above.',
              seen: ({ rights, on1023, on1024 }) => unprivileged(rights, on1023, on1024),
              why: 'The limit of this system is higher than the usual one.',
              expectedBecause: 'The round number seems to be the last one of its kind. But ports are counted from 0.',
            },
            'below-1024': {
              choice: '1023, or one below.',
              seen: ({ rights, on1023, on1024 }) => unprivileged(rights, on1023, on1024),
              why: 'The limit of this system is lower than the usual one.',
            },
          },
        },
        'program-without-the-right-listens-on-port-8080': {
          question: 'May this program listen on port 8080?',
          outcomes: {
            listening: {
              choice: 'Yes.',
              seen: ({ rights, on8080 }) => unprivileged(rights, on8080),
              why: 'The number is above the limit, so the right is not asked for, of root or of anybody else. For this reason people who try out a web server take 8080 in place of 80, and so does the document cafe.',
            },
            EACCES: {
              choice: 'No: EACCES.',
              seen: ({ rights, on8080 }) => unprivileged(rights, on8080),
              why: 'The system denied it, though the limit is lower.',
            },
          },
        },
        'setting-opens-port-80-to-everybody': {
          question:
            'Somebody with the power over this network sets net.ipv4.ip_unprivileged_port_start to 80. Now which privileged ports may the program have?',
          outcomes: {
            'from-80-on': {
              choice: 'Port 80 and those above.',
              seen: ({ lowered, later }) => afterwards(lowered, later.on80, later.on79),
              why: 'The setting is the first port that needs no right. Each network has its own. So whether port 80 needs the right depends on the network, and is no property of the port.',
            },
            'all-ports': {
              choice: 'All of them.',
              seen: ({ lowered, later }) => afterwards(lowered, later.on80, later.on79),
              why: 'The program got a port below the limit as well.',
            },
            EACCES: {
              choice: 'None: it still has no right.',
              seen: ({ lowered, later }) => afterwards(lowered, later.on80, later.on79),
              why: 'The setting did not change what bind(2) answers.',
              expectedBecause:
                'The document dialogue says that only a privileged process can bind port 80. But that is so because of a setting, and the setting was changed.',
            },
          },
        },
      },
    },
  },

  remember: [
    'Ports below 1024 need the capability CAP_NET_BIND_SERVICE. User 0 without it gets EACCES, too.',
    'The limit is a setting of each network: net.ipv4.ip_unprivileged_port_start.',
    '1023 is privileged, 1024 is not.',
  ],
} satisfies Narration<typeof lab>
