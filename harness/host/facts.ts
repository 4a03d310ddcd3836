/** The facts about this machine on which answers depend: read once, without asking anybody's name. */

import { readFileSync } from 'node:fs'
import { arch, platform, release } from 'node:os'
import { join } from 'node:path'

import type { HostFacts } from '../domain/evidence.ts'

/** Where npm puts the packages of this project that carry a Node. */
const BUNDLED_NODE = join(import.meta.dirname, '../../node_modules/node-')

export function readHostFacts(): HostFacts {
  return {
    os: platform(),
    kernel: release(),
    architecture: arch(),
    node: process.version,
    nodeOrigin: process.execPath.startsWith(BUNDLED_NODE) ? 'bundled' : 'system',
    libuv: process.versions.uv ?? 'unknown',
    ephemeralRange: readEphemeralRange(),
    superuser: process.geteuid ? process.geteuid() === 0 : null,
  }
}

/** The ports that connect(2) and a bind to port 0 choose from: ip(7), `ip_local_port_range`. Other systems: unknown. */
function readEphemeralRange(): [number, number] | null {
  const [first, last] = (readSetting('/proc/sys/net/ipv4/ip_local_port_range') ?? '').split(/\s+/).map(Number)
  return first && last ? [first, last] : null
}

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
