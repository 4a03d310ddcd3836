/** What students hand in: read whole, or refused in one sentence; and never an error, a wait or a look outside. */

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { OWN_LABS } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { loadRoles } from '../../harness/catalog/roles.ts'
import { decode, MOST_BYTES } from '../../harness/grade/json-bytes.ts'
import { readJson } from '../../harness/grade/json-text.ts'
import type { Known, Submission } from '../../harness/grade/submission.ts'
import { parseSubmission, readSubmission } from '../../harness/grade/submission.ts'
import { OTHER_USER_ID } from '../../harness/host/capabilities.ts'

const LAB = '04-dual-stack'
const CHECK = 'ipv4-client-reaches-dual-stack-listener'

let known: Known
beforeAll(async () => {
  const { book } = await loadRoles(OWN_LABS)
  known = { labs: [await loadLab('01-tcp-udp-same-port', OWN_LABS), await loadLab(LAB, OWN_LABS)], roles: book.roles }
})

const parse = (value: unknown) => parseSubmission(typeof value === 'string' ? value : JSON.stringify(value), known)
function taken(value: unknown): Submission {
  const read = parse(value)
  if ('problem' in read) throw new Error(read.problem)
  return read.submission
}
function problem(value: unknown): string {
  const read = parse(value)
  return 'problem' in read ? read.problem : `it was taken: ${JSON.stringify(read.submission)}`
}

