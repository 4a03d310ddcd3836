/** An ordinary machine, and surprises on it: what the tests of the known causes change in one place each. */

import type { ActEvidence, LabEvidence, StepKind } from '../../harness/domain/evidence.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { Machine } from '../../harness/domain/machine.ts'
import { CAPABILITIES } from '../../harness/domain/lab.ts'
import type { Capability } from '../../harness/domain/lab.ts'
import type { Connected, Listed, Ran, Said, Sent, Started } from '../../harness/domain/observation.ts'
import type { CheckResult } from '../../harness/domain/verdict.ts'
import type { Surprise } from '../../harness/verify/causes/surprise.ts'
import { surpriseOf } from '../../harness/verify/causes/surprise.ts'

const WORKS = { works: true, how: 'it was tried' }

export const ORDINARY: Machine = {
  system: { os: 'linux', kernel: '6.18.1', architecture: 'x64', distribution: null, surroundings: [] },
  runtime: { node: 'v26.10.0', nodeOrigin: 'bundled', libuv: '1.52.1', interposed: [] },
  loopback: [{ name: 'lo', isUp: true, addresses: ['127.0.0.1', '::1'] }],
  protocols: { ipv4: WORKS, ipv6: WORKS, 'dual-stack': WORKS, '127.0.0.2': WORKS },
  settings: [
    ['net.ipv6.bindv6only', '0', '0'],
    ['net.ipv4.ip_local_port_range', '32768 60999', '32768 60999'],
    ['net.ipv4.ip_local_reserved_ports', '', ''],
    ['net.ipv4.ip_unprivileged_port_start', '1024', '1024'],
    ['net.ipv4.ip_nonlocal_bind', '0', '0'],
    ['net.ipv6.ip_nonlocal_bind', '0', '0'],
    ['net.ipv6.conf.all.disable_ipv6', '0', '0'],
    ['net.ipv6.conf.lo.disable_ipv6', '0', '0'],
    ['net.core.somaxconn', '4096', '4096'],
    ['net.ipv4.tcp_max_syn_backlog', '1024', null],
    ['net.ipv4.tcp_syncookies', '1', '1'],
    ['net.ipv4.tcp_abort_on_overflow', '0', '0'],
    ['net.ipv4.tcp_max_tw_buckets', '65536', null],
    ['net.ipv4.tcp_tw_reuse', '2', '2'],
    ['net.ipv4.tcp_rfc1337', '0', '0'],
  ].map(([name, value, usual]) => ({ name: name ?? '', value: value ?? null, usual: usual ?? null })),
  openFiles: { soft: 1024, hard: 4096 },
  cores: 2,
  tools: [{ name: 'ss', version: '6.1.0', why: null }],
  rights: { 'privileged-ports': WORKS, 'user-namespaces': WORKS, 'packet-filter': WORKS, 'another-user': WORKS },
  capabilities: Object.fromEntries(CAPABILITIES.map((one) => [one, null])) as Record<Capability, null>,
}

/** The ordinary machine with some parts changed. */
export function machineWith(changed: {
  settings?: Readonly<Record<string, string>>
  system?: Partial<Machine['system']>
  runtime?: Partial<Machine['runtime']>
  interposed?: Readonly<Record<string, string>>
  fails?: Partial<Record<keyof Machine['protocols'] | keyof Machine['rights'], string>>
  loopback?: Machine['loopback']
  tools?: Machine['tools']
}): Machine {
  const { settings = {}, interposed = {}, fails = {} } = changed
  const trials = <T extends object>(all: T) => ({
    ...all,
    ...Object.fromEntries(
      Object.entries(fails)
        .filter(([name]) => name in all)
        .map(([name, how]) => [name, { works: false, how }]),
    ),
  })
  const known = new Set(ORDINARY.settings.map(({ name }) => name))
  return {
    ...ORDINARY,
    system: { ...ORDINARY.system, ...changed.system },
    runtime: {
      ...ORDINARY.runtime,
      interposed: Object.entries(interposed).map(([name, value]) => ({ name, value })),
      ...changed.runtime,
    },
    loopback: changed.loopback ?? ORDINARY.loopback,
    tools: changed.tools ?? ORDINARY.tools,
    protocols: trials(ORDINARY.protocols),
    rights: trials(ORDINARY.rights),
    settings: [
      ...ORDINARY.settings.map((one) => ({ ...one, value: settings[one.name] ?? one.value })),
      ...Object.entries(settings)
        .filter(([name]) => !known.has(name))
        .map(([name, value]) => ({ name, value, usual: null })),
    ],
  }
}

const LAB = '99-worked'

