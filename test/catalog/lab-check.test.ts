/** Breaks a sound lab in every way there is, one at a time, and asks lab:check once: it must find them all. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { LAB_CHECK, LabsFolder } from './labs-folder.ts'

/** A file of the lab, what is changed in it, what is said, and what stands on the line that is named. */
type Break = { file: 'lab.ts' | 'narration.en.ts'; from: string; to: string; says: string; at: string }

const inLab = (from: string, to: string, says: string, at = to): Break => ({ file: 'lab.ts', from, to, says, at })
const inWords = (from: string, to: string, says: string, at = to): Break => ({
  file: 'narration.en.ts',
  from,
  to,
  says,
  at,
})

const FIRST_LIE = "lie: 'another-port',\n        },\n        'NAME-listing"
const POSIX = "posix: { outcome: 'connected', source: 'connect(2)' }"
const FOUND = "posix: { outcome: 'listed', source: 'RFC 9293, section 3.3.2: the state LISTEN' }"
const OUTCOMES = "outcomes: ['listed', 'not-listed'],"
const WHY = "why: 'No socket had this port when the system was asked.',"

const BREAKS: Record<string, Break> = {
  'other-id': inLab("id: 'ID'", "id: 'ID-old'", 'The id is "ID-old", the folder is \'ID\''),
  'role-unknown': inLab(
    "id: 'ID',",
    "id: 'ID',\n  roles: { server9: ['firstAct'] },",
    "labs/roles.ts has no role 'server9'",
    'roles: {',
  ),
  'role-act': inLab(
    "id: 'ID',",
    "id: 'ID',\n  roles: { server1: ['lastAct'] },",
    "There is no act 'lastAct' for the role 'server1'",
    'roles: {',
  ),
  'role-not-started': inLab(
    "id: 'ID',",
    "id: 'ID',\n  roles: { server7: ['firstAct'] },",
    "The act 'firstAct' starts no server7",
    'roles: {',
  ),
  'no-experiment': inLab(
    'async experiment(',
    'async rehearsal(',
    "The act 'firstAct' has no experiment.",
    'firstAct: act(',
  ),
  capability: inLab(
    "['ipv4-loopback']",
    "['ipv5-loopback']",
    'requires "ipv5-loopback", which no probe finds',
    'requires',
  ),
  'id-case': inLab(
    "'NAME-client-reaches-server'",
    "'NAME-Client_Reaches'",
    "'NAME-Client_Reaches' is not in kebab-case",
  ),
  'id-twice': inLab("'NAME-client-reaches-server'", "'sound-client-reaches-server'", 'is used in 01-sound already'),
  'one-outcome': inLab(OUTCOMES, "outcomes: ['listed'],", 'has fewer than two outcomes'),
  'same-outcome': inLab(OUTCOMES, "outcomes: ['listed', 'not-listed', 'listed'],", "lists 'listed' twice"),
  'outcome-other': inLab(OUTCOMES, "outcomes: ['listed', 'not-listed', 'other'],", "lists the outcome 'other'"),
  'outcomes-word': inLab(OUTCOMES, "outcomes: 'listed',", 'are no list of names'),
  'no-outcome': inLab(
    'outcome: ({ reached }) =>',
    'result: ({ reached }) =>',
    'reads no outcome',
    "'NAME-client-reaches-server': {",
  ),
  'expects-nothing': inLab(POSIX, '', 'expects nothing', 'expect: {  }'),
  'expects-foreign': inLab(
    POSIX,
    "posix: { outcome: 'refused', source: 'connect(2)' }",
    "expects 'refused', which is none of its",
  ),
  'expects-all': inLab(FOUND, "posix: { outcome: ['listed', 'not-listed'], source: 'x' }", 'so it cannot fail'),
  'expects-system': inLab(
    POSIX,
    `${POSIX}, beos: { outcome: 'connected', source: 'x' }`,
    "expects something of 'beos'",
  ),
  'no-source': inLab(POSIX, "posix: { outcome: 'connected', source: ' ' }", 'for posix has no source'),
  'no-expected': inLab(POSIX, "posix: { source: 'connect(2)' }", 'names no outcome for posix'),
  lie: inLab(
    FIRST_LIE,
    FIRST_LIE.replace('another', 'any'),
    'The lie "any-port" is not in the register',
    "lie: 'any-port'",
  ),
  'no-lie': inLab(
    FIRST_LIE,
    FIRST_LIE.replace("lie: 'another-port',", ''),
    'names no lie',
    "'NAME-client-reaches-server': {",
  ),
  claim: inLab(OUTCOMES, `claims: { C99: 'listed' }, ${OUTCOMES}`, 'There is no claim C99'),
  'claim-outcome': inLab(
    OUTCOMES,
    `claims: { C1: 'seen' }, ${OUTCOMES}`,
    "C1 is said to hold under 'seen', which is no outcome",
  ),
  'no-program': inLab("start('server1', port)", "start('server0', port)", "There is no program 'server0'"),
  long: inLab(
    '\nexport default',
    `${'\n// more'.repeat(200)}\nexport default`,
    'lines are too many to read',
    '// more',
  ),

  'no-title': inWords(
    "title: 'A server that listens, and a client that dials it',",
    '',
    'The title is missing',
    "title: 'server1",
  ),
  'no-summary': inWords(
    "summary: 'Does a client reach a server that listens on 127.0.0.1?',",
    "summary: '',",
    'The summary is empty',
  ),
  'no-intro': inWords('intro: ', 'introduction: ', "The intro of the act 'firstAct' is missing", 'firstAct: {'),
  'no-remember': inWords(
    "remember: ['A listener can be reached, and is listed, from the moment it listens.']",
    'remember: []',
    'nothing to remember',
  ),
  'no-question': inWords(
    "question: 'Does the system list",
    "inquiry: 'Does the system list",
    "The question of 'NAME-listing-shows-server' is missing",
    "'NAME-listing-shows-server': {",
  ),
  'no-choice': inWords(
    "choice: 'Yes, as soon as it listens.',",
    "choice: '  ',",
    "The choice of the outcome 'listed' of",
  ),
  'no-seen': inWords(
    'seen: ({ listed }) => `${listed.source} shows no',
    'saw: ({ listed }) => `${listed.source} shows no',
    "The seen of the outcome 'not-listed' of",
    "'not-listed': {",
  ),
  'no-why': inWords(WHY, 'why: 7,', "The why of the outcome 'not-listed' of"),
  loud: inWords(
    WHY,
    "why: 'No socket had this port!',",
    "The why of the outcome 'not-listed' of 'NAME-listing-shows-server' has an exclamation mark",
  ),
  'loud-function': inWords(
    'shows no socket with this port.`',
    'shows no socket!`',
    "The seen of the outcome 'not-listed' of",
    'seen: ({ listed })',
  ),
  'loud-remember': inWords(
    'from the moment it listens.',
    'from the moment it listens!',
    'The remember has an exclamation mark',
  ),
  'empty-because': inWords(
    "expectedBecause: 'One thinks of connections. But a listing shows sockets, and a listener is one.'",
    "expectedBecause: ''",
    'The expectedBecause of the outcome',
  ),
  'same-choice': inWords(
    "choice: 'No, only with its first client.'",
    "choice: 'Yes, as soon as it listens.'",
    "offers 'listed' and 'not-listed' in the same words",
  ),
  'act-words': inWords('firstAct: {', 'secondAct: {', "has no text for the act 'firstAct'", 'acts: {'),
  'extra-act': inWords(
    'firstAct: {',
    "zeroAct: { title: '', intro: '', checks: {} },\n    firstAct: {",
    "a text for the act 'zeroAct', which lab.ts does not have",
    'zeroAct: {',
  ),
  'check-words': inWords(
    "'NAME-listing-shows-server': {",
    "'NAME-listing': {",
    "has no text for the check 'NAME-listing-shows-server'",
    'checks: {',
  ),
  'extra-check': inWords(
    "'NAME-listing-shows-server': {",
    "'NAME-x': {},\n        'NAME-listing-shows-server': {",
    "a text for the check 'NAME-x'",
    "'NAME-x'",
  ),
  'outcome-words': inWords(
    "'not-listed': {",
    "'unlisted': {",
    "no text for the outcome 'not-listed' of",
    'outcomes: {',
  ),
  'extra-outcome': inWords(
    "'not-listed': {",
    "'half-listed': {},\n            'not-listed': {",
    "a text for the outcome 'half-listed'",
    "'half-listed'",
  ),
}