describe('what is handed in', () => {
  test('has an author, predictions, explanations and programs', () => {
    const submission = taken({
      $schema: './submission.schema.json',
      author: 'ada.l+1@example.org',
      labs: [LAB],
      predictions: { [LAB]: { [CHECK]: 'connected', 'ipv6only-listener-refuses-ipv4': '' } },
      explanations: { [LAB]: { [CHECK]: 'It is mapped.\nI read so.' } },
      programs: { server7: { run: ['./server7'], build: ['cc', '-o', 'server7', 'server7.c'] } },
    })
    expect(submission).toMatchObject({
      author: 'ada.l+1@example.org',
      labs: [LAB],
      predictions: { [LAB]: { [CHECK]: 'connected' } },
      explanations: { [LAB]: { [CHECK]: 'It is mapped.\nI read so.' } },
      programs: { server7: { run: ['./server7'], build: ['cc', '-o', 'server7', 'server7.c'] } },
      notes: [],
    })
    expect(Object.keys(submission.predictions[LAB] ?? {})).toEqual([CHECK])
  })

  test('may be the author alone, behind a byte order mark', () => {
    expect(decode(Buffer.from('\ufeff{"author":"ada"}'))).toEqual({ text: '{"author":"ada"}' })
    expect(taken('{"author":"ada"}')).toEqual({
      author: 'ada',
      labs: null,
      predictions: {},
      explanations: {},
      programs: {},
      notes: [],
    })
  })

  test('may name what nobody knows: it is passed over, and said with the nearest name', () => {
    const { predictions, programs, notes } = taken({
      author: 'ada',
      predicitons: {},
      labs: ['04-dualstack'],
      predictions: {
        '04-dual-stak': { x: 'y' },
        [LAB]: { 'ipv4-client-reaches-dual-stack-listner': 'connected', [CHECK]: 'conected' },
      },
      programs: { server9: { run: ['./x'] }, server7: { run: ['./x'], bulid: ['make'] } },
    })
    expect(predictions).toEqual({ [LAB]: {} })
    expect(Object.keys(programs)).toEqual(['server7'])
    expect(notes).toEqual([
      "submission.json: there is no field 'predicitons'; the nearest is 'predictions'",
      "labs: there is no lab '04-dualstack'; the nearest is '04-dual-stack'",
      "predictions: there is no lab '04-dual-stak'; the nearest is '04-dual-stack'",
      `predictions.${LAB}: there is no question 'ipv4-client-reaches-dual-stack-listner'; the nearest is '${CHECK}'`,
      `predictions.${LAB}.${CHECK}: 'conected' is none of its choices; the nearest is 'connected'`,
      expect.stringMatching(/^programs: there is no role 'server9'; the nearest is 'server\d'$/),
      "programs.server7: there is no field 'bulid'; the nearest is 'build'",
    ])
  })

  test('is not told of every one of a million names that nobody knows', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`x${index}\u001b[31m`, 1]))
    const { notes } = taken({ author: 'ada', ...many })
    expect(notes).toHaveLength(21)
    expect(notes.at(-1)).toBe('and 9980 more remarks of this kind')
    expect(notes.join('')).not.toContain('\u001b')
  })

  test('may hold the names of what objects have: they are unknown names and nothing else', () => {
    const text = `{"author":"ada","__proto__":{"x":1},"constructor":1,"predictions":{"__proto__":{"${CHECK}":"connected"},
      "${LAB}":{"constructor":"connected","toString":"x","__proto__":"y"}},"programs":{"__proto__":{"run":["x"]},"constructor":1}}`
    const { predictions, programs, notes } = taken(text)
    expect(Object.entries(predictions)).toEqual([[LAB, Object.create(null)]])
    expect(Object.keys(programs)).toEqual([])
    expect(notes).toHaveLength(8)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('what is refused, and why', () => {
  const run = (words: unknown) => ({ author: 'ada', programs: { server7: { run: words } } })

  test.each<[string, unknown, string]>([
    ['no object', '[]', 'submission.json: the whole file has to be an object: { … }, not a list'],
    ['nothing', '', 'submission.json is no JSON that can be taken: line 1, column 1: here a value has to stand'],
    ['half of it', '{"author":\n  "ada"', 'line 2, column 8: here a comma or } has to stand'],
    ['a comma too many', '{"author": "ada",}', 'line 1, column 18: here a name in double quotes has to stand'],
    [
      'a name twice',
      '{"author":"ada","author":"bob"}',
      "column 17: the name 'author' stands there twice in one object",
    ],
    ['a name twice, spelt otherwise', '{"a":1,"\\u0061":2}', "the name 'a' stands there twice"],
    ['deep nesting', `{"author":${'['.repeat(100_000)}`, 'it is nested more than 32 deep'],
    ['no author', {}, 'author is missing; write your id, 1 to 100 letters'],
    ['an empty author', { author: '' }, 'author is empty; it has to be your id'],
    ['a number as author', { author: 17 }, 'author has to be your id in double quotes, not a number'],
    ['an author of two lines', { author: 'ada\nbob' }, "author is 'ada\\u{a}bob'"],
    ['an author that leads elsewhere', { author: '../ada' }, "author is '../ada'"],
    ['an author that is a folder', { author: '..' }, "author is '..'"],
    ['an author that a sheet computes', { author: '=1+1' }, "author is '=1+1'"],
    ['an author of 300 letters', { author: 'a'.repeat(300) }, `author is '${'a'.repeat(60)}…'`],
    ['an author that turns the text around', { author: 'ada\u202ebob' }, "author is 'ada\\u{202e}bob'"],
    ['labs in words', { author: 'ada', labs: '04' }, 'labs has to be a list of labs'],
    ['a lab as a number', { author: 'ada', labs: [4] }, 'labs[0] has to be the name of a lab in double quotes'],
    ['predictions in a list', { author: 'ada', predictions: [] }, 'predictions has to be an object'],
    ['a lab in words', { author: 'ada', predictions: { [LAB]: 'yes' } }, `predictions.${LAB} has to be an object`],
    [
      'a prediction as a number',
      { author: 'ada', predictions: { [LAB]: { [CHECK]: 1 } } },
      `predictions.${LAB}.${CHECK} has to be the name of one choice in double quotes, not a number`,
    ],
    [
      'a long explanation',
      { author: 'ada', explanations: { [LAB]: { [CHECK]: 'x'.repeat(10_001) } } },
      `explanations.${LAB}.${CHECK} has 10001 characters; at most 10000 are read`,
    ],
    ['a program in words', { author: 'ada', programs: { server7: './x' } }, 'programs.server7 has to be an object'],
    ['a program without a command', { author: 'ada', programs: { server7: {} } }, 'programs.server7.run is missing'],
    ['a command in one text', run('./server7 8080'), 'programs.server7.run has to be a list of words'],
    ['an empty command', run([]), 'programs.server7.run has 0 words; it has to have 1 to 50'],
    ['a long command', run(Array(51).fill('x')), 'programs.server7.run has 51 words'],
    [
      'a word that is none',
      run(['x', 8080]),
      'programs.server7.run[1] has to be a word in double quotes, not a number',
    ],
    ['an empty program', run(['']), 'programs.server7.run[0] is empty'],
    ['a word with a NUL', run(['x', 'a\0b']), "programs.server7.run[1] is 'a\\u{0}b'; a word has at most 4096"],
    ['a word that is too long', run(['x'.repeat(4097)]), 'programs.server7.run[0] is'],
    [
      'a build in one text',
      { author: 'ada', programs: { server7: { run: ['x'], build: 'make' } } },
      'programs.server7.build has to be a list of words',
    ],
  ])('%s', (_, value, says) => {
    expect(problem(value)).toContain(says)
    expect(problem(value)).toMatch(/^submission\.json(?:: | is )[^\n]*$/)
  })
})

describe('the file', () => {
  const top = mkdtempSync(join(tmpdir(), 'handed-in-'))
  afterAll(() => rmSync(top, { recursive: true }))
  let made = 0
  function folder(make: (file: string) => void): string {
    const one = join(top, String(made++))
    mkdirSync(one)
    make(join(one, 'submission.json'))
    return one
  }
  const WHOLE = '{"author":"ada"}'
  const bytes = (content: string | Uint8Array) => (file: string) => writeFileSync(file, content)

  test('is read', async () => {
    expect(await readSubmission(folder(bytes(WHOLE)), known)).toMatchObject({ submission: { author: 'ada' } })
  })

  test.each<[string, (file: string) => void, string]>([
    ['is absent', () => {}, 'is not there'],
    ['is a folder', mkdirSync, 'is a folder; it has to be a plain file'],
    ['is a FIFO', (file) => execFileSync('mkfifo', [file]), 'is a FIFO; it has to be a plain file'],
    ['leads outside', (file) => symlinkSync('/etc/passwd', file), 'is a symbolic link; it has to be a plain file'],
    ['leads to itself', (file) => symlinkSync(file, file), 'is a symbolic link; it has to be a plain file'],
    ['leads to a device', (file) => symlinkSync('/dev/zero', file), 'is a symbolic link'],
    ['is not in UTF-8', bytes(Buffer.from('{"author":"\xe9va"}', 'latin1')), 'is not in UTF-8'],
    ['is in UTF-16', bytes(Buffer.from(WHOLE, 'utf16le')), 'is no JSON that can be taken: line 1, column 2'],
    [
      'is one byte too large',
      bytes(WHOLE.padEnd(MOST_BYTES + 1)),
      'is larger than 1 MB, which is the most that is read',
    ],
  ])('%s', async (_, make, says) => {
    const read = await readSubmission(folder(make), known)
    expect('problem' in read ? read.problem : 'it was taken').toContain(`submission.json ${says}`)
  })

  test('of 100 MB is not read', async () => {
    const one = folder((file) => {
      writeFileSync(file, WHOLE)
      truncateSync(file, 100_000_000)
    })
    expect(await readSubmission(one, known)).toEqual({
      problem: 'submission.json is larger than 1 MB, which is the most that is read',
    })
  })

  test('of the largest size is read', async () => {
    expect(await readSubmission(folder(bytes(WHOLE.padEnd(MOST_BYTES))), known)).toHaveProperty('submission')
  })

  test('that may not be read is told as such', async () => {
    const one = folder((file) => {
      writeFileSync(file, WHOLE)
      chmodSync(file, 0)
    })
    // Root may read everything, so it is another user for as long as that takes.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) {
      for (const path of [top, one]) chmodSync(path, 0o755)
      process.seteuid?.(OTHER_USER_ID)
    }
    try {
      expect(await readSubmission(one, known)).toEqual({ problem: 'submission.json cannot be read: EACCES' })
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })
})

describe('whatever the bytes are', () => {
  /** What JSON can say of it again: with a prototype, and without a minus before a nought. */
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

  function parsed(text: string): { value: unknown } | 'refused' {
    try {
      return { value: plain(JSON.parse(text)) }
    } catch {
      return 'refused'
    }
  }

  test('there is an answer of one line', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (some) => {
        const text = decode(some)
        const read = 'text' in text ? parse(text.text) : text
        expect('problem' in read ? read.problem : 'taken').toMatch(/^\P{Cc}+$/u)
      }),
    )
  })

  test('there is an answer to any JSON, also where names and kinds are almost right', () => {
    const word = fc.constantFrom('author', 'labs', 'predictions', 'programs', LAB, CHECK, 'server7', 'run', '__proto__')
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('ada', 'connected', 8080, null, true, ''),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(word, tree), (value) => {
        const read = parse({ author: 'ada', ...value })
        if ('submission' in read) expect(Object.keys(read.submission.programs)).not.toContain('__proto__')
        else expect(read.problem).toMatch(/^submission\.json: /)
      }),
    )
  })

  test('JSON is what JSON.parse takes for it', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.constantFrom('', ' ', '\n\t'), (text, blank) => {
        const read = readJson(blank + text + blank)
        expect('value' in read && { value: plain(read.value) }).toEqual(parsed(text))
      }),
    )
  })

  test('and what it does not take is refused', () => {
    const piece = fc.constantFrom(
      ...Array.from('{}[]:,"\\ \n-+.019eEtrufalsn\u0001\ufeff'),
      'true',
      'null',
      '"a"',
      '\\u00',
      '1.5',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const read = readJson(text)
        const other = parsed(text)
        if ('problem' in read && read.problem.includes('stands there twice')) return
        expect('value' in read ? { value: plain(read.value) } : 'refused').toEqual(other)
      }),
      { numRuns: 2000 },
    )
  })

  test('long texts, long lists and many names are taken', () => {
    const names = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`x${index}`, index]))
    for (const value of ['x'.repeat(900_000), '\n"\\'.repeat(100_000), Array(100_000).fill(1), names]) {
      expect(readJson(JSON.stringify(value))).toEqual({ value })
    }
    expect(readJson(`"${'x'.repeat(900_000)}`)).toHaveProperty('problem')
  })
})
