/** Each known cause is told where its symptom and its fact are there, and where one of the two is missing it is not. */

import { describe, expect, test } from 'vitest'

import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import type { FilterRule, Machine } from '../../harness/domain/machine.ts'
import { findCause, KNOWN_CAUSES } from '../../harness/verify/diagnose.ts'
import type { Surprise } from '../../harness/verify/causes/surprise.ts'
import {
  bindRefused,
  clientRefused,
  connect,
  connectMany,
  failure,
  list,
  machineWith,
  nothing,
  ORDINARY,
  ran,
  said,
  send,
  started,
} from './diagnosed.ts'

type Case = {
  surprise: Surprise
  /** A machine that has the fact; null where the observation itself is the fact. */
  machine: Machine | null
  /** A surprise without the symptom, where a wrong answer of any check is one. */
  other?: Surprise
  says: RegExp
}

const NO_PORT = clientRefused('EADDRNOTAVAIL')
const FEW = machineWith({ settings: { 'net.ipv4.ip_local_port_range': '40000 40001' } })
/** An answer that is wrong, of a check on nothing in particular. */
const PLAIN = failure([started()])
const set = (name: string, value: string) => machineWith({ settings: { [name]: value } })
const put = (name: string, value: string) => machineWith({ interposed: { [name]: value } })
const within = (...surroundings: string[]) => machineWith({ system: { surroundings } })
const about = (id: string, ...steps: Parameters<typeof failure>[0]) => failure(steps, { id })
/** A chain for input with one rule for a TCP port; `isVague`: with a condition that was not understood. */
function filteredBy([text, does, port, isVague = false]: [string, FilterRule['does'], string, boolean?]): Machine {
  const wants: FilterRule['wants'] = [
    { of: 'protocol', values: ['tcp'], isNot: false },
    { of: 'destination-port', values: [port], isNot: false },
    ...(isVague ? [{ of: 'other' as const, values: [], isNot: false }] : []),
  ]
  const rules = [{ text, wants, does, chain: null }]
  const chains = [{ hook: 'input' as const, policy: 'accept' as const, shownBy: 'nft list ruleset', rules }]
  return { ...ORDINARY, filter: { why: null, chains } }
}
const DEFECT = {
  id: '99-worked',
  defect: 'it has no narration',
  lab: { id: '99-worked', acts: {} },
} as unknown as LoadedLab

