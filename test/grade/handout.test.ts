/** The folder for students: whole, valid, without an answer; and a rubric for the teacher that is read as it is written. */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { OWN_LABS } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { loadRoles } from '../../harness/catalog/roles.ts'
import type { RoleBook } from '../../harness/catalog/roles.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import { LANGUAGES } from '../../harness/grade/handout-starters.ts'
import { handout, rubricTemplate } from '../../harness/grade/handout.ts'
import { planItems } from '../../harness/grade/plan.ts'
import { rubricSchema } from '../../harness/grade/rubric-schema.ts'
import { readRubric, USUAL_RUBRIC } from '../../harness/grade/rubric.ts'
import { parseSubmission } from '../../harness/grade/submission.ts'
import type { Schema } from '../cli/json-schema.ts'
import { judgeBy } from '../cli/json-schema.ts'
import { lab as runCommand, PROJECT } from '../lab-command.ts'
import { hasPython } from '../report/python.ts'

const IDS = ['01-tcp-udp-same-port', '02-reuse-port', '03-loopback-addresses', '04-dual-stack']
const FINE = { errors: [], unknown: [] }

let labs: LoadedLab[]
let book: RoleBook
beforeAll(async () => {
  labs = await Promise.all(IDS.map((id) => loadLab(id, OWN_LABS)))
  book = (await loadRoles(OWN_LABS)).book
})

const top = mkdtempSync(join(tmpdir(), 'handout-'))
afterAll(() => rmSync(top, { recursive: true }))

const textsOf = (some: readonly LoadedLab[]) =>
  Object.fromEntries(handout(some, book, 'python').map(({ name, text }) => [name, text]))
const sheetOf = (texts: Readonly<Record<string, string>>) => JSON.parse(texts['submission.json'] ?? '') as object
const checksOf = ({ lab }: LoadedLab) => Object.values(lab.acts).flatMap((act) => Object.entries(act.checks))

