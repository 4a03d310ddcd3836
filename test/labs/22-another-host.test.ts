/** Lab 22 on changed evidence: every outcome is reached, judged and told. */

import { expect, test } from 'vitest'

import type { Listed, Ran, Said, Started } from '../../harness/domain/observation.ts'
import lab from '../../labs/22-another-host/lab.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

const tell = (said: Said, change: object) => Object.assign(said, { value: { ...(said.value as object), ...change } })

const refuse = (said: Said, code = 'ECONNREFUSED') => tell(said, { outcome: code, heard: '', connected: 0 })

const greet = (said: Said, { program, pid }: Pick<Started, 'program' | 'pid'>) =>
  tell(said, { outcome: 'connected', heard: `${program}, process ${pid}`, connected: 1 })

const STRANGER = { program: 'listener', pid: 4999 }

/** The listing without the lines of this port, or with one more. */
const leaveOut = (netstat: Ran | null, port: number) => {
  if (netstat) netstat.printed = netstat.printed.filter((line) => !line.includes(`:${port} `))
}
const keep = (netstat: Ran | null, port: number) => {
  netstat?.printed.push(`tcp        0      0 0.0.0.0:${port}            0.0.0.0:*       LISTEN`)
}

/** As if netstat were missing: the rows of another listing are judged. */
const withoutNetstat = (evidence: { netstat: Ran | null; listed: Listed }) => {
  evidence.netstat = null
}

/** The counters of one device, moved by so many packets sent. */
const count = ({ printed }: Ran, device: string, by: number) => {
  const at = printed.findIndex((line) => line.trim().startsWith(`${device}:`))
  const [, name = '', numbers = ''] = /^(\s*\w+:)\s*(.*)$/.exec(printed[at] ?? '') ?? []
  const columns = numbers.split(/ +/)
  columns[9] = String(Number(columns[9]) + by)
  printed[at] = `${name} ${columns.join(' ')}`
}

type Way = Awaited<ReturnType<(typeof lab)['acts']['whichWay']['experiment']>>
type Moment = 'afterLoopback' | 'afterOwn' | 'afterOther'

/** From this moment on the devices had sent so many packets more. */
const more = (way: Way, from: Moment, packets: { lo?: number; wire?: number }) => {
  const moments: Moment[] = ['afterLoopback', 'afterOwn', 'afterOther']
  for (const moment of moments.slice(moments.indexOf(from))) {
    count(way[moment], 'lo', packets.lo ?? 0)
    count(way[moment], way.wire, packets.wire ?? 0)
  }
}

const answer = await testOutcomes(lab, {
  fromOutside: {
    'second-host-reaches-wildcard-and-wire-listeners': {
      first: ({ toWire }) => refuse(toWire),
      second: ({ toWildcard }) => refuse(toWildcard),
      neither: [
        ({ toWildcard, toWire }) => {
          refuse(toWildcard)
          refuse(toWire)
        },
      ],
      other: [({ toWildcard }) => greet(toWildcard, STRANGER), ({ toWire }) => refuse(toWire, 'ETIMEDOUT')],
    },
    'second-host-reaches-loopback-listeners': {
      first: ({ toLoopback, server }) => greet(toLoopback, server),
      second: ({ toSecond, server }) => greet(toSecond, server),
      both: ({ toLoopback, toSecond, server }) => {
        greet(toLoopback, server)
        greet(toSecond, server)
      },
      other: ({ toLoopback }) => refuse(toLoopback, 'EHOSTUNREACH'),
    },
    'loopback-address-means-another-host-there': {
      'the-first-host': ({ toItself, server }) => greet(toItself, server),
      nobody: ({ toItself }) => refuse(toItself),
      other: ({ toItself }) => greet(toItself, STRANGER),
    },
    'rule-of-the-document-judges-127-0-0-2': {
      'kept-and-reached': ({ toSecond, server }) => greet(toSecond, server),
      'left-out-and-not-reached': ({ netstat }) => leaveOut(netstat, 8083),
      'left-out-and-reached': ({ netstat, toSecond, server }) => {
        leaveOut(netstat, 8083)
        greet(toSecond, server)
      },
      'kept-and-not-reached': withoutNetstat,
      other: [({ toSecond }) => refuse(toSecond, 'ENETUNREACH'), ({ toSecond }) => greet(toSecond, STRANGER)],
    },
    'rule-of-the-document-judges-a-dual-stack-listener': {
      'kept-and-reached': ({ netstat }) => keep(netstat, 8084),
      'left-out-and-not-reached': ({ toIPv6 }) => refuse(toIPv6),
      'kept-and-not-reached': ({ netstat, toIPv6 }) => {
        keep(netstat, 8084)
        refuse(toIPv6)
      },
      'left-out-and-reached': withoutNetstat,
      other: ({ toIPv6 }) => greet(toIPv6, STRANGER),
    },
  },
  whichWay: {
    'packets-for-127-0-0-1-pass-the-loopback-device': {
      wire: (way) => more(way, 'afterLoopback', { lo: -160, wire: 160 }),
      both: (way) => more(way, 'afterLoopback', { wire: 160 }),
      other: [
        (way) => more(way, 'afterLoopback', { lo: -160 }),
        ({ toLoopback }) => refuse(toLoopback),
        ({ loopbackRoute }) => loopbackRoute.printed.unshift('127.0.0.1 dev veth0 src 192.0.2.1 uid 0'),
        ({ afterLoopback }) => afterLoopback.printed.splice(0),
      ],
    },
    'packets-for-the-hosts-own-address-pass-the-loopback-device': {
      wire: (way) => more(way, 'afterOwn', { lo: -160, wire: 160 }),
      both: (way) => more(way, 'afterOwn', { wire: 160 }),
      other: ({ toOwn }) => refuse(toOwn),
    },
    'packets-for-the-other-host-pass-the-wire': {
      lo: (way) => more(way, 'afterOther', { lo: 160, wire: -80 }),
      both: (way) => more(way, 'afterOther', { lo: 160 }),
      other: ({ toOther }) => refuse(toOther),
    },
  },
})

test('the claims of the documents', () => {
  expect(claimsIn(answer('second-host-reaches-wildcard-and-wire-listeners'))).toEqual({ N3: true })
  expect(claimsIn(answer('rule-of-the-document-judges-127-0-0-2'))).toEqual({ N3: false })
  expect(claimsIn(answer('rule-of-the-document-judges-a-dual-stack-listener'))).toEqual({ N3: false })
  expect(claimsIn(answer('packets-for-127-0-0-1-pass-the-loopback-device'))).toEqual({ N7: true, N8: true })
})
