/** One scan of all ports of 127.0.0.1, as a process of its own. The bench compares it with nmap. */

import type { Protocol } from '../../harness/domain/endpoint.ts'
import { ALL_PORTS, scan } from '../../harness/network/scan.ts'

const protocol = process.argv[2] as Protocol
const saw = await scan(protocol, '127.0.0.1', ALL_PORTS, { signal: AbortSignal.timeout(120_000), silenceMs: 1_500 })
process.stdout.write(`${saw.closed} closed, ${saw.open.length} open, ${saw.silent.length} silent\n`)