export function resultOf(changed: Partial<CheckResult>): CheckResult {
  return {
    id: 'client-is-served',
    lab: LAB,
    act: 'only',
    question: 'Is the client served?',
    verdict: 'fail',
    expected: { outcomes: ['connected'], source: 'connect(2)' },
    observed: 'other',
    seen: '',
    why: '',
    restsOn: [],
    claims: [],
    choices: [],
    prediction: null,
    file: 'labs/99-worked/lab.ts',
    line: 1,
    durationMs: 5,
    ...changed,
  }
}

export function actOf(steps: readonly StepKind[], changed: Partial<ActEvidence> = {}): ActEvidence {
  return {
    act: 'only',
    port: 8080,
    notes: [],
    steps: steps.map((step, index) => ({ number: index + 1, atMs: 0, tookMs: 1, ...step })),
    evidence: {},
    sources: {},
    skipped: null,
    problem: null,
    durationMs: 5,
    ...changed,
  }
}

export function labOf(...acts: ActEvidence[]): LabEvidence {
  return { lab: LAB, round: 1, acts, durationMs: 5 }
}

/** A check that failed: `check` says how it differs from one that expects `connected`. */
export function failure(
  steps: readonly StepKind[],
  check: Partial<CheckResult> = {},
  act: Partial<ActEvidence> = {},
): Surprise {
  const rests = steps.map((_, index) => index + 1)
  const result = resultOf({ restsOn: rests, ...check })
  return surpriseOf(result, { labs: [labOf(actOf(steps, act))], loaded: [], os: 'linux' })
}

/** A check about which nothing was observed, for this reason. */
export function nothing(reason: string, steps: readonly StepKind[] = [], loaded: readonly LoadedLab[] = []): Surprise {
  const result = resultOf({ verdict: 'inconclusive', observed: null, seen: reason })
  const act = actOf(steps, { evidence: null, problem: reason })
  return surpriseOf(result, { labs: [labOf(act)], loaded, os: 'linux' })
}

export function started(changed: Partial<Started> = {}): StepKind {
  const saw: Started = {
    program: 'listener',
    pid: 4242,
    outcome: 'listening',
    protocol: 'tcp',
    local: { address: '127.0.0.1', port: 8080 },
    rows: [],
    error: null,
    asked: null,
    ...changed,
  }
  return { kind: 'start', program: saw.program, args: [], asAnotherUser: false, saw }
}

/** A server that was refused what it asked for. */
export function bindRefused(code: `E${string}`, port = 8080, address = '127.0.0.1', reusePort = false): StepKind {
  const asked = { protocol: 'tcp', address, port, listens: true, ipv6Only: false, reusePort, reuseAddr: false } as const
  const error = { code, errno: -1, syscall: 'listen', address, port, message: code }
  return started({ outcome: code, protocol: null, local: null, error, asked })
}

export function clientRefused(code: `E${string}`): StepKind {
  const error = { code, errno: -1, syscall: 'connect', address: '127.0.0.1', port: 8080, message: code }
  return started({ program: 'client', outcome: code, protocol: null, local: null, error })
}

export function connect(outcome: Connected['outcome'], address = '127.0.0.1', port = 8080): StepKind {
  const to = { address, port }
  const saw = { outcome, to, local: null, heard: '', confirmedBy: null, servedBy: null, seenByServer: null }
  return { kind: 'connect', address, port, saw }
}

export function send(outcome: Sent['outcome'], address = '127.0.0.1'): StepKind {
  const to = { address, port: 8080 }
  const saw = { outcome, to, local: null, text: 'a', heard: '', receivedBy: null, seenByServer: null }
  return { kind: 'send', address, port: 8080, text: 'a', saw }
}

export function connectMany(): StepKind {
  const saw = { connections: 240, servedBy: [{ program: 'listener', pid: 1, connections: 240 }] }
  return { kind: 'connect-many', address: '127.0.0.1', port: 8080, count: 240, saw }
}

export function list(changed: Partial<Listed> = {}): StepKind {
  const saw: Listed = {
    source: 'ss',
    command: 'ss -tunap',
    printed: [],
    rows: [],
    others: [],
    absent: [],
    disagreements: [],
    ...changed,
  }
  return { kind: 'list', port: 8080, saw }
}

export function ran(changed: Partial<Ran> = {}): StepKind {
  const saw = { command: 'ss -ltn', exitCode: 0, printed: [], timedOut: false, ...changed }
  return { kind: 'run', onNeighbour: false, saw }
}

export function said(value: Said['value']): StepKind {
  const saw = { program: 'fresh.py', pid: 1, what: 'bind', value }
  return { kind: 'said', program: 'fresh.py', pid: 1, line: 'bind', saw }
}
