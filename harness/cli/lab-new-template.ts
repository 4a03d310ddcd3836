/** The files of a new lab: a small one that runs green, with comments that say what to change. */

export type Template = {
  id: string
  /** The path from the lab's folder to harness/lab.ts. */
  harness: string
}

/** The texts of the files by their names. Check ids carry the lab's name, because no two labs may share one. */
export function newLab({ id, harness }: Template): Record<string, string> {
  const name = id.slice(3)
  // An id begins with a letter, a lab's name may begin with a number.
  const topic = /^[a-z]/.test(name) ? name : `lab-${name}`
  const checks = { reached: `${topic}-client-reaches-server`, listed: `${topic}-listing-shows-server` }
  return { 'lab.ts': labFile(id, harness, checks), 'narration.en.ts': narrationFile(harness, checks) }
}

type Checks = { reached: string; listed: string }

function labFile(id: string, harness: string, { reached, listed }: Checks): string {
  return `/**
 * Does a client reach a server that listens on 127.0.0.1, and does the system list it?
 * Write here what your lab asks. Look at labs/04-dual-stack for one with more acts.
 */

import { act, CONNECT, defineLab, openRows } from '${harness}'

export default defineLab({
  id: '${id}',
  acts: {
    // One to five acts. An act has an experiment and the checks that are read off its evidence.
    firstAct: act({
      // Without one of these an act is skipped, by name. All names: CAPABILITIES in harness/domain/lab.ts.
      requires: ['ipv4-loopback'],
      // The experiment does things and decides nothing. Programs to start stand in labs/programs; write your own there.
      // All that a stage can do: harness/domain/stage.ts. What is returned is the evidence.
      async experiment({ start, list, connect, port }) {
        await start('server1', port)
        return { listed: await list(), reached: await connect('127.0.0.1') }
      },
      checks: {
        // The id says what is asked. It is for ever, because reports and grades name it. The words may change.
        '${reached}': {
          // Every answer that can be told apart. What is none of them fails.
          outcomes: CONNECT,
          outcome: ({ reached }) => reached.outcome,
          // What should happen, and who says so. posix is every system but win32; linux or darwin is one alone.
          expect: { posix: { outcome: 'connected', source: 'connect(2)' } },
          // A fault under which this check fails: a check that cannot fail says nothing. All: harness/domain/lie.ts.
          lie: 'another-port',
        },
        '${listed}': {
          // If a document claims something about it: claims: { C1: 'listed' }. The ids stand in labs/claims.ts.
          outcomes: ['listed', 'not-listed'],
          outcome: ({ listed }) => (openRows(listed).length > 0 ? 'listed' : 'not-listed'),
          expect: { posix: { outcome: 'listed', source: 'RFC 9293, section 3.3.2: the state LISTEN' } },
          lie: 'another-port',
        },
      },
    }),
  },
})
`
}

function narrationFile(harness: string, { reached, listed }: Checks): string {
  return `import { formatEndpoint } from '${harness}'
import type { Narration } from '${harness}'
import type lab from './lab.ts'

// Every word that a reader sees. A text that is missing does not compile: npx tsc --noEmit says which.
export default {
  title: 'A server that listens, and a client that dials it',
  summary: 'Does a client reach a server that listens on 127.0.0.1?',
  acts: {
    firstAct: {
      title: 'server1 on 127.0.0.1',
      intro: 'server1 listens on the loopback address of IPv4. The system is asked what it sees. Then a client dials.',
      checks: {
        '${reached}': {
          question: 'A client dials 127.0.0.1. Does it reach server1?',
          outcomes: {
            connected: {
              // The choice is an answer of the quiz, so it should not give away which one is right.
              choice: 'Yes, it is connected.',
              // A text may be made from the evidence.
              seen: ({ reached }) => \`The client that dialled \${formatEndpoint(reached.to)} is connected.\`,
              why: 'A socket listens on that address and port, so the kernel completes the handshake.',
            },
            ECONNREFUSED: {
              choice: 'No, it is refused.',
              seen: ({ reached }) => \`The client that dialled \${formatEndpoint(reached.to)} was refused: ECONNREFUSED.\`,
              why: 'No socket listened on that address and port, so the kernel answered the SYN with a reset.',
              // Why people choose this answer where it is wrong. Leave it out where nobody does.
              expectedBecause: 'A firewall seems to be in the way. Over loopback there is none by default.',
            },
            'timed-out': {
              choice: 'It gets no answer at all.',
              seen: ({ reached }) => \`The client that dialled \${formatEndpoint(reached.to)} heard nothing.\`,
              why: 'Something dropped the packets on their way. A kernel without a filter answers.',
            },
          },
        },
        '${listed}': {
          question: 'Does the system list server1 before any client has come?',
          outcomes: {
            listed: {
              choice: 'Yes, as soon as it listens.',
              seen: ({ listed }) => \`\${listed.source} shows a socket with this port.\`,
              why: 'A listener is a socket of its own, in the state LISTEN. It does not need a client.',
            },
            'not-listed': {
              choice: 'No, only with its first client.',
              seen: ({ listed }) => \`\${listed.source} shows no socket with this port.\`,
              why: 'No socket had this port when the system was asked.',
              expectedBecause: 'One thinks of connections. But a listing shows sockets, and a listener is one.',
            },
          },
        },
      },
    },
  },
  // One to four sentences that should stay when all else is forgotten.
  remember: ['A listener can be reached, and is listed, from the moment it listens.'],
} satisfies Narration<typeof lab>
`
}
