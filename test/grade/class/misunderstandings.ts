/**
 * Each misunderstanding by a program, in the role in which it shows, and what it has to come to: derived from what the
 * program does and what the act asks, by thought. What is not named in `lost` is passed.
 */

import type { FindingKind } from '../../../harness/domain/role.ts'
import type { Item, PartName } from './rubric.ts'
import { PARTS } from './rubric.ts'
import type { Handed } from './programs.ts'
import { wrong } from './programs.ts'

export type Lost = Partial<Record<Item, 'fail' | 'skip'>>

export type Misunderstanding = {
  name: string
  part: PartName
  role: string
  program: Handed
  /** What is found of the role, in order; none where the program does what it has to, and something else comes of it. */
  findings: readonly FindingKind[]
  lost: Lost
  /** Facts that the finding has to name. */
  facts?: Readonly<Record<string, string | number>>
}

type Told = { facts?: Misunderstanding['facts']; lost?: Lost; program?: Handed }

/** A program of test/grade/wrong in a role; the role is lost, and what else is said. */
function of(
  path: string,
  part: PartName,
  role: Item,
  findings: readonly FindingKind[],
  { facts, lost = {}, program = wrong(path) }: Told = {},
): Misunderstanding {
  const name = `${path.split('/')[0]} as ${role}`
  const own: Lost = findings.length > 0 ? { [role]: 'fail' } : {}
  return { name, part, role, program, findings, lost: { ...own, ...lost }, ...(facts && { facts }) }
}

/** Without a socket where it was to be nothing can be asked: the checks of the act rest on the role. */
export function withoutSocket(part: PartName, role: string): Lost {
  const { roles, items } = PARTS[part]
  const checks = items.filter((item) => !(roles as readonly string[]).includes(item))
  return { [role]: 'fail', ...Object.fromEntries(checks.map((item) => [item, 'skip'])) }
}

const ONE: PartName = 'onlyUdpIsLeft'
const none = { lost: withoutSocket(ONE, 'server1') }
const noUdp = { lost: withoutSocket(ONE, 'server2') }
const noClient = { lost: withoutSocket('chosenPort', 'client') }
const notJoined = { lost: { joined: 'fail', other: 'fail' } } as const
const noIPv4 = { lost: { overIPv4: 'fail', mapped: 'fail' } } as const

