/** A right answer of an experiment that was not done as it was meant is none; a wrong one stays wrong. */

import { describe, expect, test } from 'vitest'

import type { Asked } from '../../harness/domain/program-event.ts'
import type { Started } from '../../harness/domain/observation.ts'
import { answerAct } from '../../harness/run/answer.ts'
import { actEvidence, connected, refused, row, started } from '../labs/evidence.ts'
import { check, loadedLab } from './lab.ts'

const OPTIONS = { ipv6Only: false, reusePort: false, reuseAddr: false }
const asked = (address: string, port = 8080): Asked => ({ protocol: 'tcp', address, port, listens: true, ...OPTIONS })

/** A check of the client, in an act with this server. */
function answer(server: Started, client = connected('127.0.0.1', 'server1'), checks = { 'a-check': check() }) {
  const answers = answerAct(loadedLab(checks), actEvidence('only', { server, client }), { os: 'linux' })
  return answers.map(({ verdict, seen }) => ({ verdict, seen }))
}

const inUse: Partial<Started> = { outcome: 'EADDRINUSE', local: null, rows: [row()] }

describe('a pass', () => {
  test.each<[string, Started, RegExp]>([
    [
      'has another port',
      started('s', '127.0.0.1', { asked: asked('127.0.0.1', 8079) }),
      /to have port 8079, and has 127/,
    ],
    [
      'has another address',
      started('s', '0.0.0.0', { asked: asked('::') }),
      /to have the address ::, and has 0\.0\.0\.0:8080/,
    ],
    [
      'was refused, and nobody asks for that',
      started('s', '127.0.0.1', inUse),
      /refused with EADDRINUSE, which nobody/,
    ],
    [
      'says that it is bound, and listens',
      started('s', '127.0.0.1', { outcome: 'bound' }),
      /tables show that it listens/,
    ],
  ])('is none where the server %s', (_what, server, why) => {
    expect(answer(server)).toEqual([{ verdict: 'inconclusive', seen: expect.stringMatching(why) as string }])
  })

  test.each<[string, Started]>([
    ['has what it asked for', started('s', '127.0.0.1', { asked: asked('127.0.0.1') })],
    ['left the port to the system', started('s', '127.0.0.1', { asked: asked('127.0.0.1', 0) })],
    ['asked for a name', started('s', '127.0.0.1', { asked: asked('localhost') })],
    ['asked for another spelling', started('s', '::1', { asked: asked('0:0:0:0:0:0:0:1') })],
    ['is bound, and no table shows it', started('s', '127.0.0.1', { outcome: 'bound', rows: [] })],
  ])('stays one where the server %s', (_what, server) => {
    expect(answer(server)).toMatchObject([{ verdict: 'pass' }])
  })

  test('stays one where another check expects the refusal', () => {
    const refusal = check({
      outcomes: ['listening', 'EADDRINUSE'],
      outcome: (evidence) => (evidence as { server: Started }).server.outcome,
      expect: { posix: { outcome: 'EADDRINUSE', source: 'bind(2)' } },
    })
    const both = { 'a-check': check(), 'a-refusal': refusal }
    const verdicts = answer(started('s', '127.0.0.1', inUse), undefined, both).map(({ verdict }) => verdict)
    expect(verdicts).toEqual(['pass', 'pass'])
  })
})

test('a wrong answer stays wrong, wherever the server is', () => {
  const elsewhere = started('s', '0.0.0.0', { asked: asked('::') })
  expect(answer(elsewhere, refused('127.0.0.1'))).toMatchObject([{ verdict: 'fail' }])
})