const CASES: Record<string, Case> = {
  'few-ephemeral-ports': { surprise: failure([NO_PORT]), machine: FEW, says: /40000 40001: there are 2 ports/ },
  'few-four-tuples': { surprise: failure([connectMany()]), machine: FEW, says: /there are 2 ports/ },
  'range-has-the-port': {
    surprise: nothing('the client got the port it was to connect to (8080) and met itself', [started()]),
    machine: set('net.ipv4.ip_local_port_range', '8000 9000'),
    says: /8000 9000/,
  },
  'time-wait-not-reused': {
    surprise: nothing('no free port for a client of 127.0.0.1:8080 (EADDRNOTAVAIL)'),
    machine: set('net.ipv4.tcp_tw_reuse', '0'),
    says: /tcp_tw_reuse is 0 \(2 is usual\)/,
  },
  'privileged-ports-begin-higher': {
    surprise: failure([bindRefused('EACCES')]),
    machine: set('net.ipv4.ip_unprivileged_port_start', '20000'),
    says: /20000 \(1024 is usual\)/,
  },
  'privileged-ports-begin-lower': {
    surprise: failure([started({ local: { address: '127.0.0.1', port: 80 } })], {
      expected: { outcomes: ['EACCES'], source: '' },
    }),
    machine: set('net.ipv4.ip_unprivileged_port_start', '0'),
    says: /_start is 0/,
  },
  'few-connections-in-time-wait': {
    surprise: about('side-that-closes-first-is-left-in-time-wait'),
    machine: set('net.ipv4.tcp_max_tw_buckets', '0'),
    says: /tcp_max_tw_buckets is 0/,
  },
  'resets-do-not-end-time-wait': {
    surprise: about('time-wait-ends-within-a-minute'),
    machine: set('net.ipv4.tcp_rfc1337', '1'),
    says: /tcp_rfc1337 is 1/,
  },
  'range-of-bsd-is-small': {
    surprise: failure([bindRefused('EADDRINUSE', 0)]),
    machine: machineWith({
      settings: { 'net.inet.ip.portrange.first': '50000', 'net.inet.ip.portrange.last': '50002' },
    }),
    says: /50000 and .* 50002/,
  },
  'loopback-is-down': {
    surprise: failure([connect('ENETUNREACH')]),
    machine: machineWith({ loopback: [{ name: 'lo', isUp: false, addresses: [] }] }),
    says: /interface lo is down/,
  },
  'ipv6-only-by-default': {
    surprise: failure([
      started({ program: 'receiver', outcome: 'bound', protocol: 'udp', local: { address: '::', port: 8080 } }),
      send('silent'),
    ]),
    machine: set('net.ipv6.bindv6only', '1'),
    says: /bindv6only is 1 \(0 is usual\)/,
  },
  'ipv6-is-disabled': {
    surprise: failure([bindRefused('EADDRNOTAVAIL', 8080, '::1')]),
    machine: set('net.ipv6.conf.lo.disable_ipv6', '1'),
    says: /lo.disable_ipv6 is 1/,
  },
  'no-ipv6-loopback': {
    surprise: failure([connect('ECONNREFUSED', '::1')]),
    machine: machineWith({ fails: { ipv6: 'no IPv6 loopback address: listening on ::1 gives EADDRNOTAVAIL' } }),
    says: /listening on ::1 gives/,
  },
  'no-ipv4-loopback': {
    surprise: failure([bindRefused('EADDRNOTAVAIL')]),
    machine: machineWith({ fails: { ipv4: 'no IPv4 loopback address: listening on 127.0.0.1 gives EADDRNOTAVAIL' } }),
    says: /listening on 127.0.0.1 gives/,
  },
  'no-loopback-block': {
    surprise: failure([bindRefused('EADDRNOTAVAIL', 8080, '127.0.0.2')]),
    machine: machineWith({
      fails: { '127.0.0.2': 'no address 127.0.0.2: listening on 127.0.0.2 gives EADDRNOTAVAIL' },
    }),
    says: /no address 127.0.0.2/,
  },
  'any-address-may-be-bound': {
    surprise: failure([started({ local: { address: '128.0.0.3', port: 8080 } })], {
      expected: { outcomes: ['EADDRNOTAVAIL'], source: '' },
    }),
    machine: set('net.ipv4.ip_nonlocal_bind', '1'),
    says: /ip_nonlocal_bind is 1/,
  },
  'wildcard-is-no-destination': {
    surprise: failure([connect('ECONNREFUSED', '0.0.0.0')]),
    machine: set('net.inet.ip.connect_inaddr_wild', '0'),
    says: /connect_inaddr_wild is 0/,
  },
  'backlog-is-capped': {
    surprise: about('as-many-connections-wait-as-the-backlog-says'),
    machine: set('net.core.somaxconn', '3'),
    says: /somaxconn is 3 \(4096 is usual\)/,
  },
  'hardly-any-backlog': {
    surprise: failure([connect('timed-out')]),
    machine: set('net.core.somaxconn', '1'),
    says: /somaxconn is 1/,
  },
  'overflow-resets': {
    surprise: failure([connect('ECONNRESET')]),
    machine: set('net.ipv4.tcp_abort_on_overflow', '1'),
    says: /tcp_abort_on_overflow is 1/,
  },
  'few-half-open-connections': {
    surprise: failure([connect('timed-out')]),
    machine: machineWith({ settings: { 'net.ipv4.tcp_syncookies': '0', 'net.ipv4.tcp_max_syn_backlog': '4' } }),
    says: /tcp_max_syn_backlog is 4 and .*syncookies is 0/,
  },
  'few-orphans': {
    surprise: about('client-that-closes-first-is-left-in-time-wait'),
    machine: set('net.ipv4.tcp_max_orphans', '0'),
    says: /tcp_max_orphans is 0/,
  },
  'no-right-to-low-ports': {
    surprise: failure([bindRefused('EACCES', 80)]),
    machine: machineWith({ fails: { 'privileged-ports': 'binding to 127.0.0.1, TCP port 4, gives EACCES' } }),
    says: /TCP port 4, gives EACCES/,
  },
  'no-network-of-its-own': {
    surprise: nothing('no second network could be made: unshare failed'),
    machine: machineWith({ fails: { 'user-namespaces': 'unshare: Operation not permitted' } }),
    says: /No user namespace can be made: unshare/,
  },
  'no-right-to-filter': {
    surprise: nothing('nft -f - ended: Operation not permitted'),
    machine: machineWith({ fails: { 'packet-filter': 'a rule with "drop" is refused' } }),
    says: /No packet filter can be set/,
  },
  'no-other-user': {
    surprise: nothing('listener ended with exit code 1 before it listened; it printed: EPERM, setgroups'),
    machine: machineWith({ fails: { 'another-user': 'starting a program as user 65534 gives EPERM' } }),
    says: /as another user: starting/,
  },
  'processes-are-hidden': {
    surprise: about('listing-names-the-process-that-has-the-address', list()),
    machine: put('hidepid', '2'),
    says: /hidepid=2/,
  },
  'another-tool-of-that-name': {
    surprise: failure([list({ source: 'netstat' })]),
    machine: machineWith({
      tools: [{ name: 'netstat', version: null, why: 'netstat --version is answered by BusyBox v1.36.1' }],
    }),
    says: /netstat is not the usual tool.*BusyBox/,
  },
  'listings-disagree': {
    surprise: nothing('the listings of step 4 disagree: ss has a row that lsof has not'),
    machine: null,
    says: /different things/,
  },
  'tool-cannot-be-run': {
    surprise: nothing('nmap -sT 127.0.0.1 cannot be run: spawn nmap ENOENT'),
    machine: null,
    says: /nmap/,
  },
  'tool-failed': { surprise: failure([ran({ exitCode: 127 })]), machine: null, says: /"ss -ltn" could not be started/ },
  'no-listing-tool': {
    surprise: failure([list({ source: 'proc', absent: [{ source: 'lsof', reason: 'ENOENT' }] })]),
    machine: null,
    says: /Not there: lsof;/,
  },
  'stranger-on-the-port': {
    surprise: nothing('a program outside this lab holds port 8080'),
    machine: null,
    says: /Another program/,
  },
  'no-file-left': {
    surprise: nothing('listener could not be started: this process may open no further file (EMFILE)'),
    machine: null,
    says: /1024 open files/,
  },
  'no-file-left-on-the-system': { surprise: failure([bindRefused('ENFILE')]), machine: null, says: /system ran out/ },
  'no-process-left': {
    surprise: nothing('listener could not be started: no further process may be started (EAGAIN)'),
    machine: null,
    says: /No further process/,
  },
  'no-memory-left': { surprise: failure([said({ answer: 'ENOBUFS' })]), machine: null, says: /no memory/ },
  'killed-from-outside': {
    surprise: nothing('listener ended by SIGKILL before it said what its socket does'),
    machine: null,
    says: /SIGKILL/,
  },
  'disk-is-full': { surprise: nothing('Error: ENOSPC: no space left on device'), machine: null, says: /written/ },
  interrupted: { surprise: nothing('interrupted by SIGINT'), machine: null, says: /interrupted/ },
  'time-was-up': {
    surprise: nothing('the act took longer than 30 s; nothing more came of the experiment after step 3'),
    machine: null,
    says: /on 2 cores/,
  },
  'ports-are-all-taken': { surprise: failure([NO_PORT]), machine: null, says: /no free port to give/ },
  'no-ipv6-in-the-kernel': {
    surprise: failure([bindRefused('EAFNOSUPPORT', 8080, '::')]),
    machine: machineWith({ fails: { ipv6: 'no IPv6 loopback address: listening on ::1 gives EAFNOSUPPORT' } }),
    says: /EAFNOSUPPORT/,
  },
  'airplay-has-the-port': {
    surprise: failure([bindRefused('EADDRINUSE', 5000)]),
    machine: machineWith({ system: { os: 'darwin' } }),
    says: /AirPlay/,
  },
  'windows-has-the-port': {
    surprise: nothing("listener says EADDRINUSE, but the operating system's tables show nobody on port 8080"),
    machine: within('WSL 2 (the kernel is called 6.6.87.2-microsoft-standard-WSL2)'),
    says: /This is WSL 2/,
  },
  'ports-that-windows-keeps-back': {
    surprise: failure([bindRefused('EACCES')]),
    machine: machineWith({ system: { os: 'win32' } }),
    says: /Windows keeps ranges/,
  },
  'gvisor-is-the-kernel': {
    surprise: failure([connect('timed-out')]),
    machine: within('gVisor (/proc/version)'),
    other: nothing('interrupted by SIGINT'),
    says: /This is gVisor/,
  },
  'wsl-1-is-the-kernel': {
    surprise: failure([connect('timed-out')]),
    machine: within('WSL 1 (the kernel is called 4.4.0-19041-Microsoft)'),
    other: nothing('interrupted by SIGINT'),
    says: /This is WSL 1/,
  },
  'another-process-namespace': {
    surprise: about('listing-names-the-process-that-has-the-address', list()),
    machine: within('a process namespace (/proc/self/ns/pid)'),
    says: /a process namespace/,
  },
  'connections-are-redirected': {
    surprise: failure([connect('ECONNREFUSED')]),
    machine: put('LD_PRELOAD', 'libproxychains4.so'),
    says: /LD_PRELOAD puts libproxychains4.so/,
  },
  'sockets-are-replaced': {
    surprise: nothing("waited 2000 ms for the row of listener on 127.0.0.1:8080 in the operating system's tables"),
    machine: put('LD_PRELOAD', 'libjemalloc.so.2:libsocket_wrapper.so'),
    says: /libsocket_wrapper.so/,
  },
  'clock-is-turned': {
    surprise: about('time-wait-ends-within-a-minute'),
    machine: put('LD_PRELOAD', 'libfaketime.so.1'),
    says: /libfaketime/,
  },
  'unknown-library': {
    surprise: failure([connect('ECONNREFUSED')]),
    machine: put('/etc/ld.so.preload', 'libodd.so'),
    other: nothing('interrupted by SIGINT'),
    says: /ld.so.preload puts libodd.so/,
  },
  'options-of-node': {
    surprise: nothing('listener ended with exit code 9 before it said what its socket does'),
    machine: put('NODE_OPTIONS', '--frozen-intrinsics'),
    says: /NODE_OPTIONS is --frozen-intrinsics/,
  },
  'module-before-each-program': {
    surprise: failure([connect('ECONNREFUSED')]),
    machine: put('NODE_OPTIONS', '--require=hook.js'),
    other: nothing('interrupted by SIGINT'),
    says: /--require=hook.js/,
  },
  'calls-are-traced': {
    surprise: failure([bindRefused('EADDRINUSE')]),
    machine: put('ptrace', 'traced by another process'),
    other: nothing('interrupted by SIGINT'),
    says: /traces this one/,
  },
  'calls-are-filtered': {
    surprise: failure([bindRefused('EPERM')]),
    machine: put('seccomp', 'a filter of system calls'),
    says: /seccomp/,
  },
  'rule-drops': {
    surprise: failure([connect('timed-out')]),
    machine: filteredBy(['tcp dport 8080 drop', 'drop', '8080']),
    says: /^nft list ruleset shows for input: tcp dport 8080 drop$/,
  },
  'rule-rejects': {
    surprise: failure([started(), connect('ECONNREFUSED')]),
    machine: filteredBy(['tcp dport 8080 reject', 'reject', '8080']),
    says: /shows for input: tcp dport 8080 reject$/,
  },
  'rule-redirects': {
    surprise: failure([connect('connected')]),
    machine: filteredBy(['tcp dport 8080 redirect to :9090', 'redirect', '8080']),
    says: /redirect to :9090$/,
  },
  'rule-may-hold': {
    surprise: failure([connect('timed-out')]),
    machine: filteredBy(['tcp dport 8080 … drop', 'drop', '8080', true]),
    says: /tcp dport 8080 … drop$/,
  },
  'no-rule-does-it': {
    surprise: failure([connect('timed-out')]),
    machine: filteredBy(['tcp dport 8081 drop', 'drop', '8081']),
    says: /were read, and none of them does it/,
  },
  'packets-are-dropped': { surprise: failure([connect('timed-out')]), machine: null, says: /get no answer/ },
  'listener-is-fenced-off': {
    surprise: failure([started(), connect('ECONNREFUSED')]),
    machine: null,
    other: failure([connect('ECONNREFUSED')]),
    says: /although a program listened/,
  },
  'filter-or-route-rejects': { surprise: failure([connect('EHOSTUNREACH')]), machine: null, says: /is closed/ },
  'sending-is-forbidden': { surprise: failure([send('EPERM')]), machine: null, says: /EPERM/ },
  'binding-is-forbidden': { surprise: failure([bindRefused('EACCES')]), machine: null, says: /were refused/ },
  'connecting-is-forbidden': { surprise: failure([connect('EACCES')]), machine: null, says: /EACCES/ },
  'lab-cannot-be-run': {
    surprise: nothing('it has no narration', [], [DEFECT]),
    machine: null,
    says: /99-worked cannot be run/,
  },
  'experiment-has-a-mistake': {
    surprise: nothing("TypeError: Cannot read properties of null (reading 'port') at experiment (lab.ts:20:3)"),
    machine: null,
    says: /ended with an error/,
  },
  'reuse-port-is-ignored': {
    surprise: failure([bindRefused('EADDRINUSE', 8080, '127.0.0.1', true)]),
    machine: machineWith({ runtime: { node: 'v20.19.0', nodeOrigin: 'system' } }),
    says: /Node v20.19.0/,
  },
  'another-node': {
    surprise: failure([started()]),
    machine: machineWith({ runtime: { node: 'v24.1.0', nodeOrigin: 'system' } }),
    other: nothing('interrupted by SIGINT'),
    says: /own Node v24.1.0/,
  },
}

