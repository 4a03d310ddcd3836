/** The README is run: its commands succeed, and what it shows is what they print. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'

import { lab, PROJECT } from './lab-command.ts'

const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8')
/** A guide whose commands are run as well. */
const ports = readFileSync(join(PROJECT, 'docs/ports.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

// What the page calls `submissions/` has one of them, without programs: whether there is a sandbox does not matter then.
const ada = join(folder, 'submissions/ada')
mkdirSync(ada, { recursive: true })
writeFileSync(join(ada, 'submission.json'), JSON.stringify({ author: 'ada' }))

/** Commands in console blocks and in the first column of tables. */
const commands = [
  ...new Set([
    ...[...`${readme}\n${ports}`.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
      [...block.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command),
    ),
    ...[...readme.matchAll(/^\| `(npm [^`]*)`/gm)].map(([, command = '']) => command),
  ]),
]

/** They install, or take longer than all the other tests: `.ci/run` has them, word for word. */
const IN_CI =
  /^npm (ci|test)$|^npm run (check|claims|selftest|test:\w+)$|^npm run lab -- --all$|^npm run lab 14 -- --full$|^npm run (verify -- --save|compare) here\.json( there\.json)?$|^npm run verify -- --random 100$/
/** They write a lab, or measure: lab-new.test.ts has the one, and who changes what it costs has the other. */
const ELSEWHERE = /^npm run (lab:new .*|bench)$/
/** These wait for a client until somebody stops them. */
const STAYS = /^npm run program/

describe('every command of the README succeeds', () => {
  const here = commands.filter((command) => ![IN_CI, ELSEWHERE, STAYS].some((kind) => kind.test(command)))

  test('there are commands to run', () => {
    expect(here.length).toBeGreaterThan(6)
    expect(commands.filter((command) => ELSEWHERE.test(command)).length).toBeGreaterThan(1)
  })

  test('what takes too long for here is run by .ci/run', () => {
    const script = readFileSync(join(PROJECT, '.ci/run'), 'utf8').replaceAll('npm run -s ', 'npm run ')
    const inCi = script.split('\n').map((line) => line.replace(/^(?:[A-Z]+=\S+ )+/, ''))
    const long = commands.filter((command) => IN_CI.test(command))
    expect(long.length).toBeGreaterThan(4)
    // A sample of the selftest, and the check without the tests, are forms of the commands of the page.
    expect(long.filter((command) => !inCi.some((line) => line.startsWith(command)))).toEqual([])
  })

  // In the order of the page: one command makes the file that a later one reads.
  test.for(here)('%s', async (command) => {
    const inFolder = command
      .replaceAll(/\b(run\.json|results\.xml|ports\.json)\b/g, (name) => join(folder, name))
      .replaceAll(/(?<= )(homework|submissions\/|graded)(?= |$)/g, (name) => join(folder, name))
    const { exitCode, all } = await execa('sh', ['-c', inFolder], {
      cwd: PROJECT,
      reject: false,
      all: true,
      stdin: 'ignore',
    })
    expect({ exitCode, all: exitCode === 0 ? '' : all }).toEqual({ exitCode: 0, all: '' })
    for (const [name] of inFolder.matchAll(/[^ =]*\/(run\.json|results\.xml|ports\.json)/g))
      expect(existsSync(name)).toBe(true)
  })
})

test('a program runs by hand as the README says, and ends with its first client', async () => {
  const command = commands.find((one) => STAYS.test(one)) ?? ''
  const running = execa('sh', ['-c', command.replace(/\d+$/, '19321')], {
    cwd: PROJECT,
    reject: false,
    stdin: 'ignore',
  })
  let heard = ''
  for await (const line of running) {
    if (!line.includes('"event":"listening"')) continue
    const client = connect(19321, '127.0.0.1').setEncoding('utf8')
    client.on('data', (text) => (heard += text))
  }
  expect(heard).toMatch(/^server7, process \d+\n$/)
})

test('the lab prints what the README shows of it', async () => {
  // A port of its own: where 8080 is taken, by another test for instance, a lab says so, and the page does not.
  let printed = ''
  for (const port of ['7080', '7082', '7084']) {
    printed = (await lab(['04', '--port', port])).stdout
    if (!printed.includes('cannot be used')) break
  }
  const blocks = [...readme.matchAll(/```text\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  expect(blocks.length).toBeGreaterThan(1)
  // Numbers differ from run to run, and lines break elsewhere when a number has fewer digits.
  const plain = (text: string) =>
    text
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/process (\d+|\[PID\])/g, 'process N')
      .replaceAll(/(:|port )(\d{4,5}|\[PORT\])/g, '$1N')
  for (const block of blocks) expect(plain(printed)).toContain(plain(block).trim())
})
