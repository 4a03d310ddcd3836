/** Machines that are small or busy. */

import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

import { onTestFinished } from 'vitest'

import { whyNot } from '../namespace.ts'
import type { Environment } from './environment.ts'

/** The hard limit too: Node raises its soft limit to it when it starts. */
const FEW_FILES = ['prlimit', '--nofile=64:64']

export const RESOURCES: readonly Environment[] = [
  {
    name: 'sixty-four open files for each process',
    whyNot: () => whyNot([...FEW_FILES, 'true']),
    enter: () => ({ prefix: FEW_FILES }),
    lacks: ['open-files'],
  },
  {
    name: 'a slow machine: a busy loop on every core',
    enter: () => {
      const loops = Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['-e', 'for (;;);']))
      onTestFinished(() => loops.forEach((loop) => void loop.kill('SIGKILL')))
      return {}
    },
  },
]
