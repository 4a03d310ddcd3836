import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { lab } from '../lab-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'bad-input-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string) => join(folder, name)

/** Wrong usage: exit code 2, one line on standard error, nothing on standard output. */
async function refusal(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await lab(args, { env })
  expect({ exitCode, stdout, lines: stderr.split('\n').length }).toEqual({ exitCode: 2, stdout: '', lines: 1 })
  return stderr
}

describe('wrong usage is answered with one line that says what is allowed', () => {
  test.concurrent.for([
    [['04-dualstack'], /no lab '04-dualstack'.*nearest are 04-dual-stack/],
    [['99'], /no lab '99'/],
    [['04', '--colour'], /no option --colour; there are .*--color/],
    [['04', '--repeat', '0'], /--repeat takes a whole number from 1/],
    [['04', '--repeat', 'two'], /not 'two'/],
    [['04', '--timeout', '0'], /--timeout takes a number of seconds/],
    [['04', '--port', '65536'], /from 1 to 65535, not '65536'/],
    [['04', '--port', '80x'], /not '80x'/],
    [['01', '04', '--port', '9000'], /--port goes with exactly one lab/],
    [['--all', '--port', '9000'], /--port goes with exactly one lab/],
    [['--all', '04'], /name labs or say --all/],
    [['04', '--jobs', '-1'], /--jobs/],
    [['04', '--report', 'yaml'], /no report format 'yaml'; there are narrated, brief, .*json, ndjson, junit, tap/],
    [['04', '--report', 'json='], /names no file/],
    [['04', '--report', 'json', '--report', 'tap'], /only one report can go to standard output/],
    [['04', '--report', 'json=a', '--save', 'a'], /two outputs cannot go to one file: a/],
    [['04', '--report', `json=${file('no/x.json')}`], /cannot write .*\/no\/x.json: ENOENT/],
    [['04', '--save', '/'], /cannot write \/: it is a folder/],
    [['04', '--save', '/etc/passwd/x.json'], /cannot write \/etc\/passwd\/x.json: ENOTDIR/],
    [['04', '--report', `json=${'x'.repeat(300)}`], /cannot write x+: ENAMETOOLONG/],
    [['--replay', file('no/x.json')], /cannot read .*\/no\/x.json: ENOENT/],
    [['--replay', 'x', '--save', 'y'], /--save needs a run/],
    [['04', '--report'], /--report/],
  ] as const)('%j', async ([args, message]) => {
    expect(await refusal([...args])).toMatch(message)
  })

  test('an option that npm kept for itself is named, with the line to type instead', async () => {
    const env = { npm_lifecycle_event: 'lab', npm_config_predict: 'true' }
    expect(await refusal(['04'], env)).toContain('npm run lab 04 -- --predict')
  })

  test('the value of an option that npm kept is not taken for a lab', async () => {
    const env = { npm_lifecycle_event: 'lab', npm_config_report: 'json' }
    expect(await refusal(['04'], env)).toContain('npm run lab 04 -- --report json')
  })

  test('the value of an option that stood before the labs is told from them', async () => {
    const env = { npm_lifecycle_event: 'lab', npm_config_jobs: 'true' }
    expect(await refusal(['2', '04', '05'], env)).toContain('npm run lab 04 05 -- --jobs 2')
  })
})

describe('a replay file that cannot be told is refused', () => {
  test.for([
    ['of another kind', '{"hello":1}', /no evidence saved by these labs/],
    [
      'of another version',
      '{"format":"socket-labs-evidence","version":99}',
      /version 99 .*reads versions 1 and 2; a newer one/,
    ],
    ['cut short', '{"format":"socket-labs-evidence","version":1,"la', /not whole JSON/],
    [
      'with a part missing',
      '{"format":"socket-labs-evidence","version":1,"host":{"os":"linux"}}',
      /cannot be told: startedAt is no text/,
    ],
  ] as const)('%s', async ([name, text, message]) => {
    writeFileSync(file(name), text)
    expect(await refusal(['--replay', file(name)])).toMatch(message)
  })
})

test('wrong usage found late leaves no half-written file', async () => {
  await refusal(['04', '--report', `json=${file('early.json')}`, '--report', `tap=${file('no/x')}`])
  expect(readdirSync(folder).filter((name) => name.includes('early'))).toEqual([])
  expect(existsSync(file('early.json'))).toBe(false)
})