/** Labs that are nothing like one: whatever they export, the others are still looked at. */
const WRECKS: [string, string][] = [
  ['export default 7', 'There is no act.'],
  ["export default { id: 'ID', acts: {} }", 'There is no act.'],
  ["export default { id: 'ID', acts: [1] }", 'There is no act.'],
  ["export default { id: 'ID', acts: { a: null } }", "The act 'a' has no experiment."],
  ["export default { id: 'ID', acts: { a: { experiment() {}, checks: {} } } }", "The act 'a' has no checks."],
  [
    "export default { id: 'ID', acts: { a: { experiment() {}, checks: { 'wreck-b': 5 } } } }",
    "The check 'wreck-b' is no object.",
  ],
  [
    "export default { id: 'ID', acts: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} } }",
    '6 acts are too many: a lab has one to five.',
  ],
  ['export const lab = 1', 'lab.ts exports no default.'],
  ['export default {', 'lab.ts cannot be loaded: SyntaxError'],
  ["\n\nthrow new TypeError('early')", 'lab.ts cannot be loaded: TypeError: early.'],
  ["import './nowhere.ts'\nexport default {}", 'lab.ts cannot be loaded: Error: Cannot find module nowhere.ts'],
  ['enum A { b }\nexport default A', 'lab.ts cannot be loaded: SyntaxError: TypeScript enum is not supported'],
  ['', 'lab.ts exports no default.'],
]

