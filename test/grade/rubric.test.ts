/** A rubric: read, or refused in one line that says where and what is allowed; and the items that follow from it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { OWN_LABS } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import { planItems } from '../../harness/grade/plan.ts'
import type { Rubric } from '../../harness/grade/rubric.ts'
import { readRubric, RubricError, USUAL_RUBRIC } from '../../harness/grade/rubric.ts'

const LAB = '04-dual-stack'
const CHECK = 'ipv4-client-reaches-dual-stack-listener'
const OVER_IPV6 = 'ipv6-client-reaches-dual-stack-listener'
const OF_ONE_PROCESS = 'one-process-serves-tcp-and-udp-clients'

let labs: LoadedLab[]
beforeAll(async () => {
  labs = await Promise.all(['01-tcp-udp-same-port', LAB].map((id) => loadLab(id, OWN_LABS)))
})

const top = mkdtempSync(join(tmpdir(), 'rubric-'))
afterAll(() => rmSync(top, { recursive: true }))
const file = join(top, 'rubric.json')

async function read(value: unknown): Promise<Rubric> {
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return await readRubric(file, labs)
}
const ofCheck = (told: unknown, check = CHECK) => ({ checks: { [LAB]: { [check]: told } } })

describe('a rubric', () => {
  test('may say nothing: every answer is a point, and shown', async () => {
    expect(await read({})).toEqual(USUAL_RUBRIC)
  })

  test('says which labs, what they are worth, and when they are due', async () => {
    const rubric = await read({
      $schema: './rubric.schema.json',
      labs: ['04', 'tcp-udp-same-port'],
      due: '2027-01-31T18:00:00+01:00',
      default: { prediction: 2, visibility: 'after-due' },
      ...ofCheck({ prediction: { points: 3, partial: { 'timed-out': 1 } }, program: 0, restsOn: OVER_IPV6 }),
    })
    expect(rubric).toEqual({
      labs: ['01-tcp-udp-same-port', LAB],
      due: '2027-01-31T18:00:00+01:00',
      default: { prediction: 2, program: 1, visibility: 'after-due' },
      checks: {
        [LAB]: {
          [CHECK]: { prediction: 3, partial: { 'timed-out': 1 }, program: 0, visibility: null, restsOn: OVER_IPV6 },
        },
      },
    })
  })

  test.each<[string, unknown, string]>([
    ['no JSON', '{"labs": [}', 'is no JSON that can be taken: line 1, column 11: here a value has to stand'],
    ['a list', '[]', ': the whole file has to be an object'],
    ['a misspelt field', { lab: [LAB] }, ": there is no field 'lab'; the nearest is 'labs'"],
    ['no labs', { labs: [] }, ': labs is empty; name at least one lab, or leave it out'],
    ['an unknown lab', { labs: ['04', '99'] }, ": labs[1]: there is no lab '99'; the nearest are"],
    ['a lab as a number', { labs: [4] }, ': labs[0] has to be the name of a lab in double quotes'],
    [
      'a date without a time',
      { due: '2027-01-31' },
      ": due is '2027-01-31'; it has to be a date with its time and offset",
    ],
    ['a date without an offset', { due: '2027-01-31T18:00:00' }, 'it has to be a date with its time and offset'],
    ['a day that is not there', { due: '2027-02-30T18:00:00Z' }, 'it has to be a date with its time and offset'],
    ['an hour that is not there', { due: '2027-02-20T25:00:00Z' }, 'it has to be a date with its time and offset'],
    ['half a point', { default: { prediction: 0.5 } }, ': default.prediction has to be a whole number from 0 to 1000'],
    ['less than nothing', { default: { program: -1 } }, ': default.program has to be a whole number from 0 to 1000'],
    [
      'too many points',
      ofCheck({ program: 1001 }),
      `checks.${LAB}.${CHECK}.program has to be a whole number from 0 to`,
    ],
    ['points in words', ofCheck({ program: '3' }), `checks.${LAB}.${CHECK}.program has to be a whole number`],
    ['an unknown visibility', { default: { visibility: 'hidden' } }, 'has to be one of "shown", "after-due", "points-'],
    ['an unknown check', ofCheck(1, 'ipv4-client-reaches-dual-stack'), `the nearest is '${CHECK}'`],
    ['a check of another lab', { labs: ['01'], ...ofCheck({}) }, `checks: '${LAB}' is no lab that is graded`],
    [
      'a misspelt part',
      ofCheck({ predicton: 1 }),
      `checks.${LAB}.${CHECK}: there is no field 'predicton'; the nearest is`,
    ],
    ['partial without points', ofCheck({ prediction: { partial: {} } }), '.prediction.points is missing'],
    [
      'an unknown outcome',
      ofCheck({ prediction: { points: 2, partial: { ECONREFUSED: 1 } } }),
      "nearest is 'ECONNREFUSED'",
    ],
    [
      'more for less',
      ofCheck({ prediction: { points: 2, partial: { 'timed-out': 3 } } }),
      '.prediction.partial.timed-out has to be a whole number from 0 to 2',
    ],
    ['a role of another lab', { checks: { [LAB]: { server1: {} } } }, "there is no check and no role 'server1'"],
    ['a prediction of a role', { checks: { [LAB]: { server7: { prediction: 1 } } } }, "there is no field 'prediction'"],
    ['resting on a role elsewhere', ofCheck({ restsOn: 'server1' }), 'and no role of this one; the nearest is'],
    [
      'resting on nothing',
      ofCheck({ restsOn: 'ipv6-client' }),
      "is 'ipv6-client', which is no check of these labs and no role of this one",
    ],
    ['resting on itself', ofCheck({ restsOn: CHECK }), `leads from ${CHECK} to ${CHECK}; it must not go round`],
    [
      'resting in a circle',
      { checks: { [LAB]: { [CHECK]: { restsOn: OVER_IPV6 }, [OVER_IPV6]: { restsOn: CHECK } } } },
      'it must not go round',
    ],
    [
      'resting on what is not graded',
      { checks: { [LAB]: { [CHECK]: { restsOn: OVER_IPV6 }, [OVER_IPV6]: { prediction: 0, program: 0 } } } },
      'but the two have no part in common that gives points',
    ],
  ])('is refused: %s', async (_, value, says) => {
    const refused = await read(value).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RubricError)
    const { message } = refused as RubricError
    expect(message).toMatch(/^\/[^\n]+rubric\.json(?:: | is )[^\n]+$/)
    expect(message).toContain(says)
  })

  test('that is not there is told as such', async () => {
    await expect(readRubric(join(top, 'none.json'), labs)).rejects.toThrow('none.json is not there')
  })

  test('of any JSON is read, or refused with a RubricError', async () => {
    const word = fc.constantFrom('labs', 'due', 'default', 'checks', 'prediction', 'partial', 'restsOn', LAB, CHECK)
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(CHECK, LAB, 3, -1, null, true, 'shown'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(word, tie('tree'), { maxKeys: 4 }),
      ),
    }))
    const answer = async (value: unknown) => {
      const refused = await read(value).catch((error: unknown) => error)
      expect(refused instanceof RubricError || !(refused instanceof Error)).toBe(true)
    }
    await fc.assert(fc.asyncProperty(tree, answer), { numRuns: 200 })
    expect.hasAssertions()
  })
})

describe('the items of a rubric', () => {
  test('are a prediction for each check, and a program where a role has a part', () => {
    const items = planItems(labs, USUAL_RUBRIC)
    expect(items.filter(({ act, isRole }) => act === 'sameNumber' && !isRole).slice(0, 2)).toMatchObject([
      { part: 'prediction', maxPoints: 1, visibility: 'shown', roles: [], act: 'sameNumber' },
      { part: 'program', maxPoints: 1, visibility: 'shown', roles: ['server1', 'server2'], act: 'sameNumber' },
    ])
    expect(items.find(({ id }) => id === `${LAB}/${CHECK}/program`)).toEqual({
      id: `${LAB}/${CHECK}/program`,
      lab: LAB,
      labTitle: 'One listener on ::, and two versions of IP',
      act: 'dualStack',
      check: CHECK,
      part: 'program',
      question: expect.stringContaining('127.0.0.1') as string,
      maxPoints: 1,
      visibility: 'shown',
      file: `labs/${LAB}/lab.ts`,
      line: expect.any(Number) as number,
      partial: {},
      restsOn: null,
      roles: ['server7'],
      isRole: false,
    })
    expect(items.filter(({ isRole }) => isRole).map(({ id }) => id)).toEqual([
      '01-tcp-udp-same-port/server1/program',
      '01-tcp-udp-same-port/server2/program',
      '01-tcp-udp-same-port/client/program',
      `${LAB}/server6/program`,
      `${LAB}/server7/program`,
      `${LAB}/server8/program`,
    ])
    expect(items.filter(({ check }) => check === OF_ONE_PROCESS).map(({ part }) => part)).toEqual(['prediction'])
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
  })

  test('have the points and the visibility of their check', async () => {
    const told = { prediction: { points: 4, partial: { 'timed-out': 2 } }, program: 5, visibility: 'points-only' }
    const items = planItems(labs, await read({ ...ofCheck(told), default: { prediction: 2, program: 3 } }))
    expect(items.filter(({ check }) => check === CHECK)).toMatchObject([
      { part: 'prediction', maxPoints: 4, partial: { 'timed-out': 2 }, visibility: 'points-only' },
      { part: 'program', maxPoints: 5, partial: {}, visibility: 'points-only' },
    ])
    expect(items.filter(({ check }) => check === OVER_IPV6)).toMatchObject([{ maxPoints: 2 }, { maxPoints: 3 }])
  })

  test('rest on the same part of another check', async () => {
    const rubric = await read({ ...ofCheck({ restsOn: OVER_IPV6 }) })
    expect(planItems(labs, rubric).flatMap(({ id, restsOn }) => (restsOn ? [[id, restsOn]] : []))).toEqual([
      [`${LAB}/${CHECK}/prediction`, `${LAB}/${OVER_IPV6}/prediction`],
      [`${LAB}/${CHECK}/program`, `${LAB}/${OVER_IPV6}/program`],
    ])
  })

  test('have the points of their role, and rest on it', async () => {
    const told = { server7: { program: 7, visibility: 'after-due' }, [CHECK]: { restsOn: 'server7' } }
    const items = planItems(labs, await read({ checks: { [LAB]: told } }))
    expect(items.find(({ id }) => id === `${LAB}/server7/program`)).toMatchObject({
      maxPoints: 7,
      visibility: 'after-due',
      restsOn: null,
    })
    expect(items.filter(({ check }) => check === CHECK).map(({ restsOn }) => restsOn)).toEqual([
      null,
      `${LAB}/server7/program`,
    ])
  })

  test('of which only the points are told stay so after the due date, where their role is hidden until then', async () => {
    const told = { server7: { visibility: 'after-due' }, [CHECK]: { visibility: 'points-only' } }
    const items = planItems(labs, await read({ checks: { [LAB]: told } }))
    const ofCheck = items.filter(({ check }) => check === CHECK)
    expect(ofCheck.map(({ part, visibility }) => [part, visibility])).toEqual([
      ['prediction', 'points-only'],
      ['program', 'points-after-due'],
    ])
  })

  test('are those that give points, of the labs that are graded', async () => {
    const items = planItems(labs, await read({ labs: ['04'], default: { prediction: 0 } }))
    expect(new Set(items.map(({ part }) => part))).toEqual(new Set(['program']))
    expect(new Set(items.map(({ lab }) => lab))).toEqual(new Set([LAB]))
  })
})
