/** What a student gets tells nothing of what is kept back, and of what is told by its points alone nothing but those. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { GradedItem, GradedSubmission } from '../../harness/domain/graded.ts'
import { forStudent as sheetForStudent } from '../../harness/report/graded/visibility.ts'
import type { Written } from './every-format.ts'
import { forStudent } from './every-format.ts'
import { ada, AFTER, BEFORE, item, submission } from './graded-sample.ts'

const SECRET = 'xyzzy'

/** An item in which every text, number and name is its own. */
const secret = fc.record({
  number: fc.nat(99),
  verdict: fc.constantFrom('pass', 'partial', 'fail', 'skip', 'inconclusive' as const),
  part: fc.constantFrom('prediction', 'program' as const),
  lab: fc.constantFrom('04-dual-stack', `77-${SECRET}`),
  maxPoints: fc.integer({ min: 0, max: 900 }),
  durationMs: fc.integer({ min: 1_000, max: 9_000 }),
})

const secretItem = (visibility: GradedItem['visibility']) =>
  secret.map(({ number, verdict, part, lab, maxPoints, durationMs }) => {
    const text = (of: string) => `${SECRET} ${of} ${number}`
    return item(`${SECRET}-check-${number}`, {
      id: `${lab}/${SECRET}-${number}/${part}`,
      visibility,
      verdict,
      part,
      lab,
      maxPoints,
      points: verdict === 'pass' ? maxPoints : 0,
      durationMs,
      labTitle: text('title'),
      act: text('act'),
      question: text('question'),
      expected: text('expected'),
      observed: text('observed'),
      why: text('why'),
      predicted: text('predicted'),
      outcome: text('outcome'),
      roles: [`${SECRET}-role`],
      findings: [{ kind: 'ended-early', role: `${SECRET}-role`, facts: { [SECRET]: SECRET } }],
      file: `labs/${SECRET}.ts`,
      line: 4_711,
    })
  })

const open = [item('ipv6-client'), item('ipv4-client', { verdict: 'fail', part: 'program', maxPoints: 3 })]

function withSecrets(secrets: readonly GradedItem[], at: number): GradedSubmission {
  const items = [...open.slice(0, at), ...secrets, ...open.slice(at)]
  return submission('ada', items, {
    notes: [...secrets.map(({ check }) => `the nearest name is ${check}`), 'a remark of its own'],
    printed: [
      { role: 'server7', text: 'open\n', cut: false },
      ...secrets.map(() => ({ role: `${SECRET}-role`, text: `${SECRET} met me\n`, cut: true })),
    ],
    durationMs: secrets.reduce((sum, { durationMs }) => sum + durationMs, 0),
  })
}

/** Gradescope keeps what is marked back by itself. */
function withoutLater(written: Written): Written {
  const document = JSON.parse(written['gradescope.json'] ?? '') as { tests: { visibility: string }[] }
  const tests = document.tests.filter(({ visibility }) => visibility === 'visible')
  return { ...written, 'gradescope.json': JSON.stringify({ ...document, tests }) }
}

const other = (change: Partial<GradedItem>, name = 'other') => item(name, { roles: [`${SECRET}-role`], ...change })

const seen = (secrets: readonly GradedItem[], at: number) => withoutLater(forStudent(withSecrets(secrets, at), BEFORE))
const several = (visibility: GradedItem['visibility']) =>
  fc.array(secretItem(visibility), { minLength: 1, maxLength: 3 })
const place = fc.nat(open.length)

describe('an item that is hidden until the due date, and tells of one of which only the points are told', () => {
  it('leaves nothing of itself beforehand', () => {
    fc.assert(
      fc.property(several('points-after-due'), place, (secrets, at) => {
        expect(Object.values(seen(secrets, at)).join('\n')).not.toContain(SECRET)
      }),
    )
  })

  it('is its points alone afterwards, also in what Gradescope keeps back by itself', () => {
    fc.assert(
      fc.property(several('points-after-due'), place, (secrets, at) => {
        for (const moment of [BEFORE, AFTER]) {
          const all = forStudent(withSecrets(secrets, at), moment)
          expect(Object.values(all).join('\n')).not.toContain(SECRET)
        }
      }),
    )
    const graded = withSecrets([item('other', { visibility: 'points-after-due' })], 0)
    expect(sheetForStudent(graded, AFTER)).toMatchObject({ points: 2, maxPoints: 5, more: null })
    expect(sheetForStudent(graded, BEFORE)).toMatchObject({ points: 1, maxPoints: 4 })
  })

  it('comes of what is skipped because of a hidden one', () => {
    const [first] = open
    if (!first) throw new Error('there is one')
    const hidden = item('other', { visibility: 'after-due', verdict: 'fail' })
    const resting = { ...first, visibility: 'points-only' as const, verdict: 'skip' as const, restsOn: hidden.id }
    const graded = submission('ada', [resting, hidden])
    expect(sheetForStudent(graded, BEFORE).items).toEqual([])
    expect(sheetForStudent(graded, AFTER).items.map(({ name }) => name)).not.toContain(first.question)
    expect(forStudent(graded, BEFORE)['gradescope.json']).not.toContain(first.check)
  })
})

