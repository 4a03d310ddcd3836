/** Saved runs by hand, for what holds them side by side. */

import type { SavedAnswer, SavedRun } from '../../harness/domain/evidence.ts'
import { SAVED_FORMAT, SAVED_VERSION } from '../../harness/domain/evidence.ts'
import type { Capability } from '../../harness/domain/lab.ts'
import { CAPABILITIES } from '../../harness/domain/lab.ts'
import type { Machine } from '../../harness/domain/machine.ts'
import { host } from '../report/stream.ts'

/** `04-dual-stack/check`: an outcome, or `skip: why`, or `inconclusive: why`. Several rounds are several answers. */
export function saved(
  answers: Readonly<Record<string, string | readonly string[]>>,
  change: Partial<SavedRun> = {},
): SavedRun {
  return {
    format: SAVED_FORMAT,
    version: SAVED_VERSION,
    startedAt: '2026-11-22T10:00:00.000Z',
    durationMs: 1000,
    host,
    machine: null,
    labs: [],
    answers: Object.entries(answers).flatMap(([name, rounds]) =>
      [rounds].flat().map((told, index) => answerOf(name, told, index + 1)),
    ),
    ...change,
  }
}

function answerOf(name: string, told: string, round: number): SavedAnswer {
  const [lab = '', check = ''] = name.split('/')
  const [, verdict, why] = /^(skip|inconclusive): (.*)$/.exec(told) ?? []
  const expected = { outcomes: ['connected'], source: 'listen(2)' }
  const base = { lab, act: 'first', check, round, question: `What of ${check}?`, expected }
  if (verdict !== undefined && why !== undefined) {
    return { ...base, verdict: verdict as 'skip', observed: null, seen: why }
  }
  return { ...base, verdict: told === 'connected' ? 'pass' : 'fail', observed: told, seen: `It was ${told}.` }
}

export function machine(change: Partial<Machine> = {}): Machine {
  const works = { works: true, how: 'it was tried' }
  return {
    system: { os: 'linux', kernel: '6.18.0', architecture: 'x64', distribution: 'Debian', surroundings: [] },
    runtime: { node: 'v26.10.0', nodeOrigin: 'bundled', libuv: '1.52.1', interposed: [] },
    loopback: [{ name: 'lo', isUp: true, addresses: ['127.0.0.1', '::1'] }],
    protocols: { ipv4: works, ipv6: works, 'dual-stack': works, '127.0.0.2': works },
    settings: [
      { name: 'net.ipv6.bindv6only', value: '0', usual: '0' },
      { name: 'net.ipv4.ip_unprivileged_port_start', value: '1024', usual: '1024' },
    ],
    openFiles: { soft: 1024, hard: 'unlimited' },
    cores: 2,
    tools: [{ name: 'lsof', version: '4.95.0', why: null }],
    rights: { 'privileged-ports': works, 'user-namespaces': works, 'packet-filter': works, 'another-user': works },
    capabilities: Object.fromEntries(CAPABILITIES.map((name) => [name, null])) as Record<Capability, null>,
    ...change,
  }
}
