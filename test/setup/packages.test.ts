/**
 * What `npm ci` reads. The lock file was written on one machine and must serve all.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

interface Locked {
  version: string
  integrity?: string
  resolved?: string
  libc?: string[]
  hasInstallScript?: boolean
  optionalDependencies?: Record<string, string>
}
const locked = Object.entries((JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages)
const packages = locked.filter(([place]) => place !== '')
const nodes = (JSON.parse(read('package.json')) as Locked).optionalDependencies ?? {}

describe('the lock file', () => {
  // npm writes only what the registry had at that moment, and says nothing; `npm ci` is then refused: "Missing: ...".
  test('has every optional package of every platform', () => {
    const names = new Set(packages.map(([place]) => place.replace(/^.*node_modules\//, '')))
    const optional = locked.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}))
    expect(optional.filter((name) => !names.has(name))).toEqual([])
  })

  test('names no registry, and the content of every package', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([])
    expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true')
  })

  // npm 10 leaves `libc` out when it writes a lock file; then every Linux gets the packages for both C libraries.
  test('was written by npm 11, which knows the C libraries apart', () => {
    const musl = packages.filter(([place]) => place.endsWith('-musl'))
    expect(musl).not.toEqual([])
    expect(musl.filter(([, { libc }]) => libc?.[0] !== 'musl').map(([place]) => place)).toEqual([])
  })

  // .npmrc has ignore-scripts: what else wants to run something must be looked at first.
  test('has one install script, the one that .npmrc speaks of', () => {
    const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript)
    expect(scripts.map(([place]) => place)).toEqual(['node_modules/esbuild'])
  })
})

test('the launcher knows every bundled Node, and all are one version', () => {
  const launcher = read('harness/cli/launch.cjs')
  expect(Object.keys(nodes).filter((name) => !launcher.includes(`'${name}'`))).toEqual([])
  expect(Object.keys(nodes)).toHaveLength(5)
  expect(new Set(Object.values(nodes)).size).toBe(1)
})