const labs = new LabsFolder()
afterAll(() => labs.delete())

const idOf = (name: string) => `${String(20 + Object.keys(BREAKS).indexOf(name))}-${name}`
const wreckOf = (index: number) => `${String(80 + index)}-wreck`
const inTheseWords = (text: string, name: string) => text.replaceAll('NAME', name).replaceAll('ID', idOf(name))

type Found = { file: string; line: number; what: string; todo: string }
let found: Found[] = []
let output: { exitCode: number | undefined; stdout: string; stderr: string }

const problemsIn = (folder: string) => found.filter(({ file }) => file.startsWith(labs.shown(folder)))

beforeAll(async () => {
  for (const id of [
    '01-sound',
    '02-twin',
    '02-other',
    '03-silent',
    '04-no-lab',
    '05-no-page',
    '06-stale-page',
    '07-page',
  ])
    labs.addLab(id)
  labs.remove('03-silent', 'narration.en.ts')
  labs.remove('04-no-lab', 'lab.ts')
  labs.write('Lab_8/notes.md', '')
  for (const [name, { file, from, to }] of Object.entries(BREAKS)) {
    labs.addLab(idOf(name))
    labs.edit(`${idOf(name)}/${file}`, inTheseWords(from, name), inTheseWords(to, name))
  }
  for (const [index, [text]] of WRECKS.entries()) {
    labs.addLab(wreckOf(index))
    labs.write(`${wreckOf(index)}/lab.ts`, `${text.replaceAll('ID', wreckOf(index))}\n`)
  }
  labs.write('programs/unused.ts', '/** By hand: npm run program unused 8080 */\n')
  labs.write('programs/server1.ts', '/** By hand: npm run program server2 8080 */\n')
  labs.write('programs/server2.ts', `// start('server2')\n${'\n'.repeat(50)}`)
  const wanted = [
    ...Object.keys(BREAKS).map(idOf),
    ...WRECKS.keys().map(wreckOf),
    '01-sound',
    '06-stale-page',
    '07-page',
  ]
  await labs.addPages(wanted)
  labs.edit('06-stale-page/README.md', '## Remember', '## Forget')
  labs.write('07-page/recorded.json', '{"format":"something-else"}')

  output = await labs.run(LAB_CHECK)
  found = output.stdout.split('\n\n').flatMap((block) => {
    const [, file, line, what, todo] = /^(.*):(\d+)\n {2}(.*)\n {2}(.*)$/.exec(block) ?? []
    return file === undefined || what === undefined || todo === undefined
      ? []
      : [{ file, line: Number(line), what, todo }]
  })
}, 60_000)

test('something is wrong: exit code 1, and nothing on standard error', () => {
  expect({ exitCode: output.exitCode, stderr: output.stderr }).toEqual({ exitCode: 1, stderr: '' })
})

