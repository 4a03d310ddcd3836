/** Environments with mounts of their own: mount_namespaces(7). Root makes one as root; a user becomes user 0 for it. */

import { whyNot } from '../namespace.ts'
import type { Way } from './environment.ts'

const UNSHARE = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), '--mount']

/** `script` is done by sh(1) before the command, which is `"$@"`, and has to start it. */
export function inMounts(script: string): Required<Pick<Way, 'prefix'>> {
  return { prefix: [...UNSHARE, 'sh', '-c', script, 'sh'] }
}

export const whyNoMounts = () => whyNot([...UNSHARE, 'mount', '-t', 'tmpfs', 'none', '/mnt'])
