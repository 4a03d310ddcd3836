/** Lab 09 on changed evidence: every answer that its checks can read off, and the words for it. */

import { describe, expect, test } from 'vitest'

import type { Json } from '../../harness/domain/json.ts'
import type { Said } from '../../harness/domain/observation.ts'
import lab from '../../labs/09-both-directions/lab.ts'
import { fail, refuse, show } from './changes.ts'
import { claimsIn, testOutcomes } from './outcomes.ts'

/** These clients came, none of whom said anything. */
const had = (visits: Said, ports: number[]) => {
  visits.value = ports.map((port) => ({ client: { address: '127.0.0.1', port }, said: [] })) as Json
}

const HEADER = 'State Recv-Q Send-Q Local Address:Port Peer Address:Port'
const ESTAB = 'ESTAB 0 0 127.0.0.1:8080 127.0.0.1:50123'
const OTHER = 'ESTAB 0 0 127.0.0.1:8080 127.0.0.1:50124'
const ENDED = 'TIME-WAIT 0 0 127.0.0.1:8080 127.0.0.1:50125'

const tcp = 'tcp-answer-leaves-from-the-listening-port'
const rows = 'listing-shows-both-sockets-of-a-connection-as-mirror-images'
const own = 'service-gets-traffic-for-the-port-of-another'

const answer = await testOutcomes(lab, {
  threeServices: {
    'one-machine-is-web-ftp-and-mail-server-at-once': {
      'not-all': [({ overFtp }) => refuse(overFtp), (evidence) => (evidence.page = null)],
      'mixed-up': [
        ({ overFtp, overMail }) => (overFtp.heard = overMail.heard),
        ({ page }) => page && (page.value = '220 FTP server, process 12'),
      ],
    },
    [own]: {
      'others-too': [
        ({ visits: { ftp }, overFtp, overMail }) => had(ftp, [overFtp.local?.port ?? 0, overMail.local?.port ?? 0]),
        ({ visits: { web } }) => had(web, [50_999]),
      ],
      nobody: ({ visits: { mail } }) => had(mail, []),
    },
  },
  thereAndBack: {
    [tcp]: {
      'another-port': [
        ({ client }) => client.rows[0] && (client.rows[0].peer = { address: '127.0.0.1', port: 40_001 }),
        ({ service }) => (service.local = { address: '127.0.0.1', port: 8081 }),
      ],
      'no-answer': (evidence) => (fail(evidence.client, 'ECONNREFUSED'), (evidence.greeted = null)),
      other: ({ listed }) => show(listed, []),
    },
    [rows]: {
      'two-others': ({ ofBoth }) => ofBoth && (ofBoth.printed = [HEADER, ESTAB, OTHER, ENDED]),
      'one-row': ({ ofBoth }) => ofBoth && (ofBoth.printed = [HEADER, ENDED, ESTAB]),
      'no-row': ({ ofBoth }) => ofBoth && (ofBoth.printed = [HEADER, ENDED]),
      other: [
        ({ ofBoth }) => ofBoth && (ofBoth.printed = [HEADER, ESTAB, OTHER, ESTAB]),
        (evidence) => (evidence.ofBoth = null),
      ],
    },
    'udp-answer-leaves-from-the-port-that-was-asked': {
      'another-port': ({ answered }) => (answered.value = { address: '127.0.0.1', port: 40_001 }),
    },
  },
})

describe('claims', () => {
  test('Q1, Q4 and T20 hold', () => {
    expect(claimsIn(answer('one-machine-is-web-ftp-and-mail-server-at-once'))).toEqual({ T20: true })
    expect(claimsIn(answer(own))).toEqual({ Q1: true })
    expect(claimsIn(answer(tcp))).toEqual({ Q4: true })
    expect(claimsIn(answer('udp-answer-leaves-from-the-port-that-was-asked'))).toEqual({ Q4: true })
  })

  test('Q1 would not hold where a service had the client of another one', () => {
    const crossed = answer(own, ({ visits: { web } }) => had(web, [50_999]))
    expect(claimsIn(crossed)).toEqual({ Q1: false })
    expect(crossed.seen).toContain('The web server had the client 127.0.0.1:50999.')
  })
})

describe('words', () => {
  test('the banners are quoted, and a service that had nobody is told as one', () => {
    expect(answer('one-machine-is-web-ftp-and-mail-server-at-once').seen).toMatch(/"220 FTP server, process \d+"/)
    expect(answer(own, ({ visits: { mail } }) => had(mail, [])).seen).toContain('The mail server had no client.')
  })
})
