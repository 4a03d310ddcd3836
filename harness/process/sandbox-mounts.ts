/** What a handed-in program sees of the file system: an allow-list, in the order in which it is mounted. */

import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

import type { Interpreters } from '../host/sandbox-interpreters.ts'

export type Mount =
  /** Never with a set-user-ID bit or a device of its own. */
  | { kind: 'read-only' | 'writable'; from: string; to: string }
  | { kind: 'device'; to: string }
  | { kind: 'link'; target: string; to: string }
  | { kind: 'memory'; to: string; mode: string; bytes: number }
  | { kind: 'processes' | 'folder'; to: string }
  /** What was written into it while it was made is there for good. */
  | { kind: 'closed'; to: string }

export type MountOptions = {
  interpreters: Interpreters
  folder: string
  writable: boolean
  temporaryBytes: number
  /** Folders that must not be seen even where they lie below one that is. */
  hidden: readonly string[]
}

/** A link where /bin is one into /usr, else a folder. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']

const SETTINGS = [
  'alternatives',
  'gai.conf',
  'host.conf',
  'hosts',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'nsswitch.conf',
  'protocols',
  'services',
].map((name) => `/etc/${name}`)

/** Its own names of users: those of the machine are nobody's business. */
const OWN_SETTINGS = ['passwd', 'group'].map((name) => `/etc/${name}`)

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'].map((name) => `/dev/${name}`)

/** POSIX semaphores and shared memory look for the last one: shm_overview(7). */
const DEVICE_LINKS = { fd: '/proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2', shm: '/tmp' }

/** Only as large as what is put into it: folders, links and places to mount at. */
const SMALL_BYTES = 1_000_000

/** In front in PATH: the Node that the labs run with. */
export const OWN_PROGRAMS = '/opt/bin'

export const WORKING_FOLDER = '/work'

export function mountsFor({ interpreters, folder, writable, temporaryBytes, hidden }: MountOptions): Mount[] {
  const { node, python } = interpreters
  const seen = [...SYSTEM, ...(python?.folders ?? [])]
  return [
    { kind: 'memory', to: '/', mode: '0755', bytes: SMALL_BYTES },
    ...SYSTEM.filter((path) => existsSync(path)).map(systemFolder),
    // Those that bwrap(1) makes for files, without being asked, are for their owner alone.
    ...['/etc', '/opt', OWN_PROGRAMS].map((to): Mount => ({ kind: 'folder', to })),
    ...SETTINGS.filter((path) => existsSync(path)).map((path) => readOnly(realpathSync(path), path)),
    ...OWN_SETTINGS.map((path) => readOnly(join(import.meta.dirname, `sandbox-${path.slice(1)}`), path)),
    { kind: 'processes', to: '/proc' },
    { kind: 'memory', to: '/dev', mode: '0755', bytes: SMALL_BYTES },
    ...DEVICES.map((to): Mount => ({ kind: 'device', to })),
    ...Object.entries(DEVICE_LINKS).map(([name, target]): Mount => ({ kind: 'link', target, to: `/dev/${name}` })),
    { kind: 'closed', to: '/dev' },
    readOnly(realpathSync(node), `${OWN_PROGRAMS}/node`),
    ...(python?.folders ?? []).map((path) => readOnly(path, path)),
    ...(python === null ? [] : [{ kind: 'link', target: python.file, to: `${OWN_PROGRAMS}/python3` } as const]),
    ...hidden.filter((path) => isBelow(path, seen)).flatMap(hiddenFolder),
    { kind: 'memory', to: '/tmp', mode: '1777', bytes: temporaryBytes },
    { kind: writable ? 'writable' : 'read-only', from: realpathSync(folder), to: WORKING_FOLDER },
    { kind: 'closed', to: '/' },
  ]
}

function systemFolder(path: string): Mount {
  if (lstatSync(path).isSymbolicLink()) return { kind: 'link', target: readlinkSync(path), to: path }
  return readOnly(path, path)
}

function readOnly(from: string, to: string): Mount {
  return { kind: 'read-only', from, to }
}

function hiddenFolder(to: string): Mount[] {
  return [
    { kind: 'memory', to, mode: '0000', bytes: SMALL_BYTES },
    { kind: 'closed', to },
  ]
}

/** A folder that holds one that is to be seen cannot be hidden whole; nothing else of it is mounted. */
function isBelow(path: string, folders: readonly string[]): boolean {
  return existsSync(path) && folders.some((folder) => path.startsWith(`${folder}/`))
}
