/** What the harness has to put before a lab program so that it tells a lie. */

import { fileURLToPath } from 'node:url'

import type { Lie } from '../../harness/domain/lie.ts'
import type { Fault } from '../../harness/run/cast.ts'

export function faultFor(lie: Lie): Fault {
  const PYTHONPATH = fileURLToPath(new URL('./python', import.meta.url))
  // Stand-ins for tools that set up a network: they pass on what the lie does not concern.
  const PATH = `${fileURLToPath(new URL('./tools', import.meta.url))}:${process.env['PATH'] ?? ''}`
  return {
    nodeArguments: ['--import', new URL('./tell.ts', import.meta.url).href],
    // Python would leave its compiled form of that module behind, in a folder __pycache__.
    env: { SOCKET_LABS_LIE: lie, PATH, PYTHONPATH, PYTHONDONTWRITEBYTECODE: '1' },
  }
}