test('every known cause has a case, and every case a cause', () => {
  const ids = KNOWN_CAUSES.map(({ id }) => id)
  expect(Object.keys(CASES).sort()).toEqual([...ids].sort())
  expect(new Set(ids).size).toBe(ids.length)
})

describe.each(KNOWN_CAUSES.map((known) => [known.id, known] as const))('%s', (id, known) => {
  const { surprise, machine, other, says } = CASES[id] as Case

  test('is told where symptom and fact are there', () => {
    const cause = findCause(known, surprise, machine ?? ORDINARY)
    expect(cause?.found).toMatch(says)
    expect(cause).toMatchObject({ kind: known.kind, explains: known.explains })
  })

  test('is not told without its symptom', () => {
    expect(findCause(known, other ?? (known.symptom(PLAIN) ? nothing('') : PLAIN), machine ?? ORDINARY)).toBeNull()
  })

  test('is told in short plain sentences', () => {
    const cause = findCause(known, surprise, machine ?? ORDINARY)
    for (const text of [cause?.found, cause?.explains, cause?.remedy]) {
      expect(text ?? 'x').not.toMatch(/[!—–]|\bplease\b/i)
      expect((text ?? '').length).toBeLessThan(260)
    }
    expect(known.explains).toMatch(/\.$/)
  })
})

