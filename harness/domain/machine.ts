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

/** Where a packet over the loopback interface passes a chain of the packet filter, in this order: nft(8), hook. */
export const FILTER_HOOKS = ['output', 'postrouting', 'ingress', 'prerouting', 'input'] as const

/** What a rule asks of a packet. `other` is what was not understood: then it may hold, or may not. */
export const FILTER_SUBJECTS = [
  'family',
  'protocol',
  'source',
  'destination',
  'source-port',
  'destination-port',
  'state',
  'input-interface',
  'output-interface',
  'other',
] as const

/**
 * `values`: `ipv4`, `tcp`, `127.0.0.0/8`, `9000-9010`, `new`, `lo`. Of addresses and interfaces only the loopback ones are
 * told; `other` stands for those that this machine has besides.
 */
export type FilterCondition = { of: (typeof FILTER_SUBJECTS)[number]; values: string[]; isNot: boolean }

export const FILTER_DEEDS = ['accept', 'drop', 'reject', 'redirect', 'return', 'jump', 'goto'] as const

export type FilterRule = {
  /** As the tool writes it, without names, comments and addresses of others: `…` stands in their place. */
  text: string
  wants: FilterCondition[]
  does: (typeof FILTER_DEEDS)[number]
  /** For `jump` and `goto` which of the chains; else null. */
  chain: number | null
}

/** `hook` is null for a chain to which others jump. */
export type FilterChain = {
  hook: (typeof FILTER_HOOKS)[number] | null
  policy: 'accept' | 'drop'
  /** The command that shows it. */
  shownBy: string
  rules: FilterRule[]
}

/** The packet filter of this network, as far as it may hold for what goes over the loopback interface. */
export type PacketFilter = {
  /** Why its rules cannot be read, or not all of them; null where they were. */
  why: string | null
  chains: FilterChain[]
}

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
  /** Absent where nobody has looked: on other systems than Linux, and in older files. */
  filter?: PacketFilter
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
  /** The same in a network of its own, for what is another thing there. Absent where none can be made, and in older files. */
  ownNetwork?: Partial<Record<Capability, string | null>>
}