describe('an item that is shown after the due date', () => {
  it('leaves nothing of itself in any format before it', () => {
    fc.assert(
      fc.property(several('after-due'), place, (secrets, at) => {
        const all = Object.values(seen(secrets, at)).join('\n')
        expect(all).not.toContain(SECRET)
        expect(all).not.toContain('4711')
      }),
    )
  })

  it('changes nothing, however many there are, where they stand, how they came out, and how long they took', () => {
    const one = seen([other({ visibility: 'after-due' })], 0)
    fc.assert(
      fc.property(several('after-due'), place, (secrets, at) => {
        expect(seen(secrets, at)).toEqual(one)
      }),
    )
  })

  it('is told of by one sentence, which does not say how much there is', () => {
    const sentence = 'There is more after the due date, 2026-12-01 17:00 UTC.'
    const { 'text.txt': text, 'markdown.md': page } = seen([other({ visibility: 'after-due' })], 0)
    expect(text).toContain(sentence)
    expect(page).toContain(sentence)
    expect(forStudent(submission('ada', open), BEFORE)['text.txt']).not.toContain('There is more')
  })

  it('is shown from the due date on, with all points', () => {
    const graded = withSecrets([item('other', { visibility: 'after-due' })], 0)
    expect(sheetForStudent(graded, AFTER)).toMatchObject({ points: 2, maxPoints: 5, more: null, durationMs: 250 })
    expect(sheetForStudent(graded, BEFORE)).toMatchObject({ points: 1, maxPoints: 4, durationMs: null })
  })

  it.each([null, 'next week'])('stays kept back where the due date is %s', (due) => {
    const sheet = sheetForStudent(ada, { now: new Date('2099-01-01T00:00:00Z'), due })
    expect(sheet.more).toBe('There is more, which is not shown yet.')
    expect(JSON.stringify(sheet)).not.toContain('hidden')
  })

  it('takes with it what was skipped because of it', () => {
    const [first, second] = open
    if (!first || !second) throw new Error('there are two')
    const hidden = item('other', { visibility: 'after-due', verdict: 'fail' })
    const resting = { ...first, verdict: 'skip' as const, why: 'It rests on: other.', restsOn: hidden.id }
    const third = { ...second, verdict: 'skip' as const, restsOn: resting.id }
    const sheet = sheetForStudent(submission('ada', [third, resting, hidden]), BEFORE)
    expect(sheet.items).toEqual([])
  })

  it('stands in what Gradescope gets, marked, and after all that is shown', () => {
    const { 'gradescope.json': text = '' } = forStudent(
      withSecrets([item('other', { visibility: 'after-due' })], 0),
      BEFORE,
    )
    const { tests, ...top } = JSON.parse(text) as { tests: { visibility: string; score: number }[] }
    expect(tests.map(({ visibility }) => visibility)).toEqual(['visible', 'visible', 'after_due_date'])
    expect(top).not.toHaveProperty('score')
    expect(top).not.toHaveProperty('execution_time')
  })
})

describe('an item of which only the points are told', () => {
  it('leaves neither name nor text nor time in any format', () => {
    fc.assert(
      fc.property(several('points-only'), place, (secrets, at) => {
        const all = Object.values(seen(secrets, at)).join('\n')
        expect(all).not.toContain(SECRET)
        expect(all).not.toContain('4711')
      }),
    )
  })

  it('is the same for all that have its verdict and its points', () => {
    fc.assert(
      fc.property(several('points-only'), place, (secrets, at) => {
        const plain = secrets.map(({ verdict, points, maxPoints }, index) =>
          other({ visibility: 'points-only', verdict, points, maxPoints, durationMs: 1 }, `other-${index}`),
        )
        expect(seen(secrets, at)).toEqual(seen(plain, 0))
      }),
    )
  })

  it('counts, under a number of its own', () => {
    const sheet = sheetForStudent(ada, BEFORE)
    const neutral = sheet.items.filter(({ told }) => told === null)
    expect(neutral.map(({ name, points, maxPoints }) => [name, points, maxPoints])).toEqual([
      ['check 1', 1, 1],
      ['check 2', 1, 2],
    ])
    expect(sheet.maxPoints).toBe(13)
  })
})
