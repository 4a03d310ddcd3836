/** How many labs run side by side where nobody has said a number. */

import { availableParallelism } from 'node:os'

import { readHostFacts } from '../host/facts.ts'
import { readOpenFiles } from '../host/machine-settings.ts'

/** A lab often waits, for a row in a table or for a process to be gone: meanwhile others run. */
const MORE_THAN_CORES = 2
/** What the harness has open whatever it runs: its own files and pipes, and what Node opens. */
const FILES_OF_ITS_OWN = 32
/** What one lab adds: three pipes for each program and each tool that runs, leases, and clients. */
const FILES_OF_A_LAB = 16
/** Where the system gives its clients few ports, labs side by side would take them from each other. */
const PORTS_OF_A_LAB = 16

/** `openFiles`: how many one process may have. `clientPorts`: how many the system gives to clients. Infinity: no limit. */
export type Means = { cores: number; openFiles: number; clientPorts: number }

export function usualJobs({ cores, openFiles, clientPorts }: Means): number {
  const forFiles = Math.floor((openFiles - FILES_OF_ITS_OWN) / FILES_OF_A_LAB)
  const forPorts = Math.floor(clientPorts / PORTS_OF_A_LAB)
  return Math.max(1, Math.min(cores + MORE_THAN_CORES, forFiles, forPorts))
}

export function usualJobsHere(): number {
  const { soft } = readOpenFiles() ?? { soft: 'unlimited' }
  const { ephemeralRange: range } = readHostFacts()
  return usualJobs({
    cores: availableParallelism(),
    openFiles: soft === 'unlimited' ? Infinity : soft,
    clientPorts: range === null ? Infinity : range[1] - range[0] + 1,
  })
}
