/** What one handed-in program may use. docs/grading/sandbox.md says of each limit who enforces it. */

import type { SandboxLimits } from '../process/sandbox.ts'

export const PROGRAM_LIMITS: SandboxLimits = {
  processes: 64,
  memoryBytes: 512 * 2 ** 20,
  cpuSeconds: 20,
  fileBytes: 32 * 2 ** 20,
  openFiles: 256,
  temporaryBytes: 16 * 2 ** 20,
}
