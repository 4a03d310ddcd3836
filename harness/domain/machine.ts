/**
 * What a machine is, has and may do, as far as answers about sockets depend on it. Read by `npm run doctor`, and kept in
 * saved runs so that two machines can be compared. It names no host, no user, and no address but loopback ones.
 */

import type { Capability } from './lab.ts'

/** What was tried, and what came of it. `how` is one sentence for both cases: what was done and what answered. */
export type Trial = { works: boolean; how: string }

/** A setting of the kernel. `value` is null where this system has no such setting or does not show it. */
export type Setting = {
  /** As sysctl(8) writes it: `net.ipv6.bindv6only`. */
  name: string
  value: string | null
  /** What a fresh kernel has; null where that depends on the machine. */
  usual: string | null
}

/** A program of the system. Exactly one of `version` and `why` is null. */
export type InstalledTool = { name: string; version: string | null; why: string | null }

export type LoopbackInterface = { name: string; isUp: boolean; addresses: string[] }

/** An option of mount(8) or of a library, or a variable, that comes between a program and the kernel. */
export type Interposed = { name: string; value: string }

export type Machine = {
  system: {
    /** As Node names it: `linux`, `darwin`, `win32`. */
    os: string
    kernel: string
    architecture: string
    /** `Debian GNU/Linux 12 (bookworm)`, from os-release(5); null where the system has no such file. */
    distribution: string | null
    /** What stands around this process, where it can be recognised: a container, WSL, a namespace of its own. */
    surroundings: string[]
  }
  runtime: {
    node: string
    nodeOrigin: 'bundled' | 'system'
    libuv: string
    /** What the environment puts between programs and the system: LD_PRELOAD, NODE_OPTIONS, a proxy. Values that name a file show its last part only. */
    interposed: Interposed[]
  }
  loopback: LoopbackInterface[]
  /** Found by listening and connecting. */
  protocols: Record<'ipv4' | 'ipv6' | 'dual-stack' | '127.0.0.2', Trial>
  settings: Setting[]
  /** Open files of one process: getrlimit(2), RLIMIT_NOFILE. Null where it is not known; `unlimited` is Infinity's name in JSON. */
  openFiles: { soft: number | 'unlimited'; hard: number | 'unlimited' } | null
  cores: number
  tools: InstalledTool[]
  /** Found by trying, never by the user id. */
  rights: Record<'privileged-ports' | 'user-namespaces' | 'packet-filter' | 'another-user', Trial>
  /** For each capability that labs ask for: null where it is there, else why it is not. */
  capabilities: Record<Capability, string | null>
}