export const MISUNDERSTANDINGS: readonly Misunderstanding[] = [
  of('listens-on-8000/server.py', ONE, 'server1', ['listens-elsewhere'], {
    ...none,
    facts: { found: '127.0.0.1:8000' },
  }),
  of('exits-at-once/server.py', ONE, 'server1', ['ended-early'], { ...none, facts: { how: 'exit code 0' } }),
  // The kernel refuses the client, as where a server has served and gone: what it had to do is lost, and no more.
  of('exits-before-a-client/server.py', ONE, 'server1', ['ended-early'], { facts: { how: 'exit code 0' } }),
  of('never-accepts/server.py', ONE, 'server1', ['never-accepts']),
  // That its clients are connected is the work of the kernel alone, and accept(2) never said who the second one was.
  of('never-accepts/server.py', 'dualStack', 'server7', ['never-accepts'], {
    lost: { overIPv6: 'skip', overIPv4: 'skip', mapped: 'fail' },
  }),
  of('waits-for-the-client/server.mjs', ONE, 'server1', ['waits-for-the-client']),
  of('resets-the-client/server.py', ONE, 'server1', ['resets-the-client']),
  of('does-not-answer/server.py', ONE, 'server2', ['does-not-answer']),
  of('only-prints/server.py', ONE, 'server1', ['only-prints'], { ...none, facts: { said: 'ended 0' } }),
  of('prints-results/server.sh', ONE, 'server1', ['only-prints'], none),
  of('leaves-a-child/server.py', ONE, 'server1', ['leaves-a-child'], { facts: { count: 1 } }),
  of('raises/server.py', ONE, 'server1', ['crashed'], {
    facts: { how: 'exit code 1', said: "NameError: name 'peer' is not defined" },
  }),
  of('throws/server.mjs', ONE, 'server1', ['crashed'], {
    facts: { how: 'exit code 1', said: 'TypeError: client.goodbye is not a function' },
  }),
  of('segfaults/server.c', ONE, 'server1', ['crashed'], { facts: { how: 'SIGSEGV' } }),
  // Stopped at a moment that chance chooses: all in which it has a part rests on it.
  of('floods/server.py', ONE, 'server1', ['too-much-output'], none),
  of('forks-without-end/server.py', ONE, 'server1', ['too-many-processes'], none),
  of('serves-for-ever/server.mjs', ONE, 'server1', ['does-not-end']),
  of('another-address/server.py', ONE, 'server1', ['another-address'], { facts: { found: '0.0.0.0' } }),
  of('sees-the-grader/server.py', ONE, 'server1', ['listens-elsewhere'], {
    ...none,
    facts: { found: '127.0.0.1:8000' },
  }),
  of('never-reads/server.py', ONE, 'server2', ['does-not-read'], { lost: { datagram: 'fail' } }),
  of('ends-without-reading/server.py', ONE, 'server2', ['does-not-read', 'ended-early'], {
    lost: { datagram: 'fail' },
  }),
  of('tcp-for-udp/server.py', ONE, 'server2', ['another-protocol'], { ...noUdp, facts: { told: 'UDP' } }),
  of('never-connects/client.py', 'chosenPort', 'client', ['does-not-connect'], noClient),
  of('dials-8000/client.py', 'chosenPort', 'client', ['does-not-connect'], {
    ...noClient,
    facts: { how: 'exit code 1' },
  }),
  of('closes-at-once/client.py', 'chosenPort', 'client', ['closes-first']),
  of('chooses-its-port/client.py', 'chosenPort', 'client', ['chooses-its-port'], { lost: { range: 'fail' } }),
  of('without-the-option/server.py', 'both', 'server3', ['address-in-use'], notJoined),
  of('option-after-bind/server.c', 'both', 'server3', ['option-after-bind'], notJoined),
  of('shares-its-port/server.py', 'sameAddressTwice', 'server4', ['shares-its-port'], { lost: { twice: 'fail' } }),
  of('next-port/server.mjs', 'sameAddressTwice', 'server4', ['listens-elsewhere'], { lost: { twice: 'fail' } }),
  of('loopback-only/server.mjs', 'dualStack', 'server7', ['loopback-only'], { ...noIPv4, facts: { found: '::1' } }),
  of('ipv4-only/server.c', 'dualStack', 'server7', ['ipv4-only'], {
    lost: { overIPv6: 'fail', mapped: 'fail' },
    facts: { found: '0.0.0.0' },
  }),
  of('ipv6-only/server.py', 'dualStack', 'server7', ['ipv6-only'], noIPv4),
  // The server closes first, and its end stays in TIME-WAIT: without SO_REUSEADDR the second copy is refused.
  of('without-the-option/server.py', 'dualStack', 'server7', ['address-in-time-wait'], noIPv4),
  of('dual-stack/server.mjs', 'ipv6Only', 'server8', ['takes-ipv4-too'], {
    lost: { refusesIPv4: 'fail', sideBySide: 'fail', ownFamily: 'fail' },
  }),
  of('loopback-only/server.mjs', 'ipv6Only', 'server6', ['loopback-only'], { facts: { found: '127.0.0.1' } }),
  of('no-such-program', ONE, 'server1', ['cannot-be-started'], {
    ...none,
    program: { run: ['./no-such-program'], files: [] },
  }),
  of('not-built', ONE, 'server1', ['does-not-build'], {
    ...none,
    program: { ...wrong('never-accepts/server.py'), build: ['sh', '-c', 'echo no rule to make target >&2; exit 2'] },
    facts: { how: 'the build ended with exit code 2; it said: no rule to make target' },
  }),
]
