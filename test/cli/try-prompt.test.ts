/** `npm run try` at a terminal: what is typed, completed and taken back, and how a session ends. */

import { stripVTControlCharacters } from 'node:util'

import { execa, execaSync } from 'execa'
import { describe, expect, test } from 'vitest'

import { PROJECT } from '../lab-command.ts'

/** script(1) gives a program a terminal; its own options differ between systems, so it is tried. */
const noTerminal = execaSync('script', ['-qec', 'true', '/dev/null'], { reject: false }).exitCode !== 0

const ENTER = '\r'
const UP = '\x1b[A'
const CTRL_C = '\x03'
const CTRL_D = '\x04'

/** What is typed, and what has to be shown before it is: a pattern, looked for behind the one before. */
type Dialogue = readonly (readonly [shown: string, keys: string])[]

async function atTerminal(
  dialogue: Dialogue,
  { words = '', terminal = 'xterm' } = {},
): Promise<{ exitCode: number | undefined; shown: string }> {
  const run = execa('script', ['-qec', `${process.execPath} harness/cli/try.ts ${words}`, '/dev/null'], {
    cwd: PROJECT,
    reject: false,
    timeout: 50_000,
    env: { CI: '', NO_COLOR: '1', TERM: terminal },
  })
  const left = [...dialogue]
  let shown = ''
  let at = 0
  run.stdout.on('data', (piece: Buffer) => {
    shown = shown + piece.toString()
    for (let next = left[0]; next && shown.includes(next[0], at); next = left[0]) {
      at = shown.indexOf(next[0], at) + next[0].length
      run.stdin.write(next[1])
      left.shift()
    }
  })
  const { exitCode } = await run
  expect(left).toEqual([])
  return { exitCode, shown: stripVTControlCharacters(shown).replaceAll('\r', '') }
}

describe.skipIf(noTerminal)('at a terminal', () => {
  test('steps are done one by one, and the session ends with the table', async () => {
    const { exitCode, shown } = await atTerminal([
      ['1> ', `tcp 127.0.0.1${ENTER}`],
      ['2> ', `tcp 127.0.0.1 as${ENTER}`],
      ['2> ', `-> 127.0.0.1${ENTER}`],
      ['3> ', `steps${ENTER}`],
      ['3> ', `close 2${ENTER}`],
      ['3> ', `end${ENTER}`],
    ])
    expect(shown).toContain('The tab key completes')
    expect(shown).toMatch(/Process \d+ listens on TCP 127\.0\.0\.1:\d+\./)
    expect(shown).toContain('step 2: here a user, as in as nobody, is missing')
    expect(shown).toContain('The socket of step 1 gets it')
    expect(shown).toContain("npm run try -- 'tcp 127.0.0.1' '-> 127.0.0.1'\n")
    expect(shown).toContain('step 3: step 2 opens no socket')
    expect(shown).toMatch(/^ 2 {2}-> 127\.0\.0\.1 {2,}o/m)
    expect(exitCode).toBe(0)
  })

  test('the tab key completes, the arrow brings back what was typed, and Ctrl-D ends', async () => {
    const { exitCode, shown } = await atTerminal([
      ['1> ', `tcp 127.0.0.1${ENTER}`],
      ['2> ', 'cl'],
      // Only a tab that comes alone completes: in what is pasted it may be text.
      ['cl', '\t'],
      ['ose ', `1${ENTER}`],
      ['3> ', `${UP}${UP}${ENTER}`],
      ['4> ', CTRL_D],
    ])
    expect(shown).toMatch(/The socket of step 1 is closed; its process \d+ stays\./)
    expect(shown.match(/Process \d+ listens on TCP 127\.0\.0\.1/g)).toHaveLength(2)
    expect(exitCode).toBe(0)
  })

  test('Ctrl-C takes back what is half typed; on an empty line it ends the session in order', async () => {
    const { exitCode, shown } = await atTerminal([
      ['1> ', `tcp 127.0.0.1${ENTER}`],
      ['2> ', `close${CTRL_C}-> 127.0.0.1${ENTER}`],
      ['3> ', CTRL_C],
    ])
    expect(shown).toContain('The socket of step 1 gets it')
    expect(shown).not.toContain('step 2: ')
    expect(shown).toContain('Theories against steps')
    expect(exitCode).toBe(130)
  })

  test('Ctrl-C ends it also where the terminal has no keys to take anything back', async () => {
    const dialogue: Dialogue = [
      ['1> ', 'close'],
      ['close', CTRL_C],
    ]
    expect((await atTerminal(dialogue, { terminal: 'dumb' })).exitCode).toBe(130)
  })

  test('a step that cannot be kept as a lab is said to be so, and is not done', async () => {
    const dialogue: Dialogue = [
      ['1> ', `tcp 127.0.0.1 as no-such-user${ENTER}`],
      ['2> ', `tcp 127.0.0.1 as nobody${ENTER}`],
      ['2> ', CTRL_C],
    ]
    const { exitCode, shown } = await atTerminal(dialogue, { words: '--as-lab never-kept' })
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('here that is no-such-user already. It is not done.')
    expect(exitCode).toBe(130)
  })

  test('help and the theories are told, and a session without a step ends in peace', async () => {
    const { exitCode, shown } = await atTerminal([
      ['1> ', `help${ENTER}`],
      ['1> ', `theories${ENTER}`],
      ['1> ', `table${ENTER}`],
      ['1> ', ENTER],
      ['1> ', CTRL_D],
    ])
    expect(shown).toContain('udp ADDRESS [ipv6Only] [reusePort] [reuseAddr]')
    expect(shown).toContain('M1, one table: The system has one table from port to process')
    expect(shown).toContain('No theory was put to the test yet.')
    expect(exitCode).toBe(0)
  })
})
