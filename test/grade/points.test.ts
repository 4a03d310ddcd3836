/** Points, by hand-made observations: of predictions, of programs, and of what rests on something else. */

import { describe, expect, test } from 'vitest'

import { labsFolder } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { recordingFile } from '../../harness/cli/docs-recording.ts'
import { readSaved } from '../../harness/cli/saved.ts'
import type { ActEvidence } from '../../harness/domain/evidence.ts'
import { unseenAct } from '../../harness/domain/evidence.ts'
import type { GradedItem } from '../../harness/domain/graded.ts'
import type { FindingKind } from '../../harness/domain/role.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import type { Examination, PerformedAct } from '../../harness/grade/examine.ts'
import { emptyExamination } from '../../harness/grade/examine.ts'
import type { PlannedItem } from '../../harness/grade/plan.ts'
import { planItems } from '../../harness/grade/plan.ts'
import { gradePrediction } from '../../harness/grade/prediction-items.ts'
import { gradeProgram } from '../../harness/grade/program-items.ts'
import { applyRests } from '../../harness/grade/rests.ts'
import { USUAL_RUBRIC } from '../../harness/grade/rubric.ts'
import type { Submission } from '../../harness/grade/submission.ts'
import { answerAct } from '../../harness/run/answer.ts'

const LAB = '04-dual-stack'
const CHECK = 'ipv4-client-reaches-dual-stack-listener'
const SIDE_BY_SIDE = 'ipv6only-and-ipv4-wildcard-listeners-run-side-by-side'
const loaded = await loadLab(LAB)
const { host, labs } = readSaved(recordingFile(labsFolder(), LAB))
const recorded = labs[0]?.acts ?? []
const results = recorded.flatMap((act) => answerAct(loaded, act, host))
const referenceWith = (change: Partial<CheckResult> = {}) =>
  new Map(results.map((one) => [`${LAB}/${one.id}`, { ...one, ...change }]))

const plan = planItems([loaded], { ...USUAL_RUBRIC, default: { prediction: 4, program: 5, visibility: 'shown' } })
const planned = (check: string, part: 'prediction' | 'program', change: Partial<PlannedItem> = {}): PlannedItem => {
  const found = plan.find((one) => one.check === check && one.part === part)
  if (!found) throw new Error(`nothing is planned for ${check}`)
  return { ...found, ...change }
}

describe('a prediction', () => {
  const grade = (predicted: string | null, reference = referenceWith(), change: Partial<PlannedItem> = {}) =>
    gradePrediction(planned(CHECK, 'prediction', change), predicted, {
      reference,
      whyExpected: (_, outcome) => `Many say ${outcome}.`,
    })

  test('is right where the machine did the same, whatever the table of the lab says', () => {
    expect(grade('connected')).toMatchObject({ verdict: 'pass', points: 4, maxPoints: 4, outcome: 'connected' })
    expect(grade('timed-out', referenceWith({ observed: 'timed-out' }))).toMatchObject({ verdict: 'pass', points: 4 })
    expect(grade('connected', referenceWith({ observed: 'timed-out' }))).toMatchObject({ verdict: 'fail', points: 0 })
  })

  test('that is wrong has what was seen, why, and why many think so', () => {
    const { verdict, points, maxPoints, expected, observed, why } = grade('ECONNREFUSED')
    expect({ verdict, points, maxPoints }).toEqual({ verdict: 'fail', points: 0, maxPoints: 4 })
    expect([expected, observed]).toEqual(['Yes, it is connected.', 'No, it is refused.'])
    expect(why).toMatch(/server7.+IPV6_V6ONLY.+Many say ECONNREFUSED\.$/s)
  })

  test('may have some of the points, never more than there are, and none where it is not there', () => {
    const partial = { partial: { 'timed-out': 3, ECONNREFUSED: 9 } }
    expect(grade('timed-out', referenceWith(), partial)).toMatchObject({ verdict: 'partial', points: 3, maxPoints: 4 })
    expect(grade('ECONNREFUSED', referenceWith(), partial)).toMatchObject({ verdict: 'partial', points: 4 })
    expect(grade(null, referenceWith(), partial)).toMatchObject({ verdict: 'fail', points: 0, maxPoints: 4 })
  })

  test('is worth nothing, and loses nothing, where the machine was not seen to do anything', () => {
    const nothing = { points: 0, maxPoints: 0 }
    const skip = referenceWith({ verdict: 'skip', observed: null, seen: 'ipv6-loopback: absent' })
    expect(grade('connected', skip)).toMatchObject({ ...nothing, verdict: 'skip', why: 'ipv6-loopback: absent' })
    for (const reference of [
      new Map(),
      referenceWith({ verdict: 'inconclusive', observed: null }),
      referenceWith({ observed: 'other' }),
    ]) {
      expect(grade('connected', reference)).toMatchObject({ ...nothing, verdict: 'inconclusive' })
      expect(grade(null, reference)).toMatchObject({ ...nothing, verdict: 'inconclusive' })
    }
  })
})

