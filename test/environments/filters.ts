/** Kernels whose packet filter knows less: nft(8) answers for an expression that the kernel has in no module. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execaSync } from 'execa'
import { onTestFinished } from 'vitest'

import type { Capability } from '../../harness/domain/lab.ts'
import { whyNoNamespace } from '../namespace.ts'
import type { Environment } from './environment.ts'

export const FILTERS: readonly Environment[] = [
  kernelWithout('numgen', 'packet-filter-numgen', 4),
  kernelWithout('reject', 'packet-filter-reject', 2),
  kernelWithout('counter', 'packet-filter', 12),
]

function kernelWithout(expression: string, capability: Capability, skips: number): Environment {
  return {
    name: `a packet filter without ${expression}`,
    whyNot: () => whyNoNamespace() ?? (findNft() === '' ? 'nft is not installed' : null),
    enter: () => ({ env: { PATH: `${folderWithout(expression)}:${process.env['PATH'] ?? ''}` } }),
    labs: ['20-filtered', '23-lost-packets'],
    lacks: [capability],
    skips,
  }
}

/** A folder whose nft answers as one does on a kernel without this expression. */
function folderWithout(expression: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'filter-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const refuses = `*${expression}*) echo 'Error: Could not process rule: No such file or directory' >&2; exit 1 ;;`
  writeFileSync(join(folder, 'nft'), `#!/bin/sh\ncase "$*" in\n${refuses}\nesac\nexec ${findNft()} "$@"\n`)
  for (const each of [folder, join(folder, 'nft')]) chmodSync(each, 0o755)
  return folder
}

function findNft(): string {
  return execaSync('/bin/sh', ['-c', 'command -v nft'], { reject: false }).stdout
}
