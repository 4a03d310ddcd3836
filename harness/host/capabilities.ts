/** Finds out by trying what this machine can do. The answer says how it was found, for the reader of a skip. */

import * as net from 'node:net'

import { runTool } from '../command/tool.ts'
import type { Capability } from '../domain/lab.ts'
import { whyFewClientPorts, whyFewOpenFiles } from './enough.ts'
import { readHostFacts } from './facts.ts'
import { whyNoNeighbour, whyNoOwnNetwork } from './own-network.ts'
import { TOOL_PROBES } from './tools.ts'
import { listenOnce, whyAbsent } from './trial-sockets.ts'

/** `why` is null where the capability is there. */
export type Probed = { capability: Capability; why: string | null }

const PROBES: Record<Capability, () => Promise<string | null>> = {
  ...TOOL_PROBES,
  'own-network': whyNoOwnNetwork,
  neighbour: whyNoNeighbour,
  'ipv4-loopback': () => whyAbsent('127.0.0.1', 'no IPv4 loopback address'),
  'ipv6-loopback': () => whyAbsent('::1', 'no IPv6 loopback address'),
  'loopback-block': () => whyAbsent('127.0.0.2', 'no address 127.0.0.2'),
  'reuse-port': whyNoReusePort,
  'bound-socket': () => Promise.resolve('BoundSocket' in net ? null : `Node ${process.version} has no net.BoundSocket`),
  'another-user': whyNoOtherUser,
  'ephemeral-range': () =>
    Promise.resolve(readHostFacts().ephemeralRange ? null : 'there is no /proc/sys/net/ipv4/ip_local_port_range'),
  'client-ports': whyFewClientPorts,
  'open-files': whyFewOpenFiles,
}

const probed = new Map<Capability, Promise<Probed>>()

/** Probes once per process; asks again only for another capability. */
export function probe(capability: Capability): Promise<Probed> {
  let found = probed.get(capability)
  if (!found) {
    found = PROBES[capability]().then((why) => ({ capability, why }))
    probed.set(capability, found)
    // A machine that had no process left for the probe may have one later.
    found.catch(() => probed.delete(capability))
  }
  return found
}

/** What another process of the harness has found out already. */
export function know(answers: readonly Probed[]): void {
  for (const answer of answers) probed.set(answer.capability, Promise.resolve(answer))
}

/** A user id that owns nothing: `nobody` on Debian and most other systems. */
export const OTHER_USER_ID = 65_534

async function whyNoReusePort(): Promise<string | null> {
  // Nodes before 22.12 and 23.1 ignore the option without a word, so their version has to be asked.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 12) || (major === 23 && minor < 1)) {
    return `Node ${process.version} ignores the option reusePort; 22.12 or 23.1 is needed`
  }
  const code = await listenOnce({ host: '127.0.0.1', reusePort: true })
  return code === null ? null : `listening with reusePort gives ${code}`
}

/** Tried with a tool that does nothing: in a user namespace even root has no other user id to change to. */
async function whyNoOtherUser(): Promise<string | null> {
  if (process.getuid?.() === OTHER_USER_ID) return `this is user ${OTHER_USER_ID} already`
  const run = await runTool('/bin/sh', ['-c', ':'], { uid: OTHER_USER_ID, gid: OTHER_USER_ID })
  return run.outcome === 'ran'
    ? null
    : `this user may not start a program as another one, user ${OTHER_USER_ID} (${run.reason.replace(/^.*: /, '')})`
}