test('every problem says in a block of its own what, where, and what to do', () => {
  const last = output.stdout.trimEnd().split('\n').at(-1)
  expect(last).toMatch(new RegExp(`labs, \\d+ checks: ${found.length} things are wrong\\.$`))
  for (const { what, todo } of found) {
    expect(what).toMatch(/^\S.*\.$/)
    expect(todo).toMatch(/^[A-Z].*\S$/)
  }
})

test('nothing is said of a sound lab but that another one has taken its id', () => {
  expect(problemsIn('01-sound')).toEqual([])
})

describe('one thing is wrong with a lab, and it is found on its line', () => {
  test.each(Object.entries(BREAKS))('%s', (name, { file, says, at }) => {
    const problems = problemsIn(idOf(name))
    const problem = problems.find(({ what }) => what.includes(inTheseWords(says, name)))
    expect(problem, JSON.stringify(problems)).toBeDefined()
    expect(problem?.file).toBe(labs.shown(idOf(name), file))
    const line = labs.read(idOf(name), file).split('\n')[(problem?.line ?? 0) - 1]
    expect(line).toContain(inTheseWords(at, name).split('\n')[0])
  })
})

describe('a lab that is nothing like one is told, not stumbled over', () => {
  test.each(WRECKS.map(([text, says], index) => ({ text, says, index })))('$text', ({ says, index }) => {
    expect(problemsIn(wreckOf(index)).map(({ what }) => what)).toEqual(
      expect.arrayContaining([expect.stringContaining(says)]),
    )
  })

  test('the line of an error at loading is named', () => {
    const throws = WRECKS.findIndex(([text]) => text.includes('throw'))
    expect(problemsIn(wreckOf(throws))[0]?.line).toBe(3)
  })
})

describe('files and folders', () => {
  test.each([
    ['02-twin', '02-other and 02-twin have the same number.'],
    ['03-silent', 'narration.en.ts is missing.'],
    ['04-no-lab', 'lab.ts is missing.'],
    ['05-no-page', 'README.md is missing.'],
    ['06-stale-page', 'README.md is out of date.'],
    ['07-page', 'recorded.json cannot be used: it is no evidence saved by these labs.'],
    ['Lab_8', 'The folder Lab_8 has no name of a lab.'],
    ['programs/unused.ts', 'No lab starts unused.'],
    [
      'programs/server1.ts',
      'The by-hand line of server1 says something else: By hand: npm run program server2 8080 */.',
    ],
    ['programs/server2.ts', '51 lines are too many to read in one go: a program has at most 50.'],
    ['programs/server2.ts', 'server2 has no by-hand line.'],
    ['programs/server2.ts', 'No lab starts server2.'],
  ])('%s: %s', (place, says) => {
    expect(problemsIn(place).map(({ what }) => what)).toContain(says)
  })
})

describe('the command', () => {
  test('looks at the labs that are named only', async () => {
    const { exitCode, stdout } = await labs.run(LAB_CHECK, '06', '07-page')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^2 labs, 4 checks: 3 things are wrong\.$/m)
  })

  test('says in one line that nothing is wrong', async () => {
    const sound = new LabsFolder()
    try {
      sound.addLab('01-sound')
      await sound.addPages(['01-sound'])
      expect(await sound.run(LAB_CHECK)).toEqual({
        exitCode: 0,
        stdout: '1 lab, 2 checks: nothing is wrong.',
        stderr: '',
      })
    } finally {
      sound.delete()
    }
  })

  test('lists the claims that no check answers, and ends well', async () => {
    const { exitCode, stdout } = await labs.run(LAB_CHECK, '--claims')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^C2 +cafe: server1 over TCP and server2 over UDP/m)
    expect(stdout).not.toMatch(/^(C1|C22) /m)
    expect(stdout).toMatch(/97 claims of the documents that no check answers yet\.$/)
  })

  test.each([
    [['--claim'], /^lab:check: there is no option --claim; there are --claims, --help$/],
    [['06-stale'], /^lab:check: there is no lab '06-stale'; the nearest are 06-stale-page, /],
  ])('%j is wrong usage', async (args, message) => {
    const { exitCode, stdout, stderr } = await labs.run(LAB_CHECK, ...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
