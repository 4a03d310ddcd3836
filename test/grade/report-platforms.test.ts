/** The files of docs/grading that people copy: scripts are scripts, YAML is YAML, and every option they give exists. */

import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { execa } from 'execa'
import { describe, expect, it } from 'vitest'

import { GRADE_OPTIONS } from '../../harness/cli/grade-options.ts'
import { GRADED_FORMATS } from '../../harness/report/graded/formats.ts'
import { PROJECT } from '../lab-command.ts'
import { askPython, hasPython } from '../report/python.ts'

const FOLDER = join(PROJECT, 'docs/grading')
const all = globSync('**/*', { cwd: FOLDER }).filter((file) => statSync(join(FOLDER, file)).isFile())
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8')
const withYaml = await hasPython('yaml')
const withPython = await hasPython('ast')

describe('scripts', () => {
  const scripts = all.filter((file) => /^#!.*sh$/m.test(read(file).split('\n')[0] ?? ''))

  it.each(scripts)('%s is one, and may be started', async (file) => {
    await execa('sh', ['-n', join(FOLDER, file)])
    expect(statSync(join(FOLDER, file)).mode & 0o111).toBe(0o111)
  })

  it('there are three of them', () => {
    expect(scripts).toHaveLength(3)
  })

  it.skipIf(!withPython)('autograder.py is Python (needs python3)', async () => {
    const code = 'print(json.dumps(len(ast.parse(sys.stdin.read()).body)))'
    expect(await askPython(['ast'], code, read('classroom50/autograder.py'))).toBeGreaterThan(5)
  })
})

describe('YAML and JSON', () => {
  const files = all.filter((file) => /\.ya?ml$/.test(file))

  it.skipIf(!withYaml).each(files)('%s is read (needs python3 with yaml)', async (file) => {
    const keys = await askPython(['yaml'], 'print(json.dumps([str(k) for k in yaml.safe_load(sys.stdin)]))', read(file))
    expect(keys).not.toEqual([])
  })

  it.each(all.filter((file) => file.endsWith('.json')))('%s is read', (file) => {
    expect(() => JSON.parse(read(file)) as unknown).not.toThrow()
  })
})

describe('the command', () => {
  // It ends with its paragraph or block; what stands in a comment, or is another command, has options of its own.
  const commands = all.flatMap((file) =>
    read(file)
      .split(/(?=npm run (?:-s )?grade --|launch\.cjs grade)/)
      .slice(1)
      .map((text) => ({ file, text: text.split(/\n\n|```|`|#|\ndocker|\n\s*- (?!-)|\n[a-z]+=|\nenv/)[0] ?? '' })),
  )
  const known = [...Object.keys(GRADE_OPTIONS), 'no-require-sandbox', 'no-color']

  it('stands in most of the files', () => {
    expect(new Set(commands.map(({ file }) => file)).size).toBeGreaterThan(7)
  })

  it.each(commands)('of $file has options that there are', ({ text }) => {
    const options = [...text.matchAll(/(?<=[\s"])--([a-z-]+)/g)].map(([, name]) => name)
    expect(options.filter((name) => !known.includes(name ?? ''))).toEqual([])
    const formats = [...text.matchAll(/--report (\w+)/g)].map(([, name]) => name)
    expect(formats.filter((name) => !Object.hasOwn(GRADED_FORMATS, name ?? ''))).toEqual([])
  })
})

describe('the table of formats', () => {
  it('has each of them, and says which can hold a class', () => {
    const rows = [...read('formats.md').matchAll(/^\| `(\w+)`\s*\| (yes|no)\s*\| (yes|no) /gm)]
    const told = rows.map(([, ...cells]) => cells.join(' '))
    const wanted = Object.entries(GRADED_FORMATS).map(([name, format]) => `${name} yes ${format.class ? 'yes' : 'no'}`)
    expect(told.toSorted()).toEqual(wanted.toSorted())
  })
})

describe('links', () => {
  const pages = all.filter((file) => file.endsWith('.md'))

  it.each(pages)('of %s lead to a file', (file) => {
    const targets = [...read(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
    const missing = targets.filter((target) => !statSync(join(FOLDER, file, '..', target), { throwIfNoEntry: false }))
    expect(missing).toEqual([])
  })
})
