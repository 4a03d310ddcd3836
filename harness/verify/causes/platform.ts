/** Rules of one platform, and kernels that are not quite what they say. */

import type { Machine } from '../../domain/machine.ts'
import type { KnownCause } from './known-cause.ts'
import { allOf, anyOf, asksAbout, failed, isIPv6, refused, restsOnAListing, says } from './symptoms.ts'

const RULE = { kind: 'platform-rule', ground: 'fits', reach: 'everywhere' } as const

/** What stands around the process, as the machine's own words have it. */
function within(name: RegExp): KnownCause['found'] {
  return ({ system }) => {
    const place = system.surroundings.find((one) => name.test(one))
    return place === undefined ? null : `This is ${place}`
  }
}

const onSystem =
  (os: string, words: string): KnownCause['found'] =>
  ({ system }: Machine) =>
    system.os === os ? words : null

const NOBODY_THERE = says(/tables show nobody on port/)

export const PLATFORM_RULES: readonly KnownCause[] = [
  {
    ...RULE,
    id: 'no-ipv6-in-the-kernel',
    symptom: anyOf(refused(['EAFNOSUPPORT']), refused(['EINVAL'], { call: 'bind', at: isIPv6 })),
    found: ({ protocols: { ipv6 } }) => (ipv6.works ? null : ipv6.how),
    explains: 'A kernel without IPv6, or one that was started with ipv6.disable=1, refuses the socket itself.',
    remedy: 'Start the kernel without ipv6.disable=1, or load the module ipv6.',
    source: "the kernel's ipv6.rst, disable; socket(2), EAFNOSUPPORT",
  },
  {
    ...RULE,
    id: 'airplay-has-the-port',
    symptom: anyOf(
      refused(['EADDRINUSE'], { at: ({ port }) => port === 5000 || port === 7000 }),
      says(/port (?:5000|7000)\b/),
    ),
    found: onSystem('darwin', 'macOS listens on ports 5000 and 7000 itself, for AirPlay'),
    explains: 'The AirPlay receiver holds both since macOS 12.',
    remedy: 'Choose another port with --port, or switch the AirPlay receiver off in the settings.',
    source: 'socketio/socket.io#4160',
  },
  {
    ...RULE,
    id: 'windows-has-the-port',
    symptom: anyOf(NOBODY_THERE, allOf(failed, refused(['EADDRINUSE', 'EACCES'], { call: 'bind' }))),
    found: within(/^WSL 2/),
    explains:
      'With networkingMode=mirrored, bind(2) asks Windows too, and is refused for a port that a program of Windows has or that Windows keeps back. No table of Linux shows that.',
    remedy: 'In Windows: netstat -ano; netsh int ipv4 show excludedportrange protocol=tcp',
    source: 'WSL technical documentation, localhost; microsoft/WSL#5514',
  },
  {
    ...RULE,
    id: 'ports-that-windows-keeps-back',
    symptom: refused(['EACCES'], { call: 'bind' }),
    found: onSystem('win32', 'Windows keeps ranges of ports back'),
    explains: 'bind(2) answers EACCES for a port in one of them, whoever asks. Hyper-V and WSL keep some.',
    remedy: 'netsh int ipv4 show excludedportrange protocol=tcp',
    source: 'microsoft/WSL#5514',
  },
  {
    ...RULE,
    id: 'gvisor-is-the-kernel',
    symptom: anyOf(failed, NOBODY_THERE, says(/in the operating system's tables/)),
    found: within(/^gVisor/),
    explains:
      'gVisor answers system calls in the place of Linux, with sockets, queues and tables of its own. Where it differs from Linux, so do the answers.',
    remedy: 'Compare with a run outside of it, or with runsc --network=host.',
    source: 'gVisor documentation, networking guide',
  },
  {
    ...RULE,
    id: 'wsl-1-is-the-kernel',
    symptom: anyOf(failed, NOBODY_THERE, says(/in the operating system's tables/)),
    found: within(/^WSL 1/),
    explains:
      'WSL 1 has no kernel of Linux: it translates system calls into those of Windows, and sockets follow the rules of Windows.',
    remedy: 'wsl --set-version DISTRIBUTION 2',
    source: 'Microsoft, Comparing WSL versions',
  },
  {
    ...RULE,
    id: 'another-process-namespace',
    symptom: allOf(failed, restsOnAListing, asksAbout(/process|holder|names?-|belongs/)),
    found: within(/process namespace/),
    explains:
      'Listings name the processes that they can see. Those of an outer process namespace are not among them, and have no number here.',
    remedy: null,
    source: 'pid_namespaces(7); proc(5)',
  },
]