/** Those for which `is` holds, with the case of each. */
const those = (is: (known: (typeof KNOWN_CAUSES)[number], one: Case) => boolean) =>
  KNOWN_CAUSES.flatMap((known) => {
    const one = CASES[known.id] as Case
    return is(known, one) ? [[known.id, known, one] as const] : []
  })

test.each(those((_, { machine }) => machine !== null))('%s is not told on an ordinary machine', (_id, known, one) => {
  expect(findCause(known, one.surprise, ORDINARY)).toBeNull()
})

test.each(those(({ reach }) => reach === 'machine-network'))(
  '%s is not told of an act in a network of its own',
  (_id, known, { surprise, machine }) => {
    expect(findCause(known, { ...surprise, isInOwnNetwork: true }, machine ?? ORDINARY)).toBeNull()
  },
)

const causeOf = (id: string) => KNOWN_CAUSES.find((known) => known.id === id) as (typeof KNOWN_CAUSES)[number]

test('a queue of connections explains no lost datagram', () => {
  const known = causeOf('hardly-any-backlog')
  const machine = CASES['hardly-any-backlog']?.machine ?? ORDINARY
  expect(findCause(known, failure([connect('timed-out')]), machine)).not.toBeNull()
  expect(findCause(known, failure([send('silent')]), machine)).toBeNull()
})

describe('rules that were read', () => {
  const lost = failure([connect('timed-out')])
  const guesses = ['packets-are-dropped', 'listener-is-fenced-off'] as const

  test.each(guesses)('leave nothing to guess: %s', (id) => {
    const read = filteredBy(['tcp dport 8081 drop', 'drop', '8081'])
    expect(findCause(causeOf(id), CASES[id]?.surprise ?? lost, read)).toBeNull()
  })

  test('that may not be read leave the guess, which says how to look', () => {
    const unread = { ...ORDINARY, filter: { why: 'nft answers "Operation not permitted"', chains: [] } }
    expect(findCause(causeOf('packets-are-dropped'), lost, unread)?.remedy).toMatch(/^As root: nft list ruleset/)
    expect(findCause(causeOf('no-rule-does-it'), lost, unread)).toBeNull()
  })

  test('drop, and so explain no refusal', () => {
    const machine = filteredBy(['tcp dport 8080 drop', 'drop', '8080'])
    expect(findCause(causeOf('rule-drops'), failure([connect('EHOSTUNREACH')]), machine)).toBeNull()
  })
})
