import { describe, expect, it } from 'vitest'

import { createJunit } from '../../harness/report/junit.ts'
import { askPython, hasPython } from './python.ts'
import { everyVerdict, HOSTILE, hostileChecks, hostileSteps, STREAMS, stream, written } from './stream.ts'

type Element = { tag: string; attributes: Record<string, string>; text: string; children: Element[] }

const PARSE = `
def node(e):
    return {'tag': e.tag, 'attributes': e.attrib, 'text': e.text or '', 'children': [node(c) for c in e]}
print(json.dumps(node(xml.etree.ElementTree.fromstring(sys.stdin.buffer.read()))))
`

const withPython = await hasPython('xml.etree.ElementTree')

const xml = async (...options: Parameters<typeof stream>) => await written(createJunit(), stream(...options))
const parse = async (text: string) => (await askPython(['xml.etree.ElementTree'], PARSE, text)) as Element

const below = (element: Element, tag: string): Element[] =>
  element.children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...below(child, tag)])

describe('the JUnit report', () => {
  it('reads like this', async () => {
    const name = (verdict: string) =>
      `classname="labs.90-example" name="check-that-is-${verdict} Does the client reach the listener?" time="0.100" file="labs/90-example/lab.ts" line="12"`
    const host = [
      ['os', 'linux 6.18.0'],
      ['architecture', 'x64'],
      ['node', 'v26.10.0 (bundled)'],
      ['libuv', '1.52.1'],
      ['ephemeralRange', '32768-60999'],
      ['superuser', 'false'],
      ['replayed', 'false'],
    ].map(([key, value]) => `   <property name="${key}" value="${value}"/>`)
    const output = `   <system-out>1  $ npm run program server1 8080
   process 7 listens on TCP 127.0.0.1:8080
2  $ nc -v 127.0.0.1 8080
   refused: ECONNREFUSED
3  $ lsof -nP -i :8080
   COMMAND PID USER
   server1   7 root</system-out>`
    const where = `question: Does the client reach the listener?
act: Act of An example, port 8080
note: Another port is used.
at: labs/90-example/lab.ts:12`
    expect(await xml({ checks: everyVerdict, notes: ['Another port is used.'] }))
      .toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="socket-labs" tests="5" failures="1" errors="1" skipped="2" time="2.140" timestamp="2026-11-22T02:56:51">
 <testsuite name="90-example" tests="5" failures="1" errors="1" skipped="2" time="0.600" timestamp="2026-11-22T02:56:51" hostname="localhost">
  <properties>
${host.join('\n')}
  </properties>
  <testcase ${name('pass')}/>
  <testcase ${name('fail')}>
   <failure message="expected Yes. (ip(7)), observed The client was refused." type="AssertionError">expected: Yes. (ip(7))
observed: The client was refused.
evidence: step 2
why: Nobody listens.
${where}</failure>
${output}
  </testcase>
  <testcase ${name('noted')}>
   <skipped message="noted: The client was connected.">noted: The client was connected.</skipped>
  </testcase>
  <testcase ${name('skip')}>
   <skipped message="ipv6-loopback: no address ::1">ipv6-loopback: no address ::1</skipped>
  </testcase>
  <testcase ${name('inconclusive')}>
   <error message="nothing was observed: the act took longer than 9 s" type="Inconclusive">nothing was observed: the act took longer than 9 s
expected: Yes. (ip(7))
${where}</error>
${output}
  </testcase>
 </testsuite>
</testsuites>
`)
  })

  it('gives every round names of its own', async () => {
    const names = [...(await xml({ checks: everyVerdict, rounds: 3 })).matchAll(/<testcase .*? name="(.*?)"/g)].map(
      ([, name]) => name,
    )
    expect(names).toHaveLength(15)
    expect(new Set(names).size).toBe(15)
    expect(names[5]).toBe('check-that-is-pass Does the client reach the listener? (run 2 of 3)')
  })

  it('tells two checks of one name apart', async () => {
    const text = await xml({ checks: [{}, {}, {}] })
    expect(text).toContain(' name="client-reaches-listener Does the client reach the listener?"')
    expect(text).toContain(' name="client-reaches-listener Does the client reach the listener? (2)"')
    expect(text).toContain(' name="client-reaches-listener Does the client reach the listener? (3)"')
  })

  it('has an error where the run was cut short', async () => {
    const text = await xml({ checks: [{}], planned: 4, cutShort: true })
    expect(text).toContain('<testsuites name="socket-labs" tests="2" failures="0" errors="1"')
    expect(text).toContain('>the run did not come to its end: 1 of 4 checks have an answer</error>')
  })

  it('says who interrupted the run', async () => {
    expect(await xml({ checks: [{}], interruptedBy: 'SIGINT' })).toContain(
      '<property name="interruptedBy" value="SIGINT"/>',
    )
  })

  it('lets nobody attach a file to a GitLab page', async () => {
    const text = await xml({ checks: [{ verdict: 'fail' }], steps: hostileSteps() })
    const [, output] = /<system-out>([^]*?)<\/system-out>/.exec(text) ?? []
    expect(output).toContain('[ [ATTACHMENT|/etc/passwd]]')
    expect(output).not.toContain('[[ATTACHMENT|')
  })

  it.each(Object.keys(STREAMS))('holds no character that XML forbids: %s', async (name) => {
    const text = await written(createJunit(), STREAMS[name] ?? [])
    expect(text).not.toMatch(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u)
    expect(text).not.toContain(']]>')
  })

  describe.skipIf(!withPython)('as a real XML parser reads it (needs python3)', () => {
    it.each(Object.keys(STREAMS))('counts what it holds: %s', async (name) => {
      const root = await parse(await written(createJunit(), STREAMS[name] ?? []))
      expect(root.tag).toBe('testsuites')
      for (const element of [root, ...below(root, 'testsuite')]) {
        const count = (tag: string) => String(below(element, tag).length)
        expect(element.attributes).toMatchObject({
          tests: count('testcase'),
          failures: count('failure'),
          errors: count('error'),
          skipped: count('skipped'),
        })
      }
    })

    it('keeps hostile texts, with their control characters written out', async () => {
      const root = await parse(
        await xml({ checks: hostileChecks, steps: hostileSteps(), notes: [HOSTILE], title: HOSTILE }),
      )
      const [failure] = below(root, 'failure')
      const shown = 'a]]>b <i>&amp;"\' \\u0000 \\u001b[31mred\\u001b[0m\n\n# SKIP me\\# TODO\n  ...\nnot ok 1'
      expect(failure?.text).toContain(`observed: ${shown}`)
      expect(failure?.attributes['message']).toContain('a]]>b <i>&amp;"\' \\u0000 \\u001b[31mred')
      expect(failure?.text).toContain('\\ud800 half \\udc00 🚢 👩‍🔬 日本語')
      expect(below(root, 'testcase').map(({ children }) => children[0]?.tag)).toEqual([
        undefined,
        'failure',
        'skipped',
        'skipped',
        'error',
      ])
    })

    it('adds the times of an act up to what the act took', async () => {
      const root = await parse(await xml({ checks: everyVerdict }))
      const sum = below(root, 'testcase').reduce((total, { attributes }) => total + Number(attributes['time']), 0)
      expect(sum).toBeCloseTo(0.5)
    })
  })
})
