/** Which handed-in programs are seen alone, and which are not started again. What an act came to is made up here. */

import { describe, expect, test } from 'vitest'

import type { ActEvidence, Step } from '../../harness/domain/evidence.ts'
import { unseenAct } from '../../harness/domain/evidence.ts'
import type { FindingKind } from '../../harness/domain/role.ts'
import { Performances } from '../../harness/grade/performances.ts'

const [ACT, PORT] = ['both', 12_000]
const task = (act = ACT) => ({ lab: '01-first', act, port: PORT, roles: ['server1', 'server2', 'client'] })

const started = (program: string, outcome: string) =>
  ({ number: 1, atMs: 0, tookMs: 1, kind: 'start', program, args: [], saw: { program, outcome } }) as unknown as Step

type Came = { problem?: string; starts?: Record<string, string>; findings?: Record<string, FindingKind> }

function evidenceOf({ problem, starts = {}, findings = {} }: Came): ActEvidence {
  return {
    ...unseenAct(ACT, ''),
    problem: problem ?? null,
    steps: Object.entries(starts).map(([program, outcome]) => started(program, outcome)),
    findings: Object.entries(findings).map(([role, kind]) => ({ role, kind, facts: {} })),
  }
}

/** Performs act after act, each of which comes to what is told of its roles, and notes who stood in, and where. */
async function perform(handedIn: string[], came: Record<string, Came>, acts = [task()]) {
  const asked: { roles: string; port: number }[] = []
  const performances = new Performances(new Map(handedIn.map((role) => [role, {}])), ({ port }, roles) => {
    asked.push({ roles: roles.join(' '), port })
    return Promise.resolve(evidenceOf(came[roles.join(' ')] ?? {}))
  })
  const performed = []
  for (const act of acts) performed.push(...(await performances.of(act)))
  return { asked, performed, roles: performed.map((one) => [one.roles.join(' '), one.isAlone]) }
}

describe('the programs of one act', () => {
  test('stand in together, and once, where all was seen', async () => {
    const { asked, roles } = await perform(['server1', 'server2'], {})
    expect(asked).toEqual([{ roles: 'server1 server2', port: PORT }])
    expect(roles).toEqual([['server1 server2', false]])
  })

  test('one that another one may have kept from its socket is seen alone, on a port that nobody had', async () => {
    const { asked, performed, roles } = await perform(['server1', 'server2'], {
      'server1 server2': {
        starts: { server1: 'listening', server2: 'ended' },
        findings: { server1: 'never-accepts', server2: 'crashed' },
      },
      server2: { starts: { server2: 'listening' } },
    })
    expect(asked.map((one) => one.roles)).toEqual(['server1 server2', 'server2'])
    expect(new Set(asked.map(({ port }) => port)).size).toBe(2)
    expect(roles).toEqual([
      ['server1 server2', false],
      ['server2', true],
    ])
    // What was found of it beside the other one does not count, and what was found of the other one does.
    expect(performed[0]?.evidence.findings?.map(({ role }) => role)).toEqual(['server1'])
  })

  test('where the act came to nothing each is seen alone, and loses nothing by the other', async () => {
    const { asked, performed, roles } = await perform(['server1', 'server2'], {
      'server1 server2': { problem: 'no table shows the connection', findings: { server1: 'ended-early' } },
      server1: { problem: 'no table shows the connection' },
    })
    expect(asked.map((one) => one.roles)).toEqual(['server1 server2', 'server1', 'server2'])
    expect(roles).toEqual([
      ['server1 server2', false],
      ['server2', true],
    ])
    expect(performed[0]?.seenAlone).toEqual(['server2'])
    expect(performed[0]?.evidence.problem).toBe('no table shows the connection')
    expect(performed[0]?.evidence.findings?.map(({ role }) => role)).toEqual(['server1'])
    expect(performed[1]?.evidence.problem).toBeNull()
  })

  test('one alone that came to nothing is not tried again', async () => {
    const { asked, roles } = await perform(['server1'], { server1: { problem: 'too slow' } })
    expect(asked).toHaveLength(1)
    expect(roles).toEqual([['server1', false]])
  })

  test('one that took too much is started no more, in no lab', async () => {
    const took = { findings: { server1: 'too-many-processes' } } satisfies Came
    const acts = [task(), { ...task('next'), lab: '02-second' }]
    const { asked } = await perform(['server1', 'server2'], { 'server1 server2': took }, acts)
    expect(asked.map((one) => one.roles)).toEqual(['server1 server2', 'server2'])
    const spoiled = { 'server1 server2': { ...took, problem: 'it was reset' } }
    expect((await perform(['server1', 'server2'], spoiled)).asked.map((one) => one.roles)).toEqual([
      'server1 server2',
      'server2',
    ])
  })

  test('one that had its socket in no way is left out of the same lab only, and nobody left is told as such', async () => {
    const silent = { starts: { server1: 'silent' } }
    const acts = [task(), task('next'), { ...task('last'), lab: '02-second' }]
    const { asked, performed } = await perform(['server1'], { server1: silent }, acts)
    expect(asked).toHaveLength(2)
    expect(performed[1]).toMatchObject({ roles: [], isAlone: false, evidence: { act: 'next' } })
    expect(performed[1]?.evidence.problem).not.toBeNull()
  })
})
