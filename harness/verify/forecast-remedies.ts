/** What a person can install, set or allow, so that fewer checks are skipped on this machine. */

import type { Remedy } from '../domain/forecast.ts'
import type { Capability } from '../domain/lab.ts'
import type { Machine } from '../domain/machine.ts'
import type { Tool } from './forecast-packages.ts'
import { packageOf } from './forecast-packages.ts'

/** A lab, and what it asks for and this machine lacks. */
type Lacking = { lab: string; lacks: readonly Capability[] }

/** The labs that lack one of them. */
type Wanting = (...capabilities: Capability[]) => string[]

export function findRemedies(machine: Machine, labs: readonly Lacking[]): Remedy[] {
  const wanting: Wanting = (...capabilities) =>
    labs.filter(({ lacks }) => lacks.some((one) => capabilities.includes(one))).map(({ lab }) => lab)
  const found = [
    ...install(machine, wanting),
    ...set(machine, wanting),
    ...allow(machine, wanting),
    ...repairLoopback(machine, wanting),
  ]
  return found.filter(({ labs: gaining }) => gaining.length > 0)
}

/** The tools by which each capability comes about. */
const TOOLS: readonly { tool: Tool; gives: Capability[] }[] = [
  { tool: 'lsof', gives: ['lsof'] },
  { tool: 'ss', gives: ['ss'] },
  { tool: 'ip', gives: ['ip', 'own-network', 'neighbour'] },
  { tool: 'netstat', gives: ['netstat'] },
  { tool: 'nmap', gives: ['nmap'] },
  { tool: 'tcpdump', gives: ['tcpdump'] },
  { tool: 'nft', gives: ['packet-filter', 'packet-filter-reject', 'packet-filter-numgen'] },
  { tool: 'setpriv', gives: ['setpriv'] },
  { tool: 'unshare', gives: ['own-network', 'neighbour', 'packet-filter', 'tcpdump'] },
  { tool: 'nsenter', gives: ['neighbour'] },
  { tool: 'python', gives: ['python'] },
  { tool: 'services-database', gives: ['services-database'] },
]

/** One command for all that are lacking; without a command where nothing is known of the system's packages. */
function install({ system, tools, capabilities }: Machine, wanting: Wanting): Remedy[] {
  const isLacking = (tool: Tool) =>
    tools.some(({ name, version }) => name === (tool === 'python' ? 'python3' : tool) && version === null) ||
    (tool === 'services-database' && capabilities[tool] !== null)
  const wanted = TOOLS.filter(({ tool, gives }) => isLacking(tool) && wanting(...gives).length > 0)
  const packages = wanted.flatMap(({ tool }) => packageOf(tool, system) ?? [])
  if (packages.length === 0) return []
  const { install: command = null } = packages[0] ?? {}
  const names = [...new Set(packages.map(({ name }) => name))]
  return [
    {
      do: 'install',
      tools: wanted.filter(({ tool }) => packageOf(tool, system) !== null).map(({ tool }) => tool),
      command: command === null ? null : [command, ...names].join(' '),
      labs: wanting(...wanted.flatMap(({ gives }) => gives)),
    },
  ]
}

type Wrong = { name: string; isWrong: (value: string) => boolean; right: string; gives: Capability[] }

const NAMESPACES: Capability[] = ['own-network', 'neighbour', 'packet-filter', 'tcpdump']

/** Settings that take a capability away. */
const WRONG: readonly Wrong[] = [
  { name: 'net.ipv6.conf.all.disable_ipv6', isWrong: (value) => value === '1', right: '0', gives: ['ipv6-loopback'] },
  { name: 'net.ipv6.conf.lo.disable_ipv6', isWrong: (value) => value === '1', right: '0', gives: ['ipv6-loopback'] },
  {
    name: 'net.ipv4.ip_local_port_range',
    // The capability was not found: so the range is too narrow, whatever it is.
    isWrong: () => true,
    right: '"32768 60999"',
    gives: ['client-ports'],
  },
  { name: 'user.max_user_namespaces', isWrong: (value) => value === '0', right: '15000', gives: NAMESPACES },
  { name: 'user.max_net_namespaces', isWrong: (value) => value === '0', right: '15000', gives: NAMESPACES },
  { name: 'kernel.unprivileged_userns_clone', isWrong: (value) => value === '0', right: '1', gives: NAMESPACES },
  {
    name: 'kernel.apparmor_restrict_unprivileged_userns',
    isWrong: (value) => value !== '0',
    right: '0',
    gives: NAMESPACES,
  },
]

function set({ settings, capabilities }: Machine, wanting: Wanting): Remedy[] {
  const wrong = WRONG.filter(({ name, isWrong, gives }) => {
    const value = settings.find((setting) => setting.name === name)?.value ?? null
    return value !== null && isWrong(value) && gives.some((capability) => capabilities[capability] !== null)
  })
  if (wrong.length === 0) return []
  const command = ['sudo sysctl -w', ...wrong.map(({ name, right }) => `${name}=${right}`)].join(' ')
  const names = wrong.map(({ name }) => name)
  return [{ do: 'set', settings: names, command, labs: wanting(...wrong.flatMap(({ gives }) => gives)) }]
}

/** What no package and no setting gives. */
function allow({ system, tools, rights, runtime, capabilities }: Machine, wanting: Wanting): Remedy[] {
  const hasUnshare = tools.some(({ name, version }) => name === 'unshare' && version !== null)
  // Engines forbid unshare(2) by a filter of system calls.
  const isFiltered = runtime.interposed.some(({ name }) => name === 'seccomp')
  const isContained = isFiltered && system.surroundings.some((one) => /^a (?:container|pod)/.test(one))
  const isForbidden = capabilities['own-network'] !== null && hasUnshare && !rights['user-namespaces'].works
  return [
    ...(isForbidden && isContained
      ? [{ do: 'container' as const, command: null, labs: wanting('own-network', 'neighbour', 'packet-filter') }]
      : []),
    ...(capabilities['open-files'] === null
      ? []
      : [{ do: 'open-files' as const, command: 'ulimit -n 1024', labs: wanting('open-files') }]),
    ...(capabilities['another-user'] === null
      ? []
      : [{ do: 'superuser' as const, command: null, labs: wanting('another-user') }]),
    ...(runtime.nodeOrigin === 'bundled'
      ? []
      : [{ do: 'bundled-node' as const, command: 'npm ci', labs: wanting('bound-socket', 'reuse-port') }]),
  ]
}

function repairLoopback({ system, loopback, capabilities }: Machine, wanting: Wanting): Remedy[] {
  const isDown = loopback.every(({ isUp }) => !isUp)
  if (system.os === 'linux' && isDown && capabilities['ipv4-loopback'] !== null) {
    const labs = wanting('ipv4-loopback', 'ipv6-loopback', 'loopback-block')
    return [{ do: 'interface-up', command: 'sudo ip link set lo up', labs }]
  }
  if (system.os !== 'darwin' || capabilities['loopback-block'] === null) return []
  return [{ do: 'address', command: 'sudo ifconfig lo0 alias 127.0.0.2', labs: wanting('loopback-block') }]
}
