/** Lab 16 on changed evidence: every answer that its checks can read off, and the words for it. */

import { expect, test } from 'vitest'

import type { Listed } from '../../harness/domain/observation.ts'
import type { ListingSource, SocketRow } from '../../harness/domain/socket-row.ts'
import lab from '../../labs/16-inside-view/lab.ts'
import { refuse, serve, show } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const by = (listed: Listed, source: ListingSource) => [listed, ...listed.others].filter((one) => one.source === source)

const rowsOf = (listed: Listed, source: ListingSource): SocketRow[] => by(listed, source).flatMap(({ rows }) => rows)

/** What one tool prints as the state of every socket of this protocol. */
const mark = (listed: Listed, source: ListingSource, protocol: string, printed: string) => {
  for (const row of rowsOf(listed, source)) if (row.protocol === protocol) row.stateAsPrinted = printed
}

const drop = (listed: Listed, source: ListingSource, protocol: string) => {
  for (const one of by(listed, source)) one.rows = one.rows.filter((row) => row.protocol !== protocol)
}

const twice = (listed: Listed, source: ListingSource) => {
  for (const one of by(listed, source)) one.rows = one.rows.flatMap((row) => [row, structuredClone(row)])
}

const forget = (listed: Listed, source: ListingSource, pid: number) => {
  for (const row of rowsOf(listed, source)) row.holders = row.holders.filter((one) => one.pid !== pid)
}

const reprint = (listed: Listed, from: RegExp, to: string) => {
  for (const one of [listed, ...listed.others]) one.printed = one.printed.map((line) => line.replace(from, to))
}

/** Every socket that was opened here has the loopback address instead. */
const onLoopback = (listed: Listed, how: (row: SocketRow) => boolean = () => true) => {
  for (const row of listed.rows.filter(how)) row.local = { ...row.local, address: '127.0.0.1' }
}

const answer = await testOutcomes(lab, {
  onePort: {
    'lsof-marks-tcp-listener-and-udp-socket-with': {
      'nothing and nothing': ({ listed }) => mark(listed, 'lsof', 'tcp', ''),
      other: ({ listed }) => drop(listed, 'lsof', 'udp'),
    },
    'ss-marks-tcp-listener-and-udp-socket-with': {
      'LISTEN and LISTEN': ({ listed }) => mark(listed, 'ss', 'udp', 'LISTEN'),
      other: ({ listed }) => drop(listed, 'ss', 'tcp'),
    },
    'netstat-marks-tcp-listener-and-udp-socket-with': {
      'LISTEN and LISTEN': ({ listed }) => mark(listed, 'netstat', 'udp', 'LISTEN'),
      other: ({ listed }) => show(listed, []),
    },
    'ss-shows-a-socket-of-two-processes-as': {
      'two-rows': ({ listed }) => twice(listed, 'ss'),
      'one-process': [
        ({ listed, child }) => forget(listed, 'ss', child?.pid ?? 0),
        (evidence) => void (evidence.child = null),
      ],
      other: ({ listed, parent }) => forget(listed, 'ss', parent.pid),
    },
    'lsof-and-ss-show': {
      'different-sockets': [
        ({ listed }) => twice(listed, 'lsof'),
        ({ listed }) => drop(listed, 'ss', 'udp'),
        ({ listed }) => drop(listed, 'netstat', 'tcp'),
        ({ listed }) => twice(listed, 'proc'),
      ],
      'different-processes': ({ listed, child }) => forget(listed, 'lsof', child?.pid ?? 0),
      other: ({ listed }) => show(listed, []), // the programs were never there
    },
    'lines-of-lsof-n-are': {
      'mostly-sockets': ({ files }) => files && (files.printed = ['      9 IPv4', '      1 REG', '      1 TYPE']),
      other: [
        (evidence) => void (evidence.files = null),
        ({ files }) => files && (files.printed = ['     12 REG', '      1 TYPE']), // no socket at all
      ],
    },
  },
  twoKinds: {
    'lsof-shows-dual-stack-and-ipv6-only': {
      apart: ({ whileOnly }) => reprint(whileOnly, /TCP \*/, 'TCP [::]'),
      other: [
        ({ whileDual }) => reprint(whileDual, /IPv6/, 'IPv4'),
        ({ whileOnly }) => reprint(whileOnly, /.*LISTEN.*/, ''),
      ],
    },
    'ss-shows-dual-stack-and-ipv6-only': {
      alike: ({ whileDual }) => reprint(whileDual, / \*:8080/, ' [::]:8080'),
      other: ({ whileOnly }) => reprint(whileOnly, /.*LISTEN.*/, ''),
    },
  },
  anotherMachine: {
    'fstat-netstat-and-real-sockets-show': {
      'netstat-differs': ({ netstat }) => void netstat.rows.pop(),
      'sockets-differ': [({ listed }) => void listed.rows.pop(), ({ listed }) => onLoopback(listed)],
      other: ({ fstat }) => void fstat.unread.push('root sshd 412 4* internet stream tcp'),
    },
    'star-of-the-listing-is-reached-over': {
      'loopback-only': ({ web }) => refuse(web),
      other: [({ web }) => refuse(web, 'timed-out'), ({ database }) => serve(database, 'as-listed')],
    },
    'alarming-services-are-open-to-other-machines': {
      some: ({ listed }) => onLoopback(listed, ({ local }) => local.port !== 23),
      none: ({ listed }) => onLoopback(listed),
      other: ({ fstat }) => void (fstat.rows = []),
    },
    'lsof-tells-of-each-socket-what-fstat-tells': {
      'part-of-it': ({ listed }) => onLoopback(listed),
      nothing: [
        ({ listed }) => rowsOf(listed, 'lsof').forEach((row) => void (row.holders = [])),
        ({ listed }) => show(listed, []),
      ],
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('lsof-and-ss-show'))).toEqual({ H8: true })
  expect(claimsIn(answer('lsof-shows-dual-stack-and-ipv6-only'))).toEqual({ C14: true })
  expect(claimsIn(answer('fstat-netstat-and-real-sockets-show'))).toEqual({ N4: true, N5: true })
  expect(claimsIn(answer('lsof-tells-of-each-socket-what-fstat-tells'))).toEqual({ N6: true, N12: true })
})