const program = { run: ['./it'], build: null }
const handedIn = (...roles: string[]): Submission => ({
  author: 'ada',
  labs: null,
  predictions: {},
  explanations: {},
  programs: Object.fromEntries(roles.map((role) => [role, program])),
  notes: [],
})

function performed(act: string, roles: string[], change: Partial<ActEvidence> = {}): PerformedAct {
  const found = recorded.find((one) => one.act === act) as ActEvidence
  return { lab: LAB, roles, isAlone: false, evidence: { ...found, ...change } }
}

const found = (role: string, kind: FindingKind = 'never-accepts') => ({ kind, role, facts: { waitedMs: 4000 } })

describe('a program', () => {
  const grade = (
    check: string,
    acts: PerformedAct[],
    change: Partial<Examination> = {},
    roles = ['server6', 'server8'],
  ) =>
    gradeProgram(planned(check, 'program'), {
      labs: new Map([[LAB, loaded]]),
      host,
      submission: handedIn(...roles),
      examination: { ...emptyExamination(), performed: acts, ...change },
      reference: referenceWith(),
    })
  const both = ['server6', 'server8']

  test('has the points of its role and of the checks where nothing was found of it', () => {
    const acts = [performed('ipv6Only', both)]
    expect(grade('server8', acts)).toMatchObject({ verdict: 'pass', points: 5, maxPoints: 5 })
    expect(grade(SIDE_BY_SIDE, acts)).toMatchObject({ verdict: 'pass', points: 5, outcome: 'both-orders' })
  })

  test('loses those of its role by a finding, in words, and not those of another role', () => {
    const acts = [performed('ipv6Only', both, { findings: [found('server8')] })]
    const lost = grade('server8', acts)
    expect(lost).toMatchObject({ verdict: 'fail', points: 0, maxPoints: 5, findings: [found('server8')] })
    expect(lost.observed).toMatch(/server8 did not accept it/)
    expect(grade('server6', acts)).toMatchObject({ verdict: 'pass', points: 5 })
  })

  test('that was not handed in, not built or not taken has none', () => {
    expect(grade('server8', [], {}, ['server6'])).toMatchObject({ verdict: 'fail', points: 0, maxPoints: 5 })
    expect(grade('server8', [], { unbuilt: new Map([['server8', 'cc is sad']]) }).observed).toMatch(/cc is sad/)
    expect(grade('server8', [], { refused: 'It is too large.' }).observed).toMatch(/It is too large\./)
  })

  test('that never had its socket skips the checks that rest on it, and says on what', () => {
    const acts = [performed('ipv6Only', both, { steps: [], findings: [found('server8', 'ended-early')] })]
    expect(grade(SIDE_BY_SIDE, acts)).toMatchObject({ verdict: 'skip', points: 0, maxPoints: 5 })
    expect(grade(SIDE_BY_SIDE, [performed('ipv6Only', ['server6'])])).toMatchObject({
      verdict: 'skip',
      restsOn: `${LAB}/server8/program`,
    })
  })

  test('is judged in its role by an act in which it was alone, and in no check', () => {
    const alone = { ...performed('ipv6Only', ['server6']), isAlone: true }
    const joint = performed('ipv6Only', both, { steps: [] })
    expect(grade('server6', [joint, alone])).toMatchObject({ verdict: 'pass', points: 5 })
    expect(grade(SIDE_BY_SIDE, [joint, alone])).toMatchObject({ verdict: 'skip', points: 0 })
  })

  test('loses nothing by another one with which the act came to nothing, where it was seen alone', () => {
    const alone = { ...performed('ipv6Only', ['server6']), isAlone: true }
    const evidence = unseenAct('ipv6Only', 'no table shows the connection')
    const joint = { lab: LAB, roles: both, isAlone: false, evidence, seenAlone: ['server6'] }
    expect(grade('server6', [joint, alone])).toMatchObject({ verdict: 'pass', points: 5 })
    for (const acts of [
      [joint, alone],
      [joint, alone, performed('ipv6Only', both)],
    ]) {
      expect(grade('server8', acts)).toMatchObject({ verdict: 'inconclusive', maxPoints: 0 })
      expect(grade(SIDE_BY_SIDE, acts)).toMatchObject({ verdict: 'inconclusive', maxPoints: 0 })
    }
  })

  test('has to be right each time', () => {
    const wrong = performed('ipv6Only', both)
    const { evidence } = structuredClone(wrong)
    ;(evidence.evidence as { server6AfterServer8: { outcome: string } }).server6AfterServer8.outcome = 'EADDRINUSE'
    const item = grade(SIDE_BY_SIDE, [wrong, wrong, { ...wrong, evidence }])
    expect(item).toMatchObject({ verdict: 'fail', points: 0, maxPoints: 5 })
    expect(item.why).toMatch(/^It was right in 2 of 3 runs\./)
  })

  test('has not passed where a round of it was not performed', () => {
    const acts = [performed('ipv6Only', both), performed('ipv6Only', both, { findings: [found('server8')] })]
    const unperformed = { lab: LAB, roles: [], isAlone: false, evidence: unseenAct('ipv6Only', 'not performed') }
    expect(grade(SIDE_BY_SIDE, acts)).toMatchObject({ verdict: 'pass' })
    expect(grade(SIDE_BY_SIDE, [...acts, unperformed])).toMatchObject({ verdict: 'skip', points: 0, maxPoints: 5 })
    const unseen = { ...unperformed, roles: both, evidence: unseenAct('ipv6Only', 'no port') }
    for (const check of [SIDE_BY_SIDE, 'server6']) {
      const item = grade(check, [performed('ipv6Only', both), unseen])
      expect(item).toMatchObject({ verdict: 'inconclusive', points: 0, maxPoints: 0, why: 'no port' })
    }
  })

  test('that took too much has lost all in which it has a part, whatever else was seen', () => {
    const flood = found('server8', 'too-much-output')
    const acts = [performed('ipv6Only', both), performed('ipv6Only', both, { findings: [found('server8'), flood] })]
    expect(grade('server8', acts)).toMatchObject({ verdict: 'fail', points: 0, findings: [flood] })
    const restsOn = `${LAB}/server8/program`
    expect(grade(SIDE_BY_SIDE, acts)).toMatchObject({ verdict: 'skip', points: 0, maxPoints: 5, restsOn })
    expect(grade('server6', acts)).toMatchObject({ verdict: 'pass', points: 5 })
  })

  test('did not do what the kernel did alone', () => {
    const { evidence } = structuredClone(performed('dualStack', ['server7'], { findings: [found('server7')] }))
    const check = 'ipv6-client-reaches-dual-stack-listener'
    const came = () => grade(check, [{ ...performed('dualStack', ['server7']), evidence }], {}, ['server7'])
    expect(came()).toMatchObject({ verdict: 'pass' })
    for (const { kind, saw } of evidence.steps) if (kind === 'connect') saw.servedBy = null
    expect(came()).toMatchObject({ verdict: 'skip', points: 0, restsOn: `${LAB}/server7/program` })
    delete evidence.findings
    expect(came()).toMatchObject({ verdict: 'pass' })
  })

  test('was not refused where it had no socket at other times either', () => {
    const check = 'dual-stack-listener-starts-after-ipv4-wildcard-listener'
    const roles = ['server6', 'server7']
    expect(grade(check, [performed('bothWildcards', roles)], {}, roles)).toMatchObject({ verdict: 'pass' })
    const early = performed('dualStack', ['server7'], { findings: [found('server7', 'ended-early')] })
    const came = grade(check, [performed('bothWildcards', roles), early], {}, roles)
    expect(came).toMatchObject({ verdict: 'skip', points: 0, restsOn: `${LAB}/server7/program` })
  })

  test('loses nothing by what the grader could not do, or the machine cannot ask', () => {
    const nothing = { points: 0, maxPoints: 0 }
    const problem = { lab: LAB, roles: both, isAlone: false, evidence: unseenAct('ipv6Only', 'no port') }
    const skipped = { ...problem, evidence: { ...unseenAct('ipv6Only', ''), problem: null, skipped: 'no IPv6' } }
    for (const check of ['server8', SIDE_BY_SIDE]) {
      expect(grade(check, [])).toMatchObject({ ...nothing, verdict: 'inconclusive' })
      expect(grade(check, [problem])).toMatchObject({ ...nothing, verdict: 'inconclusive', why: 'no port' })
      expect(grade(check, [skipped])).toMatchObject({ ...nothing, verdict: 'skip', why: 'no IPv6' })
      expect(grade(check, [], { problem: 'out of memory' })).toMatchObject({ ...nothing, why: 'out of memory' })
    }
  })
})

