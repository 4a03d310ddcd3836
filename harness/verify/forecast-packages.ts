/** In which package each family of systems has a tool, and how a package is installed there. */

import type { Capability } from '../domain/lab.ts'
import type { Machine } from '../domain/machine.ts'

type Family = 'apt' | 'dnf' | 'apk' | 'pacman' | 'zypper' | 'brew' | 'pkg'

const INSTALL: Record<Family, string> = {
  apt: 'sudo apt install',
  dnf: 'sudo dnf install',
  apk: 'sudo apk add',
  pacman: 'sudo pacman -S',
  zypper: 'sudo zypper install',
  brew: 'brew install',
  pkg: 'sudo pkg install',
}

/** As os-release(5) has them, in the pretty name. */
const DISTRIBUTIONS: readonly [RegExp, Family][] = [
  [/Debian|Ubuntu|Mint|Raspbian|Pop!_OS|Kali/i, 'apt'],
  [/Fedora|Red Hat|CentOS|Rocky|AlmaLinux|Amazon Linux|Oracle Linux/i, 'dnf'],
  [/Alpine/i, 'apk'],
  [/Arch Linux|Manjaro|EndeavourOS/i, 'pacman'],
  [/SUSE/i, 'zypper'],
]

function familyOf({ os, distribution }: Machine['system']): Family | null {
  if (os === 'darwin') return 'brew'
  if (os === 'freebsd') return 'pkg'
  return DISTRIBUTIONS.find(([name]) => name.test(distribution ?? ''))?.[1] ?? null
}

/** Where a family has another name for the package than most; null where it has none. */
type Package = { usual: string } & Partial<Record<Family, string | null>>

const NOT_ON_OTHERS = { brew: null, pkg: null }

const PACKAGES: Partial<Record<Capability | 'unshare' | 'nsenter' | 'nft', Package>> = {
  lsof: { usual: 'lsof' },
  ss: { usual: 'iproute2', dnf: 'iproute', ...NOT_ON_OTHERS },
  ip: { usual: 'iproute2', dnf: 'iproute', ...NOT_ON_OTHERS },
  netstat: { usual: 'net-tools', zypper: 'net-tools-deprecated', ...NOT_ON_OTHERS },
  nmap: { usual: 'nmap' },
  tcpdump: { usual: 'tcpdump' },
  nft: { usual: 'nftables', ...NOT_ON_OTHERS },
  setpriv: { usual: 'util-linux', ...NOT_ON_OTHERS },
  unshare: { usual: 'util-linux', ...NOT_ON_OTHERS },
  nsenter: { usual: 'util-linux', ...NOT_ON_OTHERS },
  python: { usual: 'python3', pacman: 'python', brew: 'python' },
  'services-database': {
    usual: 'netbase',
    dnf: 'setup',
    apk: 'alpine-baselayout-data',
    pacman: 'iana-etc',
    zypper: 'netcfg',
    ...NOT_ON_OTHERS,
  },
}

export type Tool = keyof typeof PACKAGES

/** Null where this system has no such package; a command of null where nothing is known of its packages. */
export function packageOf(tool: Tool, system: Machine['system']): { name: string; install: string | null } | null {
  const known = PACKAGES[tool]
  const family = familyOf(system)
  if (known === undefined) return null
  if (family === null) return system.os === 'linux' ? { name: known.usual, install: null } : null
  const name = known[family] === undefined ? known.usual : known[family]
  return name === null ? null : { name, install: INSTALL[family] }
}
