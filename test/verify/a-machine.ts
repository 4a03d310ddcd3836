/** A machine on which nothing is lacking, for tests of what is made of a machine. */

import type { Capability } from '../../harness/domain/lab.ts'
import { CAPABILITIES } from '../../harness/domain/lab.ts'
import type { Machine } from '../../harness/domain/machine.ts'

const TRIAL = { works: true, how: 'it was tried' }

/** `lacking`: why each of these capabilities is not there. */
export function aMachine(changes: Partial<Machine> = {}, lacking: Partial<Record<Capability, string>> = {}): Machine {
  const capabilities = Object.fromEntries(CAPABILITIES.map((one) => [one, lacking[one] ?? null]))
  return {
    system: {
      os: 'linux',
      kernel: '6.1.0',
      architecture: 'x64',
      distribution: 'Debian GNU/Linux 12 (bookworm)',
      surroundings: [],
    },
    runtime: { node: 'v26.10.0', nodeOrigin: 'bundled', libuv: '1.52.1', interposed: [] },
    loopback: [{ name: 'lo', isUp: true, addresses: ['127.0.0.1', '::1'] }],
    protocols: { ipv4: TRIAL, ipv6: TRIAL, 'dual-stack': TRIAL, '127.0.0.2': TRIAL },
    settings: [],
    openFiles: { soft: 1024, hard: 4096 },
    cores: 2,
    tools: [],
    rights: { 'privileged-ports': TRIAL, 'user-namespaces': TRIAL, 'packet-filter': TRIAL, 'another-user': TRIAL },
    ...changes,
    capabilities: capabilities as Machine['capabilities'],
  }
}
