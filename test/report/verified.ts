/** A verification by hand, with everything that it may say: for the layouts that show it. */

import type { Comparison } from '../../harness/domain/comparison.ts'
import type { RunEvent } from '../../harness/domain/event.ts'
import type { Machine, Trial } from '../../harness/domain/machine.ts'
import { CAPABILITIES } from '../../harness/domain/lab.ts'
import type { Verification } from '../../harness/domain/verification.ts'
import { host } from './stream.ts'

const trial = (works: boolean): Trial => ({ works, how: works ? 'a listener there was reached' : 'bind: EACCES' })

export const machine: Machine = {
  system: {
    os: 'linux',
    kernel: '6.18.0',
    architecture: 'x64',
    distribution: 'Example 1',
    surroundings: ['a container'],
  },
  runtime: {
    node: 'v26.10.0',
    nodeOrigin: 'bundled',
    libuv: '1.52.1',
    interposed: [{ name: 'LD_PRELOAD', value: 'libexample.so' }],
  },
  loopback: [{ name: 'lo', isUp: true, addresses: ['127.0.0.1', '::1'] }],
  protocols: { ipv4: trial(true), ipv6: trial(true), 'dual-stack': trial(true), '127.0.0.2': trial(true) },
  settings: [
    { name: 'net.ipv6.bindv6only', value: '1', usual: '0' },
    { name: 'net.core.somaxconn', value: '4096', usual: '4096' },
    { name: 'net.ipv4.ip_local_port_range', value: null, usual: '32768 60999' },
  ],
  openFiles: { soft: 1024, hard: 'unlimited' },
  cores: 2,
  tools: [
    { name: 'lsof', version: '4.95.0', why: null },
    { name: 'nmap', version: null, why: 'nmap is not installed' },
  ],
  rights: {
    'privileged-ports': trial(false),
    'user-namespaces': trial(true),
    'packet-filter': trial(false),
    'another-user': trial(true),
  },
  capabilities: {
    ...(Object.fromEntries(CAPABILITIES.map((name) => [name, null])) as Machine['capabilities']),
    nmap: 'nmap is not installed',
  },
}

export const comparison: Comparison = {
  runs: [
    { label: 'before', startedAt: '2026-11-20T10:00:00.000Z', host, machine: null },
    { label: 'now', startedAt: '2026-11-22T10:00:00.000Z', host, machine },
  ],
  checks: [
    {
      lab: '90-example',
      act: 'first',
      check: 'client-reaches-listener',
      question: 'Does the client reach the listener?',
      likeness: 'differs',
      answers: [
        { verdict: 'pass', observed: ['connected'], seen: 'The client was connected.' },
        { verdict: 'fail', observed: ['ECONNREFUSED', 'timed-out'], seen: 'The client was refused.' },
      ],
    },
    {
      lab: '90-example',
      act: 'first',
      check: 'listing-shows-listener',
      question: 'Does the listing show the listener?',
      likeness: 'not-everywhere',
      answers: [{ verdict: 'pass', observed: ['shown'], seen: 'It has a row.' }, null],
    },
    {
      lab: '91-other',
      act: 'first',
      check: 'port-is-free-again',
      question: 'Is the port free again?',
      likeness: 'same',
      answers: [
        { verdict: 'pass', observed: ['free'], seen: 'It is.' },
        { verdict: 'pass', observed: ['free'], seen: 'It is.' },
      ],
    },
    {
      lab: '91-other',
      act: 'first',
      check: 'scan-finds-port',
      question: 'Does a scan find the port?',
      likeness: 'unobserved',
      answers: [
        { verdict: 'skip', observed: [], seen: 'nmap: it is not installed' },
        { verdict: 'inconclusive', observed: [], seen: 'the act took longer than 9 s' },
      ],
    },
  ],
  facts: [
    { name: 'net.ipv6.bindv6only', differs: true, values: ['0', '1'] },
    { name: 'lsof', differs: true, values: [null, '4.95.0'] },
    { name: 'kernel', differs: false, values: ['6.18.0', '6.18.0'] },
  ],
}

export const verification: Verification = {
  shard: '2/3',
  diagnoses: [
    {
      lab: '90-example',
      check: 'check-that-is-fail',
      question: 'Does the client reach the listener?',
      verdict: 'fail',
      observed: 'ECONNREFUSED',
      expected: ['connected'],
      seen: 'The client was refused.',
      causes: [
        {
          kind: 'setting',
          found: 'net.ipv6.bindv6only is 1 (0 is usual)',
          explains: 'A socket on :: then takes IPv6 only',
          remedy: 'sysctl -w net.ipv6.bindv6only=0',
          source: 'ipv6(7)',
        },
      ],
    },
    {
      lab: '90-example',
      check: 'check-that-is-inconclusive',
      question: 'Does the client reach the listener?',
      verdict: 'inconclusive',
      observed: null,
      expected: ['connected'],
      seen: 'the act took longer than 9 s',
      causes: [],
    },
  ],
  unsteady: [
    {
      lab: '90-example',
      check: 'check-that-is-pass',
      question: 'Does the client reach the listener?',
      answers: [
        { answer: 'connected', count: 8 },
        { answer: 'ECONNREFUSED', count: 2 },
      ],
    },
  ],
  baseline: comparison,
  random: {
    seed: 7,
    sequences: 1000,
    steps: 4200,
    disagreement: {
      story: [
        { step: 'tcp 127.0.0.1', foretold: 'listening', happened: 'listening' },
        { step: 'tcp 0.0.0.0', foretold: 'EADDRINUSE', happened: 'listening' },
      ],
      byHand: "npm run try -- 'tcp 127.0.0.1' 'tcp 0.0.0.0'",
    },
    durationMs: 900,
  },
}

/** The same run with what `npm run verify` makes of it. */
export function verified(events: readonly RunEvent[], made: Verification = verification): RunEvent[] {
  const at = events.findIndex(({ type }) => type === 'run-end')
  return [
    ...events.slice(0, at),
    { type: 'machine', machine },
    { type: 'verified', verification: made },
    ...events.slice(at),
  ]
}
