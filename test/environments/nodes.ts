/** The machine's own Node in place of the one that the project brings. It comes from npm, into a temporary folder. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa } from 'execa'
import { onTestFinished } from 'vitest'

import type { Environment, Way } from './environment.ts'
import { inMounts, whyNoMounts } from './in-mounts.ts'

const PACKAGE = `node-linux-${process.arch}`

export const NODES: readonly Environment[] = [
  {
    ...systemNode('20.20.2'),
    refusal:
      /^socket-labs: Node 22\.18 or newer is needed, found 20\.20\.2; the package \S+ is not installed: run "npm ci"/,
  },
  { ...systemNode('22.23.3'), lacks: ['bound-socket'] },
  systemNode('24.21.0'),
  // The version that the project brings, found in another place.
  systemNode('26.10.0'),
]

function systemNode(version: string): Environment {
  let file = ''
  return {
    name: `the machine's Node ${version}, where the bundled one is not installed`,
    whyNot: async () => {
      const fetched = await fetchNode(version)
      if ('why' in fetched) return fetched.why
      file = fetched.file
      return whyNoMounts()
    },
    enter: () => withoutBundled(file),
  }
}

/**
 * For this mount namespace, there is nothing in the package's folder. The launcher then takes the Node that reads it. Of
 * the command, which is the bundled Node and a file, it wants the name.
 */
function withoutBundled(node: string): Required<Pick<Way, 'prefix'>> {
  const hide = `mount -t tmpfs none node_modules/${PACKAGE}`
  return inMounts(
    `${hide} && name=$(basename "$2" .ts) && shift 2 && exec '${node}' harness/cli/launch.cjs "$name" "$@"`,
  )
}

/** Gone with the test. */
async function fetchNode(version: string): Promise<{ file: string } | { why: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'node-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const words = ['install', '--prefix', folder, '--no-save', '--no-fund', '--no-audit', '--ignore-scripts']
  const npm = await execa('npm', [...words, `${PACKAGE}@${version}`], { reject: false, timeout: 120_000 })
  if (npm.exitCode === 0) return { file: join(folder, 'node_modules', PACKAGE, 'bin', 'node') }
  const [said] = (npm.stderr || npm.shortMessage || '').split('\n')
  return { why: `npm does not bring ${PACKAGE}@${version}: ${said}` }
}
