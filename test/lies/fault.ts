/** What the harness has to put before a lab program so that it tells a lie. */

import type { Lie } from '../../harness/domain/lie.ts'
import type { Fault } from '../../harness/run/cast.ts'

export function faultFor(lie: Lie): Fault {
  return { nodeArguments: ['--import', new URL('./tell.ts', import.meta.url).href], env: { SOCKET_LABS_LIE: lie } }
}
