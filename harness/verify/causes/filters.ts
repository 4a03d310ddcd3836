/**
 * Rules of the platform that stand between two sockets and were not read: packet filters without the right to read them,
 * routing rules, security modules, programs attached to control groups. The answer of a system call is what shows them.
 */

import type { Machine } from '../../domain/machine.ts'
import { areRulesRead, rulesBehind } from './filter-rules.ts'
import type { KnownCause } from './known-cause.ts'
import { always } from './known-cause.ts'
import { anyOf, isLoopback, refused, refusedByAListener, says, unanswered } from './symptoms.ts'

const RULE = { kind: 'platform-rule', ground: 'possible', reach: 'machine-network' } as const
const LOOK = 'As root: nft list ruleset; iptables-save'
const ROUTES = 'ip rule; ip route show table local; as root also: nft list ruleset'

const onLoopback = { at: ({ address }: { address: string | null }) => isLoopback(address) }

/** Where the rules were read there is nothing to guess about them: filter-rules.ts. */
const unread =
  (words: (machine: Machine) => string): KnownCause['found'] =>
  (machine) =>
    areRulesRead(machine) ? null : words(machine)

/** Unless a rule that was read explains it. */
const withoutRule =
  (words: string): KnownCause['found'] =>
  (machine, surprise) =>
    rulesBehind(machine, surprise).length > 0 ? null : words

export const FILTERS: readonly KnownCause[] = [
  {
    ...RULE,
    id: 'packets-are-dropped',
    symptom: unanswered,
    found: unread(({ protocols }) =>
      protocols.ipv4.works
        ? 'Some packets over the loopback interface get no answer, while a TCP listener on another port was reached'
        : 'Packets over the loopback interface get no answer',
    ),
    explains:
      'Something drops them. A packet filter with a rule for input or output does that, and so does a table of tracked connections that is full.',
    remedy: LOOK,
    source: 'nft(8), drop; iptables-extensions(8)',
  },
  {
    ...RULE,
    id: 'listener-is-fenced-off',
    symptom: refusedByAListener,
    found: unread(() => 'A connection was refused although a program listened there'),
    explains: 'A packet filter can answer with a reset in the place of the listener, which a client cannot tell apart.',
    remedy: LOOK,
    source: 'nft(8), reject with tcp reset',
  },
  {
    ...RULE,
    id: 'filter-or-route-rejects',
    symptom: refused(['EHOSTUNREACH', 'ENETUNREACH', 'EINVAL', 'EACCES'], { call: 'connect', ...onLoopback }),
    found: withoutRule('The way to a loopback address is closed'),
    explains:
      'A packet filter that rejects with an ICMP message leads to EHOSTUNREACH. A routing rule leads to EACCES (prohibit), ENETUNREACH (unreachable) or EINVAL (blackhole).',
    remedy: ROUTES,
    source: 'nft(8), reject; ip-rule(8); ip-route(8)',
  },
  {
    ...RULE,
    id: 'sending-is-forbidden',
    reach: 'everywhere',
    symptom: refused(['EPERM'], { at: ({ call }) => call !== 'bind' }),
    found: withoutRule('A system call was answered EPERM although it needs no right'),
    explains:
      'A packet filter with a rule for output answers so, and so does an eBPF program that is attached to the control group, or a seccomp filter.',
    remedy: `${LOOK}; bpftool cgroup tree`,
    source: 'send(2), EPERM; bpf(2); seccomp(2)',
  },
  {
    ...RULE,
    id: 'binding-is-forbidden',
    reach: 'everywhere',
    symptom: anyOf(
      refused(['EPERM', 'EACCES'], { call: 'bind', at: ({ port }) => port === null || port >= 1024 }),
      says(/^no free port was found/),
    ),
    found: always('Ports for which no right is needed were refused'),
    explains:
      'SELinux, AppArmor and Landlock answer EACCES. An eBPF program that is attached to the control group, and a seccomp filter, mostly answer EPERM.',
    remedy: 'As root: dmesg, ausearch -m avc, aa-status, bpftool cgroup tree',
    source: 'bind(2), EACCES; landlock(7); bpf(2); seccomp(2)',
  },
  {
    ...RULE,
    id: 'connecting-is-forbidden',
    reach: 'everywhere',
    symptom: refused(['EACCES'], { call: 'connect' }),
    found: always('A system call was answered EACCES although it needs no right'),
    explains: 'SELinux, AppArmor and Landlock forbid connections in this way, also over the loopback interface.',
    remedy: 'As root: dmesg, ausearch -m avc, aa-status',
    source: 'connect(2), EACCES; landlock(7)',
  },
]
