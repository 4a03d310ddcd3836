/** What does a process have of a socket? A number: the descriptor. What it leads to is in the kernel. */

import { act, CONNECT, defineLab, openRows } from '../../harness/lab.ts'
import { behindTheLink, freshAddress, givenBy, hasAllThree, linkedInode, refusedWith, saw } from './seen.ts'
import { whatCounts, whereCopyLeads } from './seen.ts'

const LOWEST = 'POSIX, File Descriptor Allocation: the lowest number that is free'
const LINK = 'proc_pid_fd(5): the link reads type:[inode]; Linux net/ipv4/tcp_ipv4.c, get_tcp4_sock'
const NO_ADDRESS = 'socket(2); bind(2): a socket exists in a name space, but has no address assigned to it'
const GIVEN = 'bind(2); ip(7): connect binds a socket that has no address yet'
const HASHED = 'Linux net/ipv4/inet_hashtables.c, __inet_hash at listen, __inet_hash_connect at connect'
const DUP = 'dup(2): both refer to the same open file description'
const LAST = 'POSIX fcntl, F_DUPFD: the same open file description; POSIX close: the last descriptor frees it'
const LIMIT = 'getrlimit(2), RLIMIT_NOFILE; socket(2), EMFILE'

export default defineLab({
  id: '29-descriptors',
  acts: {
    likeAFile: act({
      requires: ['ipv4-loopback', 'python', 'proc'],
      async experiment({ start, said, ask, list, run, port }) {
        const program = await start('descriptors.py', '127.0.0.1', port)
        const listener = await said(program, 'listener')
        const socket = await ask(program, 'socket', 'socket')
        const links = await run('ls', '-l', `/proc/${program.pid}/fd`)
        const listed = await list('lsof')
        await ask(program, `close ${saw(socket).descriptor}`, 'close')
        return { program, listener, socket, links, listed, file: await ask(program, 'file', 'file') }
      },
      checks: {
        'file-gets-the-number-that-a-socket-had': {
          claims: { T5: 'one-table' },
          outcomes: ['one-table', 'two-tables'],
          outcome: ({ socket, file }) => (saw(file).descriptor === saw(socket).descriptor ? 'one-table' : 'two-tables'),
          expect: { posix: { outcome: 'one-table', source: LOWEST } },
          lie: 'sockets-numbered-apart',
        },
        'link-of-a-descriptor-names-the-inode-of-the-row': {
          claims: { T5: 'same-inode', T30: 'same-inode' },
          outcomes: ['same-inode', 'another-inode', 'no-row'],
          outcome: ({ listener, links, listed }) => behindTheLink(linkedInode(links, saw(listener).descriptor), listed),
          expect: { linux: { outcome: 'same-inode', source: LINK } },
          lie: 'another-port',
        },
      },
    }),

    fresh: act({
      requires: ['ipv4-loopback', 'python', 'proc', 'client-ports'],
      async experiment({ start, ask, run, port }) {
        const program = await start('fresh.py', '127.0.0.1', port)
        const made = await ask(program, 'socket', 'socket')
        const unlisted = await run('grep', '-w', saw(made).inode, '/proc/net/tcp')
        const bound = await ask(program, 'bind', 'bind')
        const connected = await ask(program, 'connect', 'connect')
        const listed = await run('grep', '-w', saw(connected).inode, '/proc/net/tcp')
        return { program, made, unlisted, bound, connected, listed }
      },
      checks: {
        'fresh-socket-has-an-address': {
          claims: { T14: 'none' },
          outcomes: ['none', 'an-address'],
          outcome: ({ made }) => freshAddress(made),
          expect: { linux: { outcome: 'none', source: NO_ADDRESS } },
          lie: 'later-sockets-listen-at-once',
        },
        'fresh-socket-has-a-row-in-the-table': {
          outcomes: ['no-row', 'a-row'],
          // The same command has to find the socket that is connected.
          outcome: ({ unlisted: { exitCode }, listed }) =>
            listed.exitCode === 0 ? ((['a-row', 'no-row'] as const)[exitCode ?? 2] ?? 'other') : 'other',
          expect: { linux: { outcome: 'no-row', source: HASHED } },
          lie: 'later-sockets-listen-at-once',
        },
        'socket-gets-its-address-by-bind-or-connect': {
          claims: { T14: 'by-either' },
          outcomes: ['by-either', 'by-bind-only', 'by-connect-only', 'by-neither'],
          outcome: ({ bound, connected }) => givenBy(bound, connected),
          expect: { linux: { outcome: 'by-either', source: GIVEN } },
          lie: 'later-sockets-listen-at-once',
        },
      },
    }),

    copies: act({
      requires: ['ipv4-loopback', 'python', 'proc', 'client-ports'],
      async experiment({ start, said, ask, list, connect, port }) {
        const program = await start('descriptors.py', '127.0.0.1', port)
        const client = await start('client', '127.0.0.1', port)
        const listener = await said(program, 'listener')
        const copy = await ask(program, `copy ${saw(listener).descriptor}`, 'copy')
        const both = await list('lsof')
        await ask(program, `close ${saw(listener).descriptor}`, 'close')
        const copyAlone = await list('lsof')
        await ask(program, `close ${saw(copy).descriptor}`, 'close')
        const late = await connect('127.0.0.1')
        return { program, client, listener, copy, both, copyAlone, late, still: await ask(program, 'file', 'file') }
      },
      checks: {
        'copy-of-a-descriptor-leads-to-the-same-socket': {
          claims: { T30: 'same-socket' },
          outcomes: ['same-socket', 'another-socket'],
          outcome: ({ listener, copy, both }) => whereCopyLeads(listener, copy, both),
          expect: { linux: { outcome: 'same-socket', source: DUP } },
          lie: 'copy-makes-another-socket',
        },
        'socket-holds-its-type-protocol-and-queue': {
          claims: { T30: 'all-three' },
          outcomes: ['all-three', 'not-all'],
          outcome: ({ copy, both }) => (hasAllThree(copy, both) ? 'all-three' : 'not-all'),
          expect: { linux: { outcome: 'all-three', source: 'socket(7), SO_TYPE and SO_PROTOCOL; ss(8), Recv-Q' } },
          lie: 'another-port',
        },
        'socket-listens-after-one-of-two-descriptors-is-closed': {
          claims: { T30: 'it-listens' },
          outcomes: ['it-listens', 'it-is-gone'],
          outcome({ both, copyAlone }) {
            if (openRows(both).length === 0) return 'other'
            return openRows(copyAlone).length > 0 ? 'it-listens' : 'it-is-gone'
          },
          expect: { posix: { outcome: 'it-listens', source: LAST } },
          lie: 'close-shuts-down',
        },
        'client-is-refused-after-the-last-descriptor-is-closed': {
          claims: { T30: 'ECONNREFUSED' },
          outcomes: CONNECT,
          outcome: ({ both, late, still }) => (openRows(both).length > 0 && still ? late.outcome : 'other'),
          expect: { posix: { outcome: 'ECONNREFUSED', source: LAST } },
          lie: 'close-forgotten',
        },
      },
    }),

    limit: act({
      requires: ['ipv4-loopback', 'python', 'proc'],
      async experiment({ start, ask, run, port }) {
        const program = await start('many-sockets.py', '127.0.0.1', port)
        const made = await ask(program, '40', 'made')
        return { program, made, open: await run('ls', '-Cv', `/proc/${program.pid}/fd`) }
      },
      checks: {
        'sockets-of-a-process-run-out-at-its-limit-of-open-files': {
          claims: { T8: 'EMFILE' },
          outcomes: ['EMFILE', 'no-limit'],
          outcome: ({ made }) => refusedWith(made),
          expect: { posix: { outcome: 'EMFILE', source: 'POSIX getrlimit, RLIMIT_NOFILE; POSIX socket, EMFILE' } },
          lie: 'limit-ignored',
        },
        'limit-counts-files-and-sockets-together': {
          claims: { T5: 'together' },
          outcomes: ['together', 'sockets-only'],
          outcome: ({ made, open }) => whatCounts(made, open),
          expect: { linux: { outcome: 'together', source: LIMIT } },
          lie: 'limit-ignored',
        },
      },
    }),
  },
})
