/** A step that asks every port of a range from outside. Only in a network of its own: it must meet no other lab's server. */

import type { Protocol } from '../domain/endpoint.ts'
import type { Scanned } from '../domain/observation.ts'
import type { PortRange } from '../network/scan.ts'
import { ALL_PORTS, scan } from '../network/scan.ts'
import type { StageContext } from './stage-context.ts'

export function scanFor(
  { network, limits, signal, onProgress }: StageContext,
  protocol: Protocol,
  address: string,
  range: PortRange = ALL_PORTS,
): Promise<Scanned> {
  if (network !== 'own') throw new Error("scan needs an act with network: 'own'")
  return scan(protocol, address, range, {
    signal,
    silenceMs: limits.silenceMs,
    onProgress: (done, total) => onProgress({ done, total, what: `${protocol.toUpperCase()} ports of ${address}` }),
  })
}
