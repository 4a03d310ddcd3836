/** What this machine's network and this user's rights come to: found by trying, never by the user id. */

import type { Machine, Trial } from '../domain/machine.ts'
import type { Capability } from '../domain/lab.ts'
import { runTool } from '../command/tool.ts'
import { listenOnce, whyUnreachable } from './trial-sockets.ts'

export type Capabilities = Readonly<Record<Capability, string | null>>

export async function tryProtocols(capabilities: Capabilities): Promise<Machine['protocols']> {
  const reached = (address: string, why: string | null) => trial(why, `a listener on ${address} was reached`)
  const dualStack = await whyUnreachable('::', 'no dual-stack socket', '127.0.0.1')
  return {
    ipv4: reached('127.0.0.1', capabilities['ipv4-loopback']),
    ipv6: reached('::1', capabilities['ipv6-loopback']),
    'dual-stack': trial(dualStack, 'a listener on :: was reached over 127.0.0.1'),
    '127.0.0.2': reached('127.0.0.2', capabilities['loopback-block']),
  }
}

export async function tryRights(capabilities: Capabilities): Promise<Machine['rights']> {
  const [privilegedPorts, userNamespaces] = await Promise.all([tryPrivilegedPorts(), tryUserNamespaces()])
  return {
    'privileged-ports': privilegedPorts,
    'user-namespaces': userNamespaces,
    'packet-filter': trial(
      capabilities['packet-filter'],
      'the kernel took a rule with "drop", in a network namespace of its own',
    ),
    'another-user': trial(capabilities['another-user'], 'a program was started as another user'),
  }
}

/** Numbers that IANA has given to nobody, the lowest first: where the privileged ports begin is a setting. */
const UNASSIGNED = [4, 6, 8, 10, 12, 14, 16]

/** ip(7): a port below ip_unprivileged_port_start wants CAP_NET_BIND_SERVICE. Taken ones say nothing. */
async function tryPrivilegedPorts(): Promise<Trial> {
  for (const port of UNASSIGNED) {
    const code = await listenOnce({ host: '127.0.0.1', port })
    if (code === null) return { works: true, how: `a socket was bound to 127.0.0.1, TCP port ${port}` }
    if (code !== 'EADDRINUSE') return { works: false, how: `binding to 127.0.0.1, TCP port ${port}, gives ${code}` }
  }
  return { works: false, how: `the TCP ports ${UNASSIGNED.join(', ')} of 127.0.0.1 are all taken` }
}

async function tryUserNamespaces(): Promise<Trial> {
  const run = await runTool('unshare', ['--map-root-user', 'true'])
  if (run.outcome !== 'ran') return { works: false, how: run.reason }
  const [said = ''] = run.stderr.trim().split('\n')
  return run.exitCode === 0
    ? { works: true, how: 'the tool unshare made one' }
    : { works: false, how: said === '' ? `the tool unshare ends with exit code ${run.exitCode}` : said }
}

function trial(why: string | null, how: string): Trial {
  return why === null ? { works: true, how } : { works: false, how: why }
}
