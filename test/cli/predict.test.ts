import { execa, execaSync } from 'execa'
import { describe, expect, test } from 'vitest'

import { lab, PROJECT } from '../lab-command.ts'

/** script(1) gives a program a terminal; its own options differ between systems, so it is tried. */
const noTerminal =
  execaSync('script', ['-qec', 'true', '/dev/null'], { reject: false }).exitCode === 0 ? null : 'no script(1)'

/** Types `keys` at the terminal of a run, and returns what it showed. */
function atTerminal(keys: string, args: string): string {
  const { stdout } = execaSync('script', ['-qec', `${process.execPath} harness/cli/lab.ts ${args}`, '/dev/null'], {
    cwd: PROJECT,
    input: keys,
    reject: false,
    timeout: 50_000,
    env: { CI: '', NO_COLOR: '1' },
  })
  return stdout.replaceAll('\r', '')
}

describe('--predict', () => {
  test('without a terminal nothing is asked, and the lab runs', async () => {
    const { exitCode, stdout, stderr } = await lab(['04', '--predict'])
    expect(exitCode).toBe(0)
    expect(stdout).not.toContain('What do you expect?')
    expect(stderr).toContain('asks only at a terminal')
  })

  test.skipIf(noTerminal)(
    'at a terminal each act asks first, one key an answer, and shows it beside what was observed',
    () => {
      // First act: right, right, wrong, passed over. Then Enter for all the rest.
      const told = atTerminal(`321\r${'\r'.repeat(20)}`, '04 --predict')
      expect(told).toContain('What do you expect?')
      expect(told).toContain('You said: Yes, it is connected. That is right.')
      expect(told.replaceAll(/\s+/g, ' ')).toContain(
        'You said: No, it is refused. That is not what happened. IPv6 and IPv4 are two protocols',
      )
      expect(told.match(/passed over/g)?.length).toBe(8)
    },
  )

  test.skipIf(noTerminal)('Ctrl-C at a question ends the run in order', async () => {
    const run = execa('script', ['-qec', `${process.execPath} harness/cli/lab.ts 04 --predict`, '/dev/null'], {
      cwd: PROJECT,
      reject: false,
      timeout: 50_000,
      env: { CI: '', NO_COLOR: '1' },
    })
    let told = ''
    run.stdout.on('data', (piece: Buffer) => {
      told += piece.toString()
      const questions = told.split('  > ').length - 1
      // The first question is answered; at the second one comes Ctrl-C.
      if (told.endsWith('  > ')) run.stdin.write(questions === 1 ? '1' : '\x03')
    })
    expect((await run).exitCode).toBe(130)
    expect(told.replaceAll(/\s+/g, ' ')).toMatch(/Interrupted by SIGINT after .*: 11 inconclusive/)
    expect(told.split('  > ').length - 1).toBe(2)
  })
})
