import { describe, expect, it } from 'vitest'

import type { RunEvent } from '../../harness/domain/event.ts'
import { compareHtml } from '../../harness/report/html/compare.ts'
import { escape } from '../../harness/report/html/escape.ts'
import { markup, raw, toText } from '../../harness/report/html/markup.ts'
import { createHtml } from '../../harness/report/html.ts'
import { oneLine, plain } from '../../harness/report/plain.ts'
import type { ReadPage } from './page-reader.ts'
import { readPage } from './page-reader.ts'
import { check, everyVerdict, HOSTILE, interruptedStream, stream, STREAMS, written } from './stream.ts'
import { comparison, verification, verified } from './verified.ts'

const pageOf = async (events: readonly RunEvent[]) => readPage(await written(createHtml(), events))

/** What the browser shows of a text, whose blanks it takes together. */
const shown = ({ text }: ReadPage) => oneLine(text)

/** Every place to which the page points must be there; anything else would leave the page. */
function expectNothingOutside({ tags, ids }: ReadPage) {
  for (const { name, attributes } of tags) {
    expect(['script', 'iframe', 'object', 'embed', 'form', 'img', 'base']).not.toContain(name)
    expect(Object.keys(attributes).filter((one) => one.startsWith('on') || one === 'src')).toEqual([])
    const { href } = attributes
    if (href === undefined || href === 'data:,') continue
    expect(href).toMatch(/^#/)
    expect(ids, `${href} is no place of the page`).toContain(href.slice(1))
  }
}

describe('the page of a run', () => {
  it.each(Object.entries({ ...STREAMS, verified: verified(stream({ checks: everyVerdict })) }))(
    'is well-formed and whole by itself: %s',
    async (_, events) => {
      const html = await written(createHtml(), events)
      const page = readPage(html)
      expectNothingOutside(page)
      expect(/url\(|@import|javascript:/.exec(html)).toBeNull()
      const policy = page.tags.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')
      expect(policy?.attributes['content']).toBe("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    },
  )

  it.each([
    ['1 check failed: 90-example', stream({ checks: everyVerdict })],
    ['The check passed: 90-example', stream({ checks: [{}] })],
    ['Nothing was checked: 90-example', stream({ checks: [{ verdict: 'skip' }] })],
    ['Nothing failed: 90-example', stream({ checks: [{}, { verdict: 'skip', id: 'other' }] })],
    ['1 check could not be observed: 90-example', stream({ checks: [{}, { verdict: 'inconclusive', id: 'other' }] })],
    ['2 of 2 checks failed: 90-example', stream({ checks: [{ verdict: 'fail' }, { verdict: 'fail', id: 'other' }] })],
    ['Not whole. The check passed: 90-example', stream({ checks: [{}], cutShort: true })],
    ['Interrupted by SIGINT. 3 checks could not be observed: 2 labs', interruptedStream([])],
    ['Not whole. The run ended before anything was seen: 0 labs', []],
  ])('says its verdict first: %s', async (title, events) => {
    expect((await pageOf(events)).title).toBe(title)
  })

  it.each(['cut short', 'interrupted', 'no events at all'])(
    'has no good colour where it is not whole: %s',
    async (name) => {
      const { tags } = await pageOf(STREAMS[name] ?? [])
      expect(tags.find((tag) => tag.name === 'h1')?.attributes['class']).not.toBe('pass')
    },
  )

  it('says of an interrupted run what was done, what was not, and what still runs', async () => {
    const text = shown(await pageOf(interruptedStream([7])))
    expect(text).toContain('Interrupted by SIGINT. Done: act 1 of 90-example. Not done: ')
    expect(text).toContain('Of its programs these still run: process 7.')
    expect(text).toContain('3 checks: interrupted by SIGINT.')
  })

  it('says how many checks have no answer', async () => {
    const text = shown(await pageOf(stream({ checks: [{}], planned: 3, cutShort: true })))
    expect(text).toContain('this report is not whole. 2 of 3 checks have no answer.')
  })

  it('has each check under its own name, with what was expected, what was observed, and why', async () => {
    const page = await pageOf(stream({ checks: everyVerdict }))
    for (const { id = '' } of everyVerdict) expect(page.ids).toContain(id)
    expect(page.ids).toContain('90-example')
    expect(shown(page)).toContain(
      'Should have been Yes. (ip(7)) But was The client was refused. (step 2) Why Nobody listens.',
    )
    expect(shown(page)).toContain('Skipped ipv6-loopback: no address ::1.')
  })

  it('keeps the names of later rounds apart, and tells steps that gave the same answers once', async () => {
    const page = await pageOf(stream({ checks: everyVerdict, rounds: 3 }))
    for (const place of ['90-example', '90-example.run-3', 'check-that-is-fail', 'check-that-is-fail.run-2']) {
      expect(page.ids).toContain(place)
    }
    expect(page.tags.filter(({ attributes }) => attributes['class'] === 'steps')).toHaveLength(1)
  })

  it('draws a round that gave another answer again, under names of its own', async () => {
    const events = stream({ checks: [{}], rounds: 2 })
    const last = events.findLastIndex(({ type }) => type === 'check')
    const other = events.with(last, { type: 'check', result: check({ verdict: 'fail' }) })
    const { tags } = await pageOf(other)
    expect(tags.filter(({ attributes }) => attributes['class'] === 'steps')).toHaveLength(2)
    expect(tags.filter(({ attributes }) => attributes['class'] === 'drawing for-desk').length).toBeGreaterThanOrEqual(4)
  })

  it('opens what holds a surprise, and folds away what does not', async () => {
    const passing = stream({ checks: [{}] }).map((event) => JSON.parse(JSON.stringify(event)) as RunEvent)
    const failing = stream({ checks: [{ verdict: 'fail', id: 'another' }] }).slice(1, -1)
    const renamed = failing.map(
      (event) => JSON.parse(JSON.stringify(event).replaceAll('90-example', '91-other')) as RunEvent,
    )
    const { tags } = await pageOf([...passing.slice(0, -1), ...renamed, ...passing.slice(-1)])
    const labs = tags.filter(({ attributes }) => attributes['class'] === 'lab')
    expect(labs.map(({ attributes }) => [attributes['id'], 'open' in attributes])).toEqual([
      ['90-example', false],
      ['91-other', true],
    ])
  })

  it('shows every step: the command, what was printed, what was seen', async () => {
    const text = shown(await pageOf(stream({ checks: [{}] })))
    expect(text).toContain('1 $ npm run program server1 8080 process 7 listens on TCP 127.0.0.1:8080')
    expect(text).toContain('3 $ lsof -nP -i :8080 COMMAND PID USER server1 7 root')
    expect(text).toContain('By hand')
    expect(text).toContain('Remember Dial first.')
  })

  it('says what the documents say, and whether it holds', async () => {
    const claims = [
      { claim: 'C10', document: 'cafe', says: 'ports are rooms', holds: true },
      { claim: 'C2', document: 'cafe', says: 'ports are doors', holds: false },
    ]
    const text = shown(await pageOf(stream({ checks: [{ claims }] })))
    expect(text).toContain('1 holds and 1 does not hold.')
    expect(text).toContain('C2 does not hold ports are doors client-reaches-listener C10 holds ports are rooms')
  })

  it('tells what verify found: causes, unsteady checks, differences from the baseline, and the disagreement', async () => {
    const text = shown(await pageOf(verified(stream({ checks: everyVerdict }))))
    for (const part of [
      'Probably because: net.ipv6.bindv6only is 1 (0 is usual). A socket on :: then takes IPv6 only. (ipv6(7))',
      'Nothing known explains it.',
      'connected, 8 times ECONNREFUSED, twice',
      'ECONNREFUSED or timed-out',
      'tcp 0.0.0.0: it listens. M8 had said: the system answers EADDRINUSE.',
      'LD_PRELOAD=libexample.so',
      'This is part 2 of 3',
    ]) {
      expect(text).toContain(part)
    }
  })

  it('tells a cause of several surprises once, and each of them points at it', async () => {
    const [diagnosis] = verification.diagnoses
    if (diagnosis === undefined) throw new Error('no diagnosis')
    const checks = ['one', 'two', 'three'].map((id) => ({ id, verdict: 'fail' as const }))
    const diagnoses = checks.map(({ id }, index) => ({ ...diagnosis, check: id, ...(index === 2 && { causes: [] }) }))
    const page = await pageOf(verified(stream({ checks }), { ...verification, diagnoses }))
    const text = shown(page)
    expect(text.match(/A socket on :: then takes IPv6 only/g)).toHaveLength(1)
    expect(text).toContain('This may explain 2 of the surprises below.')
    expect(page.tags.filter(({ attributes }) => attributes['href'] === '#page.cause-1')).toHaveLength(2)
    expect(text.match(/Nothing known explains it\./g)).toHaveLength(1)
    expect(text.match(/Please report it/g)).toHaveLength(1)
    expectNothingOutside(page)
  })

  it('says how drawings are read once, and each lab that is drawn points there', async () => {
    const events = stream({ checks: [{}], rounds: 2 })
    const last = events.findLastIndex(({ type }) => type === 'check')
    const { ids, tags } = await pageOf(events.with(last, { type: 'check', result: check({ verdict: 'fail' }) }))
    expect(ids).toContain('page.drawings')
    expect(tags.filter(({ attributes }) => attributes['href'] === '#page.drawings')).toHaveLength(2)
    // Where nothing was drawn there is nothing to be read.
    expect((await pageOf([])).ids).not.toContain('page.drawings')
  })

  it('says so where nothing was a surprise, and only there', async () => {
    const calm = 'Every check that could be asked got the answer that was expected.'
    const quiet = { ...verification, diagnoses: [], unsteady: [], baseline: null, random: null }
    expect(shown(await pageOf(verified(stream({ checks: [{}] }), quiet)))).toContain(calm)
    const unsteady = { ...quiet, unsteady: verification.unsteady }
    expect(shown(await pageOf(verified(stream({ checks: [{}] }), unsteady)))).not.toContain(calm)
    expect(shown(await pageOf(stream({ checks: [{}], cutShort: true })))).not.toContain(calm)
    expect(shown(await pageOf(stream({ checks: [{ verdict: 'skip' }] })))).not.toContain(calm)
  })
})

describe('the page of a comparison', () => {
  it('is well-formed, and has what differs before everything else', () => {
    const page = readPage(compareHtml(comparison))
    expectNothingOutside(page)
    expect(page.title).toBe('1 answer differs: Machines compared')
    const text = shown(page)
    const places = [
      'Does the client reach the listener?',
      'net.ipv6.bindv6only',
      'Does the listing show',
      'Is the port free',
    ].map((part) => text.indexOf(part))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(Math.min(...places)).toBeGreaterThan(0)
    for (const { check: id } of comparison.checks) expect(page.ids).toContain(id)
  })

  it('has under each heading what a phone shows beside the answer', () => {
    const { tags } = readPage(compareHtml(comparison))
    const cells = tags.filter(({ name }) => name === 'td').map(({ attributes }) => attributes)
    expect(cells.filter((one) => one['data-heading'] === 'before')).not.toEqual([])
    for (const one of cells) expect([one['role'], one['data-heading']]).not.toContain(undefined)
  })

  it('names all machines that answered alike, where there are too many for columns', () => {
    const [before, now] = comparison.runs
    if (before === undefined || now === undefined) throw new Error('no runs')
    const runs = Array.from({ length: 30 }, (_, index) => ({ ...(index === 29 ? now : before), label: `m${index}` }))
    const widened = <T>([first, last]: readonly T[]) => runs.map((_, index) => (index === 29 ? last : first) as T)
    const checks = comparison.checks.map((one) => ({ ...one, answers: widened(one.answers) }))
    const facts = comparison.facts.map((one) => ({ ...one, values: widened(one.values) }))
    const page = readPage(compareHtml({ runs, checks, facts }))
    const text = shown(page)
    for (const { label } of runs) expect(text).toContain(label)
    expect(text).toMatch(/connected pass m0, m1, .*, m27 and m28 ECONNREFUSED or timed-out FAIL m29/)
    expect(text).toMatch(/0: m0, .* and m28 1: m29/)
    expect(page.tags.filter(({ name }) => name === 'td').length).toBeLessThan(30 * 3)
  })

  it('has no good verdict where nothing was compared', () => {
    const page = readPage(
      compareHtml({ ...comparison, checks: comparison.checks.filter(({ likeness }) => likeness === 'unobserved') }),
    )
    expect(page.title).toBe('Nothing was compared: Machines compared')
    expect(page.tags.find(({ name }) => name === 'h1')?.attributes['class']).toBe('inconclusive')
  })

  it('stays whole with labels and texts that mean something in HTML', () => {
    const runs = comparison.runs.map((run, index) => ({ ...run, label: `${index}${HOSTILE}` }))
    const checks = comparison.checks.map((one) => ({ ...one, question: HOSTILE, lab: HOSTILE }))
    const page = readPage(compareHtml({ ...comparison, runs, checks }))
    expectNothingOutside(page)
    expect(shown(page)).toContain(oneLine(plain(HOSTILE)))
  })
})

describe('markup', () => {
  it('escapes whatever is put into it, in text and in attributes', () => {
    const evil = `</script><img src=x onerror="alert('1')">&amp;`
    const text = toText(markup`<p title="${evil}">${evil}</p>`)
    expect(text).not.toContain('<img')
    expect(text.match(/&quot;/g)).toHaveLength(4)
    expect(text).toContain('&amp;amp;')
  })

  it('writes out what no page may hold', () => {
    expect(escape('a\u0000b\u001b[1m\ud800')).toBe('a\\u0000b\\u001b[1m\\ud800')
  })

  it('does not escape twice what is markup already', () => {
    expect(toText(markup`${[markup`<b>${'<'}</b>`, raw('<i></i>'), 7, null]}`)).toBe('<b>&lt;</b><i></i>7')
  })
})