describe('the folder for students', () => {
  test('has the tasks, the questions, the sheet, its schema, and a starter for each role of these labs', () => {
    expect(Object.keys(textsOf(labs.slice(0, 1)))).toEqual([
      'README.md',
      'predictions.md',
      'submission.json',
      'submission.schema.json',
      'server1.py',
      'server2.py',
      'client.py',
    ])
    expect(Object.keys(textsOf(labs)).filter((name) => name.endsWith('.py'))).toHaveLength(9)
  })

  test('asks every question, with every choice by its name and in words', () => {
    const { 'predictions.md': page = '', ...texts } = textsOf(labs)
    const { predictions } = sheetOf(texts) as { predictions: Record<string, Record<string, string>> }
    for (const lab of labs) {
      for (const [id, { outcomes }] of checksOf(lab)) {
        expect(page).toContain(`\`${id}\``)
        expect(predictions[lab.id]?.[id]).toBe('')
        for (const outcome of outcomes) expect(page).toContain(`- \`${outcome}\`: `)
      }
    }
  })

  test('has a sheet that is read as it is, but for the author', () => {
    const text = textsOf(labs)['submission.json'] ?? ''
    const known = { labs, roles: book.roles }
    expect(parseSubmission(text, known)).toEqual({ problem: expect.stringContaining('author is empty') as string })
    const read = parseSubmission(text.replace('"author": ""', '"author": "ada"'), known)
    expect(read).toMatchObject({ submission: { author: 'ada', labs: IDS, notes: [] } })
    const { submission } = read as Extract<typeof read, { submission: unknown }>
    expect(Object.values(submission.predictions).flatMap((answers) => Object.keys(answers))).toEqual([])
    expect(Object.keys(submission.programs)).toEqual(Object.keys(book.roles))
  })

  test('has the schema of its sheet, which finds what is misspelt', () => {
    const texts = textsOf(labs)
    const schema = JSON.parse(texts['submission.schema.json'] ?? '') as Schema
    const sheet = { ...sheetOf(texts), author: 'ada' }
    const judged = (more: object) => judgeBy(schema, { ...sheet, ...more }).errors
    expect(judgeBy(schema, sheet)).toEqual(FINE)
    expect(judged({ author: '../ada' })).toHaveLength(1)
    expect(judged({ predicitons: {} })).toEqual(['.predicitons is not allowed'])
    expect(judged({ predictions: { '04-dual-stack': { 'ipv6only-listener-refuses-ipv4': 'yes' } } })).toHaveLength(1)
    expect(judged({ predictions: { '04-dual-stack': { 'ipv6only-listener-refuses-ipv4': 'connected' } } })).toEqual([])
    expect(judged({ programs: { server7: { run: [] } } })).toHaveLength(1)
    expect(judged({ programs: { server9: { run: ['x'] } } })).toEqual(['.programs.server9 is not allowed'])
  })

  test('is the same whatever is expected: no answer can be in it', () => {
    const turned = labs.map((lab) => ({ ...lab, lab: withOtherAnswers(lab) }))
    expect(textsOf(turned)).toEqual(textsOf(labs))
  })

  test('says nothing of what was seen, and why', () => {
    const whole = Object.values(textsOf(labs)).join('\n')
    const told = labs.flatMap(({ narration }) =>
      Object.values(narration.acts).flatMap(({ checks }) =>
        Object.values(checks).flatMap(({ outcomes }) =>
          Object.values(outcomes).flatMap(({ seen, why, expectedBecause }): unknown[] => [seen, why, expectedBecause]),
        ),
      ),
    )
    const sentences = [...told, ...labs.flatMap(({ narration }) => narration.remember)].filter(
      (one) => typeof one === 'string',
    )
    expect(sentences.length).toBeGreaterThan(100)
    expect(sentences.filter((one) => whole.includes(one))).toEqual([])
  })

  test.for(LANGUAGES)('has starters in %s that run and take their port', async (language, { skip }) => {
    const folder = join(top, language)
    mkdirSync(folder)
    const files = handout(labs.slice(3), book, language)
    for (const { name, text } of files) writeFileSync(join(folder, name), text)
    const sheet = JSON.parse(files.find(({ name }) => name === 'submission.json')?.text ?? '') as {
      programs: Record<string, { run: string[]; build?: string[] }>
    }
    expect(Object.keys(sheet.programs)).toEqual(['server6', 'server7', 'server8'])
    skip(language === 'python' && !(await hasPython()), 'there is no python3')
    skip(language === 'c' && !hasCompiler(), 'there is no C compiler')
    for (const [role, { run, build }] of Object.entries(sheet.programs)) {
      const env = { PATH: process.env['PATH'] ?? '', HOST: '::' }
      if (build) execFileSync(build[0] ?? '', build.slice(1), { cwd: folder })
      const file = run[0] === 'node' ? process.execPath : (run[0] ?? '')
      const said = execFileSync(file, [...run.slice(1), '4711'], { cwd: folder, env, encoding: 'utf8' })
      expect(said).toBe(`${role} was told :: and port 4711, and does nothing yet\n`)
    }
  })
})

describe('the rubric for the teacher', () => {
  test('gives every check and role what it has without one', async () => {
    const file = join(top, 'template.json')
    const text = rubricTemplate(labs, 'template.schema.json')
    writeFileSync(file, text)
    const rubric = await readRubric(file, labs)
    expect(planItems(labs, rubric)).toEqual(planItems(labs, USUAL_RUBRIC))
    expect(judgeBy(JSON.parse(rubricSchema(labs)) as Schema, JSON.parse(text))).toEqual(FINE)
  })

  test('has a schema that finds what is misspelt', () => {
    const schema = JSON.parse(rubricSchema(labs)) as Schema
    const judged = (told: object) => judgeBy(schema, { checks: { '04-dual-stack': told } }).errors
    const check = 'ipv6only-listener-refuses-ipv4'
    expect(judged({ server7: { program: 2 }, [check]: { restsOn: 'server8', visibility: 'after-due' } })).toEqual([])
    expect(judged({ [check]: { prediction: { points: 2, partial: { connected: 1 } } } })).toEqual([])
    expect(judged({ [check]: { prediction: { points: 2, partial: { conected: 1 } } } })).toHaveLength(1)
    expect(judged({ [check]: { predicton: 1 } })).toHaveLength(1)
    expect(judged({ [check]: { program: 1.5 } })).toHaveLength(1)
    expect(judged({ server9: { program: 1 } })).toHaveLength(1)
  })
})

