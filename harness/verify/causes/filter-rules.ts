/** Rules of the packet filter that were read, held against what was sent: the one that explains a surprise is quoted. */

import type { Machine } from '../../domain/machine.ts'
import type { Finding } from '../filter-path.ts'
import type { Sending } from '../filter-packets.ts'
import { findingsForSending } from '../filter-packets.ts'
import type { KnownCause } from './known-cause.ts'
import type { Refusal, Surprise } from './surprise.ts'
import { allRefusals, reasonOf, refusals } from './surprise.ts'
import { refusedByAListener } from './symptoms.ts'

const RULE = { kind: 'platform-rule', reach: 'machine-network' } as const
const LOOK =
  'As root, nft -a list ruleset shows where it stands. A rule "iif lo accept" before it lets the loopback interface through.'

const SILENCE: readonly string[] = ['timed-out', 'silent', 'ETIMEDOUT']

/** What was sent, and what came of it; `answered` is no refusal. */
type Sent = Sending & { code: string }

function sentIn(surprise: Surprise): Sent[] {
  const byListener = refusedByAListener(surprise) ? allRefusals(surprise).filter(isRefused) : []
  const refused = [...refusals(surprise), ...byListener].flatMap(({ call, code, address, port }): Sent[] =>
    call === 'bind' || address === null ? [] : [{ protocol: PROTOCOLS[call], address, port, code }],
  )
  return [...refused, ...sentByMany(surprise), ...answeredIn(surprise)]
}

const PROTOCOLS = { connect: 'tcp', send: 'udp', unknown: null } as const

const isRefused = ({ call, code }: Refusal) => call === 'connect' && code === 'ECONNREFUSED'

/** Of many connections at a time the reason tells the first that failed. */
function sentByMany(surprise: Surprise): Sent[] {
  const [, code] = /connection \d+ of \d+: (timed-out)/.exec(reasonOf(surprise)) ?? []
  return code === undefined ? [] : [{ protocol: 'tcp', address: '127.0.0.1', port: surprise.act?.port ?? null, code }]
}

/** What was answered, and not as expected: perhaps by somebody else. */
function answeredIn({ result, steps }: Surprise): Sent[] {
  if (result.verdict !== 'fail') return []
  return steps.flatMap((step): Sent[] => {
    const isAnswer = step.kind === 'connect' ? step.saw.outcome === 'connected' : step.kind === 'send'
    if (!isAnswer || (step.kind !== 'connect' && step.kind !== 'send') || step.saw.outcome === 'silent') return []
    return [{ protocol: PROTOCOLS[step.kind], ...step.saw.to, code: 'answered' }]
  })
}

/** Whether what the rule does leads to what came of it. */
function leadsTo({ does }: Finding, code: string): boolean {
  if (does === 'drop') return SILENCE.includes(code) || code === 'EPERM'
  return does === 'redirect' || code !== 'answered'
}

/** Rules that lead to what was seen; those that are sure to have met the packet first. */
export function rulesBehind(machine: Machine, surprise: Surprise): Finding[] {
  if (!machine.filter) return []
  const found = sentIn(surprise).flatMap((sent) =>
    findingsForSending(machine, sent).filter((finding) => leadsTo(finding, sent.code)),
  )
  return [...found.filter(({ isSure }) => isSure), ...found.filter(({ isSure }) => !isSure)]
}

export function areRulesRead({ filter }: Machine): boolean {
  return filter !== undefined && filter.why === null
}

function quoted(does: Finding['does']): KnownCause['found'] {
  return (machine, surprise) => {
    const [first] = rulesBehind(machine, surprise)
    return first?.isSure === true && first.does === does ? inWords(first) : null
  }
}

const inWords = ({ shownBy, hook, text }: Finding) => `${shownBy} shows for ${hook}: ${text}`

const isSent: KnownCause['symptom'] = (surprise) => sentIn(surprise).length > 0
const isUnanswered: KnownCause['symptom'] = (surprise) => sentIn(surprise).some(({ code }) => code !== 'answered')

export const FILTER_RULES: readonly KnownCause[] = [
  {
    ...RULE,
    id: 'rule-drops',
    ground: 'fits',
    symptom: isUnanswered,
    found: quoted('drop'),
    explains: 'What it drops gets no answer. Where it drops for output, send(2) may be answered EPERM.',
    remedy: LOOK,
    source: 'nft(8), drop; iptables-extensions(8)',
  },
  {
    ...RULE,
    id: 'rule-rejects',
    ground: 'fits',
    symptom: isUnanswered,
    found: quoted('reject'),
    explains:
      'It answers with a reset or an ICMP message in the place of the listener, and a client cannot tell that apart.',
    remedy: LOOK,
    source: 'nft(8), reject; iptables-extensions(8), REJECT',
  },
  {
    ...RULE,
    id: 'rule-redirects',
    ground: 'fits',
    symptom: isSent,
    found: quoted('redirect'),
    explains: 'It leads what was sent to another port or address: whoever is there answers, or nobody is.',
    remedy: LOOK,
    source: 'nft(8), redirect and dnat; iptables-extensions(8), REDIRECT',
  },
  {
    ...RULE,
    id: 'rule-may-hold',
    ground: 'possible',
    symptom: isUnanswered,
    found(machine, surprise) {
      const [first] = rulesBehind(machine, surprise)
      return first?.isSure === false ? inWords(first) : null
    },
    explains:
      'It holds for some packets only, or stands behind a rule of which that is so. Whether it met this one could not be told.',
    remedy: LOOK,
    source: 'nft(8)',
  },
  {
    ...RULE,
    id: 'no-rule-does-it',
    ground: 'possible',
    symptom: (surprise) =>
      refusedByAListener(surprise) || sentIn(surprise).some(({ code }) => SILENCE.includes(code) || code === 'EPERM'),
    found: (machine, surprise) =>
      areRulesRead(machine) && rulesBehind(machine, surprise).length === 0
        ? 'The rules of the packet filter were read, and none of them does it'
        : null,
    explains:
      'An eBPF program on the interface or the control group, an action of tc(8), and a table of tracked connections that is full can keep packets back as well.',
    remedy: 'As root: tc filter show dev lo egress; bpftool net; bpftool cgroup tree; dmesg',
    source: "tc(8); bpf(2); the kernel's nf_conntrack-sysctl.rst, nf_conntrack_max",
  },
]
