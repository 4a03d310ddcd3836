/** What a machine is, and what stands around this process: said only where it was recognised, with what shows it. */

import { existsSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { arch, platform, release } from 'node:os'

import type { Machine } from '../domain/machine.ts'

export function readSystem(): Machine['system'] {
  const files = platform() === 'linux' ? FILES : NO_FILES
  return {
    os: platform(),
    kernel: release(),
    architecture: arch(),
    distribution: readDistribution(read('/etc/os-release') ?? read('/usr/lib/os-release') ?? ''),
    surroundings: surroundingsOf(files, process.env, release()),
  }
}

/** os-release(5): `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"`. */
export function readDistribution(text: string): string | null {
  const [, , name] = /^PRETTY_NAME=(["']?)(.*)\1$/m.exec(text) ?? []
  return name === undefined || name === '' ? null : name
}

/** What is looked at; null where it is not there or may not be read. */
export type Files = {
  read: (path: string) => string | null
  exists: (path: string) => boolean
  link: (path: string) => string | null
  /** The device and the number of a folder. */
  inode: (path: string) => string | null
}

const FILES: Files = { read, exists: existsSync, link, inode }
const NO_FILES: Files = { read: () => null, exists: () => false, link: () => null, inode: () => null }

type Environment = Readonly<Record<string, string | undefined>>

export function surroundingsOf(files: Files, env: Environment, kernel: string): string[] {
  const found = [
    container(files, env),
    windowsSubsystem(files, kernel),
    gvisor(files),
    otherRoot(files),
    ...namespaces(files, kernel),
  ]
  return found.filter((one) => one !== null)
}

/** Files that engines leave, a variable that systemd and podman set, the names of control groups: whichever is there. */
function container(files: Files, env: Environment): string | null {
  if (env['KUBERNETES_SERVICE_HOST'] !== undefined) return 'a pod of Kubernetes (the variable KUBERNETES_SERVICE_HOST)'
  if (files.exists('/run/.containerenv')) return 'a container of Podman (the file /run/.containerenv)'
  if (files.exists('/.dockerenv')) return 'a container of Docker, or made from its image (the file /.dockerenv)'
  const { container: named } = env
  if (named !== undefined && /^[\w-]+$/.test(named)) return `a container (the variable container is ${named})`
  const [, engine] = /[/:](docker|kubepods|libpod|lxc|containerd)\b/.exec(files.read('/proc/1/cgroup') ?? '') ?? []
  return engine === undefined ? null : `a container (/proc/1/cgroup names ${engine})`
}

/** The first version translates system calls, and so is no Linux; the second one is a Linux kernel of Microsoft's. */
function windowsSubsystem(files: Files, kernel: string): string | null {
  if (/microsoft-standard|WSL2/i.test(kernel)) return `WSL 2 (the kernel is called ${kernel})`
  if (/microsoft/i.test(kernel)) return `WSL 1 (the kernel is called ${kernel})`
  return files.exists('/run/WSL') ? 'WSL 2 (the folder /run/WSL)' : null
}

/** Its kernel tells of itself in dmesg, which most may not read; its /proc/version has always been this. */
function gvisor(files: Files): string | null {
  const version = files.read('/proc/version') ?? ''
  return /^Linux version \S*(?:gvisor| #1 SMP Sun Jan 10 15:06:54 PST 2016)/.test(version)
    ? 'gVisor (/proc/version)'
    : null
}

/** chroot(2). Whoever may not look at process 1 cannot tell. */
function otherRoot(files: Files): string | null {
  const [first, own] = [files.inode('/proc/1/root'), files.inode('/')]
  return first !== null && first !== own ? "a root folder that is not the system's (/proc/1/root)" : null
}

/**
 * The kernel numbers its first namespaces itself, from 0xeffffff8 to 0xefffffff, and so a process can tell whether it
 * is in one of them: linux/nsfs.h. For those of users and processes since 3.8; for those of networks it was seen on
 * 6.18. On an older kernel the network of process 1 must be looked at, which few may.
 */
const FIRST = { user: 0xeffffffd, pid: 0xeffffffc, net: 0xeffffff9 }

function namespaces(files: Files, kernel: string): (string | null)[] {
  const [user, pid, net] = (['user', 'pid', 'net'] as const).map((kind) => numberOf(files, 'self', kind))
  const [major = 0, minor = 0] = kernel.split('.').map(Number.parseFloat)
  const netOfFirst = numberOf(files, '1', 'net')
  const isOtherNet =
    netOfFirst === null ? (major > 6 || (major === 6 && minor >= 18)) && net !== FIRST.net : net !== netOfFirst
  return [
    user !== null && user !== undefined && user !== FIRST.user
      ? `a user namespace: ${mapped(files.read('/proc/self/uid_map') ?? '')} (/proc/self/ns/user)`
      : null,
    pid !== null && pid !== FIRST.pid ? 'a process namespace (/proc/self/ns/pid)' : null,
    net !== null && isOtherNet ? 'a network namespace that is not the first one (/proc/self/ns/net)' : null,
  ]
}

function numberOf(files: Files, process: string, kind: string): number | null {
  const [, number] = /\[(\d+)\]$/.exec(files.link(`/proc/${process}/ns/${kind}`) ?? '') ?? []
  return number === undefined ? null : Number(number)
}

/** user_namespaces(7): first id inside, first id outside, how many. */
function mapped(map: string): string {
  const count = map
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2] ?? 0), 0)
  return count === 1
    ? 'there is one user in it'
    : count === 0
      ? 'no user is mapped'
      : 'its users have other ids outside'
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function inode(path: string): string | null {
  try {
    const { dev, ino } = statSync(path)
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

function link(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}
