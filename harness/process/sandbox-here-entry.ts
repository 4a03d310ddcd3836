/** Finds the sandbox of this machine from within a network of its own, and says in one line what it promises. */

import { findSandbox } from './sandbox.ts'

/** Whether limits bind does not depend on how high they are. */
const LIMITS = {
  processes: 64,
  memoryBytes: 512_000_000,
  cpuSeconds: 20,
  fileBytes: 32_000_000,
  openFiles: 256,
  temporaryBytes: 16_000_000,
}

const found = await findSandbox(LIMITS)
// Whoever started this hears standard error only.
process.stderr.write(`sandbox ${JSON.stringify('facts' in found ? found.facts : found)}\n`)
