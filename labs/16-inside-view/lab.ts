/** lsof, ss, netstat and the kernel: what does each show of a socket, do they agree, and how is a foreign one read? */

import { act, defineLab } from '../../harness/lab.ts'
import { areAlike, compared, lsofSays, mostly, shared, ssSays, states } from './one-port.ts'
import { alarmingHere, comparedWithHere, reached, toldByLsof } from './another-machine.ts'

const beside = (file: string) => new URL(file, import.meta.url)

/** How many lines there are of each type: the fifth column. */
const BY_TYPE = 'tr -s " " | cut -d " " -f 5 | sort | uniq -c'

const FSTAT = 'NetBSD fstat(1), netstat(1)'

export default defineLab({
  id: '16-inside-view',
  acts: {
    onePort: act({
      requires: ['ipv4-loopback', 'bound-socket'],
      async experiment({ start, ask, list, run, has, port }) {
        const parent = await start('parent-and-child', '0.0.0.0', port)
        const child = parent.error ? null : await ask(parent, 'start', 'child')
        const receiver = await start('receiver', '0.0.0.0', port)
        const files = has('lsof') ? await run('sh', '-c', `lsof -n -p ${parent.pid} | ${BY_TYPE}`) : null
        return { parent, child, receiver, listed: await list('ss'), files }
      },
      checks: {
        'lsof-marks-tcp-listener-and-udp-socket-with': {
          claims: { H6: 'LISTEN and nothing' },
          requires: ['lsof'],
          outcomes: ['LISTEN and nothing', 'nothing and nothing'],
          outcome: ({ listed }) => states(listed, 'lsof'),
          expect: { posix: { outcome: 'LISTEN and nothing', source: 'lsof(8), OUTPUT: NAME' } },
          lie: 'another-port',
        },
        'ss-marks-tcp-listener-and-udp-socket-with': {
          claims: { H7: 'LISTEN and UNCONN' },
          requires: ['ss'],
          outcomes: ['LISTEN and UNCONN', 'LISTEN and LISTEN'],
          outcome: ({ listed }) => states(listed, 'ss'),
          expect: { linux: { outcome: 'LISTEN and UNCONN', source: 'iproute2 misc/ss.c, sstate_name' } },
          lie: 'another-port',
        },
        'netstat-marks-tcp-listener-and-udp-socket-with': {
          claims: { Q12: 'LISTEN and nothing' },
          requires: ['netstat'],
          outcomes: ['LISTEN and nothing', 'LISTEN and LISTEN'],
          outcome: ({ listed }) => states(listed, 'netstat'),
          expect: { linux: { outcome: 'LISTEN and nothing', source: 'netstat(8), State' } },
          lie: 'another-port',
        },
        'ss-shows-a-socket-of-two-processes-as': {
          claims: { H7: 'one-row' },
          requires: ['ss'],
          outcomes: ['one-row', 'two-rows', 'one-process'],
          outcome: ({ parent, child, listed }) => shared(listed, parent, child),
          expect: { linux: { outcome: 'one-row', source: 'ss(8), --processes; iproute2 misc/ss.c' } },
          lie: 'socket-not-inherited',
        },
        'lsof-and-ss-show': {
          claims: { H8: 'the-same' },
          requires: ['lsof', 'ss'],
          outcomes: ['the-same', 'different-sockets', 'different-processes'],
          outcome: ({ parent, receiver, listed }) => compared(listed, [parent, receiver]),
          expect: { linux: { outcome: 'the-same', source: 'proc_pid_net(5); sock_diag(7)' } },
          lie: 'another-port',
        },
        'lines-of-lsof-n-are': {
          requires: ['lsof'],
          outcomes: ['mostly-no-sockets', 'mostly-sockets'],
          outcome: ({ files }) => mostly(files),
          expect: { linux: { outcome: 'mostly-no-sockets', source: 'lsof(8): open files; -i selects sockets' } },
          lie: 'bind-denied',
        },
      },
    }),

    twoKinds: act({
      requires: ['ipv6-loopback'],
      async experiment({ start, stop, list, port }) {
        const dual = await start('server7', port)
        const whileDual = await list('lsof')
        if (!dual.error) await stop(dual)
        const only = await start('server8', port)
        return { dual, whileDual, only, whileOnly: await list('lsof') }
      },
      checks: {
        'lsof-shows-dual-stack-and-ipv6-only': {
          claims: { C14: ['alike', 'apart'] },
          requires: ['lsof'],
          outcomes: ['alike', 'apart'],
          outcome: ({ whileDual, whileOnly }) => areAlike(lsofSays(whileDual), lsofSays(whileOnly)),
          expect: { posix: { outcome: 'alike', source: 'lsof(8), OUTPUT: TYPE and NAME' } },
          lie: 'ipv4-wildcard-instead',
        },
        'ss-shows-dual-stack-and-ipv6-only': {
          requires: ['ss'],
          outcomes: ['alike', 'apart'],
          outcome: ({ whileDual, whileOnly }) => areAlike(ssSays(whileDual), ssSays(whileOnly)),
          expect: { linux: { outcome: 'apart', source: 'iproute2 misc/ss.c, inet_addr_print: v6only' } },
          lie: 'ipv6-only-forced',
        },
      },
    }),

    anotherMachine: act({
      network: 'own',
      requires: ['ipv4-loopback', 'ipv6-loopback', 'ip'],
      async experiment({ read, run, start, list, connect }) {
        const [fstat, netstat] = [
          await read('fstat', beside('./fstat.txt')),
          await read('netstat', beside('./netstat.txt')),
        ]
        await run('ip', 'address', 'add', '192.0.2.10/32', 'dev', 'lo')
        const program = await start('as-listed')
        const listed = await list('lsof', { port: 'all' })
        const [web, database] = [await connect('192.0.2.10', { port: 80 }), await connect('192.0.2.10', { port: 5432 })]
        return { fstat, netstat, program, listed, web, database }
      },
      checks: {
        'fstat-netstat-and-real-sockets-show': {
          claims: { N4: 'the-same', N5: 'the-same' },
          outcomes: ['the-same', 'netstat-differs', 'sockets-differ'],
          outcome: ({ fstat, netstat, listed }) => comparedWithHere(fstat, netstat, listed),
          expect: { linux: { outcome: 'the-same', source: FSTAT } },
          lie: 'another-port',
        },
        'star-of-the-listing-is-reached-over': {
          claims: { N4: 'every-interface' },
          outcomes: ['every-interface', 'loopback-only'],
          outcome: ({ web, database }) => reached(web, database),
          expect: { linux: { outcome: 'every-interface', source: `ip(7): INADDR_ANY; ${FSTAT}` } },
          lie: 'loopback-instead',
        },
        'alarming-services-are-open-to-other-machines': {
          claims: { N10: 'all' },
          outcomes: ['all', 'some', 'none'],
          outcome: ({ fstat, listed }) => alarmingHere(fstat, listed),
          expect: { linux: { outcome: 'all', source: 'RFC 6335, registry of port numbers; ip(7): INADDR_ANY' } },
          lie: 'loopback-instead',
        },
        'lsof-tells-of-each-socket-what-fstat-tells': {
          claims: { N6: 'all-of-it', N12: 'all-of-it' },
          requires: ['lsof'],
          outcomes: ['all-of-it', 'part-of-it', 'nothing'],
          outcome: ({ fstat, program, listed }) => toldByLsof(fstat, listed, program),
          expect: { linux: { outcome: 'all-of-it', source: `lsof(8), OUTPUT; ${FSTAT}` } },
          lie: 'title-ignored',
        },
      },
    }),
  },
})
