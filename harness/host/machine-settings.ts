/** The kernel's settings on which answers depend, and how many files a process may open. */

import { readFileSync } from 'node:fs'
import { platform, release } from 'node:os'

import type { Machine, Setting } from '../domain/machine.ts'
import { runTool } from '../command/tool.ts'

/** By the name of the setting what a fresh kernel has; null where that depends on the machine. */
type Usual = Readonly<Record<string, string | null>>

/** From the kernel's ip-sysctl.rst, net.rst and user.rst. */
const LINUX: Usual = {
  'net.ipv6.bindv6only': '0',
  'net.ipv4.ip_local_port_range': '32768 60999',
  'net.ipv4.ip_local_reserved_ports': '',
  'net.ipv4.ip_unprivileged_port_start': '1024',
  'net.ipv4.ip_nonlocal_bind': '0',
  'net.ipv6.ip_nonlocal_bind': '0',
  'net.ipv4.ip_autobind_reuse': '0',
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.ipv6.conf.lo.disable_ipv6': '0',
  'net.core.somaxconn': '4096',
  'net.ipv4.tcp_max_syn_backlog': null,
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.tcp_abort_on_overflow': '0',
  'net.ipv4.tcp_max_tw_buckets': null,
  'net.ipv4.tcp_tw_reuse': '2',
  'net.ipv4.tcp_rfc1337': '0',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.tcp_max_orphans': null,
  'user.max_user_namespaces': null,
  'user.max_net_namespaces': null,
  // Debian and Ubuntu have these two of their own.
  'kernel.unprivileged_userns_clone': '1',
  'kernel.apparmor_restrict_unprivileged_userns': '0',
}

/** The names of sysctl(8) where there is no /proc/sys. A name that a system does not know is left out by it. */
const ELSEWHERE: Readonly<Record<string, Usual>> = {
  darwin: {
    'net.inet.ip.portrange.first': '49152',
    'net.inet.ip.portrange.last': '65535',
    'net.inet.tcp.msl': null,
    'kern.ipc.somaxconn': null,
    'kern.maxfilesperproc': null,
  },
  freebsd: {
    'net.inet6.ip6.v6only': '1',
    'net.inet.ip.portrange.first': '10000',
    'net.inet.ip.portrange.last': '65535',
    'net.inet.ip.portrange.reservedhigh': '1023',
    'net.inet.ip.connect_inaddr_wild': null,
    'net.inet.tcp.blackhole': '0',
    'net.inet.udp.blackhole': '0',
    'net.inet.tcp.msl': null,
    'kern.ipc.soacceptqueue': null,
  },
  netbsd: {
    'net.inet6.ip6.v6only': '1',
    'net.inet.ip.anonportmin': '49152',
    'net.inet.ip.anonportmax': '65535',
    'kern.somaxconn': null,
  },
  openbsd: {
    'net.inet.ip.portfirst': null,
    'net.inet.ip.portlast': null,
    'kern.somaxconn': null,
  },
}

export async function readSettings(): Promise<Setting[]> {
  const os = platform()
  if (os === 'linux') return readLinuxSettings(release())
  const usual = ELSEWHERE[os] ?? {}
  const names = Object.keys(usual)
  if (names.length === 0) return []
  const run = await runTool('sysctl', names)
  const values = run.outcome === 'ran' ? readSysctl(run.stdout) : {}
  return names.map((name) => ({ name, value: values[name] ?? null, usual: usual[name] ?? null }))
}

function readLinuxSettings(kernel: string): Setting[] {
  return Object.entries(LINUX).map(([name, usual]) => {
    const text = read(`/proc/sys/${name.replaceAll('.', '/')}`)
    return { name, value: text?.trim().replaceAll(/\s+/g, ' ') ?? null, usual: usualFor(name, usual, kernel) }
  })
}

/** Two have changed in the years that this project's Node reaches back to: somaxconn in 5.4, tcp_tw_reuse in 4.19. */
export function usualFor(name: string, usual: string | null, kernel: string): string | null {
  const [major = 0, minor = 0] = kernel.split('.').map(Number.parseFloat)
  const isBefore = (theMajor: number, theMinor: number) => major < theMajor || (major === theMajor && minor < theMinor)
  if (name === 'net.core.somaxconn' && isBefore(5, 4)) return '128'
  if (name === 'net.ipv4.tcp_tw_reuse' && isBefore(4, 19)) return '0'
  return usual
}

/** `name: value` on macOS and FreeBSD, `name=value` on OpenBSD, `name = value` on NetBSD. */
export function readSysctl(text: string): Record<string, string> {
  const lines = text.matchAll(/^([a-z]\w*(?:\.\w+)+)(?:: | ?= ?)(.*)$/gm)
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value.trim()]))
}

/** Node raises the soft limit to the hard one when it starts (node.cc), and all that it starts inherit that. */
export function readOpenFiles(): Machine['openFiles'] {
  const line = /^Max open files\s+(\S+)\s+(\S+)/m.exec(read('/proc/self/limits') ?? '')
  const [soft, hard] = line ? [line[1], line[2]] : askNode()
  const [one, other] = [limitOf(soft), limitOf(hard)]
  return one === null || other === null ? null : { soft: one, hard: other }
}

/** Where there is no /proc, Node's own report has asked getrlimit(2). It is not to look up the names of addresses. */
function askNode(): [unknown, unknown] {
  const told = Object.assign(process.report, { excludeNetwork: true }).getReport()
  const { userLimits } = told as { userLimits?: { open_files?: { soft: unknown; hard: unknown } } }
  return [userLimits?.open_files?.soft, userLimits?.open_files?.hard]
}

function limitOf(value: unknown): number | 'unlimited' | null {
  if (value === 'unlimited') return value
  const number = Number(value ?? NaN)
  return Number.isInteger(number) ? number : null
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return null
  }
}