describe('what rests on another item', () => {
  const [one, two, three] = [
    planned('server6', 'program'),
    planned('server7', 'program', { restsOn: `${LAB}/server6/program` }),
    planned('server8', 'program', { restsOn: `${LAB}/server7/program` }),
  ]
  const came = (...verdicts: GradedItem['verdict'][]) =>
    applyRests(
      [one, two, three].map((each, index) => ({
        ...gradePrediction(each, null, { reference: new Map(), whyExpected: () => null }),
        id: each.id,
        verdict: verdicts[index] ?? 'pass',
        points: verdicts[index] === 'pass' ? 5 : 0,
        maxPoints: 5,
      })),
      [one, two, three],
    ).map(({ verdict, points, restsOn }) => [verdict, points, restsOn])

  test('is skipped where that one was lost, and so on', () => {
    expect(came('fail', 'pass', 'pass')).toEqual([
      ['fail', 0, null],
      ['skip', 0, one.id],
      ['skip', 0, two.id],
    ])
  })

  test('stays as it is where that one was passed, in part or whole, or could not be asked', () => {
    for (const first of ['pass', 'partial', 'skip', 'inconclusive'] as const) {
      expect(came(first, 'pass', 'fail')[1]).toEqual(['pass', 5, null])
    }
  })

  test('is not skipped for it where it could not be asked itself', () => {
    expect(came('fail', 'inconclusive', 'pass')).toEqual([
      ['fail', 0, null],
      ['inconclusive', 0, null],
      ['pass', 5, null],
    ])
  })
})
