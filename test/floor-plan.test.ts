/** The floor plan of docs/floor-plan.json holds: who may import whom, how long a file may be, who may write to stdout. */

import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, posix } from 'node:path'

import { describe, expect, test } from 'vitest'

type Row = { where: string[]; duty: string; imports: string[]; packages?: string[] }
type FloorPlan = { mostLines: number; forbiddenFolders: string[]; onlyInCli: string[]; rows: Row[] }

const PROJECT = join(import.meta.dirname, '..')
const plan = JSON.parse(readFileSync(join(PROJECT, 'docs/floor-plan.json'), 'utf8')) as FloorPlan

const sources = ['harness', 'labs'].flatMap((folder) =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|cjs|mjs|js)$/.test(file))
    .map((file) => {
      const path = posix.join(folder, file.replaceAll('\\', '/'))
      return { path, text: readFileSync(join(PROJECT, path), 'utf8') }
    }),
)
const harness = sources.filter(({ path }) => path.startsWith('harness/'))

/** `harness/run/` holds the files below it, `harness/lab.ts` that one file. */
const lies = (path: string, place: string) => (place.endsWith('/') ? path.startsWith(place) : path === place)
const rowOf = (path: string) => plan.rows.find(({ where }) => where.some((place) => lies(path, place)))

/** Comments speak of modules and of stdout too. A `//` after a colon is an address. */
const withoutComments = (text: string) => text.replace(/\/\*[^]*?\*\//g, '').replace(/(?<=^|[^:])\/\/.*/gm, '')

const IMPORT = /\b(?:from|import|require)\s*\(?\s*(['"`])([^'"`\n]+)\1/g

/** What a file imports, types included: paths of this project, and names of packages. */
function importsOf({ path, text }: { path: string; text: string }): string[] {
  const names = [...withoutComments(text).matchAll(IMPORT)].map(([, , name = '']) => name)
  // A template of source text is not an import of this file.
  const real = names.filter((name) => !name.includes('${'))
  return real.map((name) => (name.startsWith('.') ? posix.join(dirname(path), name) : name))
}

function forbiddenImports(file: { path: string; text: string }): string[] {
  const row = rowOf(file.path)
  if (!row) return [`${file.path} stands in no row of the floor plan`]
  return importsOf(file)
    .filter((name) => !isAllowed(name, row, file.path))
    .map((name) => `${file.path} imports ${name}`)
}

function isAllowed(name: string, row: Row, path: string): boolean {
  if (name.startsWith('node:')) return true
  // The launcher has to be read by Nodes that do not know the prefix.
  if (path.endsWith('.cjs') && builtinModules.includes(name)) return true
  if (!/^(harness|labs|test)\//.test(name)) return row.packages?.includes(name.split('/')[0] ?? '') ?? false
  return [...row.where, ...row.imports].some((place) => lies(name, place))
}

describe('imports', () => {
  test('a folder imports only what its row names, and node: modules', () => {
    expect(sources.flatMap(forbiddenImports)).toEqual([])
  })

  test.each([
    ['harness/domain/x.ts', "import { a } from '../words/en.ts'"],
    ['harness/report/x.ts', "import type { a } from '../run/run.ts'"],
    ['harness/report/x.ts', "export { a } from '../listing/list.ts'"],
    ['harness/run/x.ts', "import { execa } from 'execa'"],
    ['harness/listing/x.ts', "import getPort from 'get-port'"],
    ['harness/host/x.ts', "const a = await import('../network/lease.ts')"],
    ['harness/words/x.ts', "import '../cli/usage.ts'"],
    ['harness/run/x.ts', "import { readFileSync } from 'fs'"],
    ['harness/elsewhere/x.ts', ''],
    ['labs/01-x/lab.ts', "import { run } from '../../harness/run/run.ts'"],
  ])('%s may not: %s', (path, text) => {
    expect(forbiddenImports({ path, text })).toHaveLength(1)
  })

  test.each([
    ['harness/command/x.ts', "import('execa')"],
    ['harness/run/x.ts', "import type { Row } from '../domain/socket-row.ts'\nimport { join } from 'node:path'"],
    ['harness/words/x.ts', "// import { a } from '../cli/usage.ts'"],
    ['labs/01-x/lab.ts', "import { act } from '../../harness/lab.ts'"],
  ])('%s may: %s', (path, text) => {
    expect(forbiddenImports({ path, text })).toEqual([])
  })

  test('every module that a row names is there or is yet to come, and no row names one twice', () => {
    const places = plan.rows.flatMap(({ where }) => where)
    expect(new Set(places).size).toBe(places.length)
    const empty = places.filter((place) => !sources.some(({ path }) => lies(path, place)))
    expect(['harness/theories/', 'harness/grade/']).toEqual(expect.arrayContaining(empty))
  })
})

describe('files', () => {
  const lines = (text: string) => text.replace(/\n$/, '').split('\n').length

  test('none in harness/ is longer than a reader takes in', () => {
    const lengths = harness.map(({ text }) => lines(text)).sort((a, b) => a - b)
    const median = lengths[Math.floor(lengths.length / 2)] ?? 0
    process.stdout.write(`harness/: ${lengths.length} files, median ${median} lines, longest ${lengths.at(-1)}\n`)
    expect(harness.filter(({ text }) => lines(text) > plan.mostLines).map(({ path }) => path)).toEqual([])
  })

  test('none stands in a folder whose name says nothing', () => {
    const folders = new Set(sources.flatMap(({ path }) => dirname(path).split('/')))
    const names = sources.map(({ path }) => basename(path).replace(/\.\w+$/, ''))
    expect([...folders, ...names].filter((name) => plan.forbiddenFolders.includes(name))).toEqual([])
  })
})

describe('the process', () => {
  const OWN = /\bprocess\.(?:stdout|argv|exitCode)\b/

  test('has its standard output, arguments and exit code used by the command line and by programs only', () => {
    const users = harness.filter(({ text }) => OWN.test(withoutComments(text))).map(({ path }) => path)
    expect(users.filter((path) => !plan.onlyInCli.some((place) => lies(path, place)))).toEqual([])
    expect(users).toContain('harness/program.ts')
  })
})
