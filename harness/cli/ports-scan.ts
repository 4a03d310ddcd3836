import type { PortsAction, PortsOptions } from './ports-options.ts'
import { UsageError } from './usage.ts'
export async function performScan(_: Extract<PortsAction, { do: 'scan' }>, __: PortsOptions): Promise<void> {
  throw new UsageError('--scan is not there yet')
}
