/** What this machine's network and this user's rights come to: found by trying, never by the user id. */

import type { Machine, Trial } from '../domain/machine.ts'
import type { Capability } from '../domain/lab.ts'
import { runTool } from '../command/tool.ts'
import { listenOnce, whyUnreachable } from './trial-sockets.ts'

export type Capabilities = Readonly<Record<Capability, string | null>>

/** Asks a question as soon as there is room for it. */
export type Ask = <T>(question: () => Promise<T>) => Promise<T>

export async function tryProtocols(ask: Ask): Promise<Machine['protocols']> {
  const reached = async (address: string, over = address) =>
    trial(
      await ask(() => whyUnreachable(address, `${address} is not reached`, over)),
      over === address ? `a listener on ${address} was reached` : `a listener on ${address} was reached over ${over}`,
    )
  const [ipv4, ipv6, dualStack, another] = await Promise.all([
    reached('127.0.0.1'),
    reached('::1'),
    reached('::', '127.0.0.1'),
    reached('127.0.0.2'),
  ])
  return { ipv4, ipv6, 'dual-stack': dualStack, '127.0.0.2': another }
}

export async function tryRights(found: Promise<Capabilities>, ask: Ask): Promise<Machine['rights']> {
  const asked = Promise.all([ask(tryPrivilegedPorts), ask(tryUserNamespaces)])
  const [capabilities, [privilegedPorts, userNamespaces]] = await Promise.all([found, asked])
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