describe('npm run lab:handout', () => {
  const command = 'harness/cli/lab-handout.ts'
  const run = (...args: string[]) => runCommand(args, { command })

  test('writes the folder and the rubric, and never over anything', async () => {
    const [out, rubric] = [join(top, 'out'), join(top, 'rubric.json')]
    const first = await run('04', '01', '--out', out, '--rubric', rubric, '--language', 'node')
    expect(first).toMatchObject({ exitCode: 0, stderr: '' })
    expect(first.stdout).toMatch(/\nwrote \S*server7\.mjs\n/)
    expect(first.stdout).toContain('Students check themselves with: npm run grade -- ')
    expect(readdirSync(out)).toContain('submission.schema.json')
    expect(JSON.parse(readFileSync(rubric, 'utf8'))).toMatchObject({ $schema: './rubric.schema.json' })
    expect(existsSync(join(top, 'rubric.schema.json'))).toBe(true)
    rmSync(join(out, 'README.md'))
    writeFileSync(join(out, 'server7.mjs'), 'mine')
    const again = await run('04', '01', '--out', out, '--language', 'node')
    expect(again).toMatchObject({ exitCode: 2, stdout: '' })
    expect(again.stderr).toMatch(/^lab:handout: \S+ is there already, and nothing is written over$/)
    expect(existsSync(join(out, 'README.md'))).toBe(false)
    expect(readFileSync(join(out, 'server7.mjs'), 'utf8')).toBe('mine')
  })

  test.each<[string[], string]>([
    [[], 'name the labs, such as 01 02 04; npm run lab lists them'],
    [['01'], 'say --out DIR for the folder of the students'],
    [['99', '--out', 'x'], "there is no lab '99'"],
    [['01', '--out', 'x', '--language', 'cobol'], '--language needs one of python, node, c, sh'],
    [['01', '--out', 'x', '--rubric', 'x/rubric.json'], '--rubric is for you: name a file outside of the folder'],
    [['01', '--out'], '--out needs the name of a folder'],
    [['01', '--output', 'x'], 'there is no option --output'],
    [['01', '--out', '/dev/null/x'], 'cannot write'],
  ])('%j is wrong usage', async (args, says) => {
    const { exitCode, stdout, stderr } = await run(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^lab:handout: [^\n]+$/)
    expect(stderr).toContain(says)
    expect(existsSync(join(PROJECT, 'x'))).toBe(false)
  })

  test('has help', async () => {
    expect(await run('--help')).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('--language c') as string,
    })
  })
})

/** The same lab, in which another outcome of each check is expected everywhere. */
function withOtherAnswers({ lab }: LoadedLab): LoadedLab['lab'] {
  const acts = Object.entries(lab.acts).map(([name, act]) => {
    const checks = Object.entries(act.checks).map(([id, check]) => {
      return [id, { ...check, expect: { posix: { outcome: check.outcomes.at(-1) ?? '', source: 'nobody' } } }]
    })
    return [name, { ...act, checks: Object.fromEntries(checks) as typeof act.checks }]
  })
  return { ...lab, acts: Object.fromEntries(acts) as typeof lab.acts }
}

function hasCompiler(): boolean {
  try {
    return execFileSync('cc', ['--version']).length > 0
  } catch {
    return false
  }
}
