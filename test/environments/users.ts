/** Who runs the labs, and what he may do. */

import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import { PROJECT } from '../lab-command.ts'
import { namespaced, whyNoNamespace, whyNot } from '../namespace.ts'
import type { Environment } from './environment.ts'

const isRoot = process.getuid?.() === 0
const whyNotRoot = () => (isRoot ? null : 'only root can become another user')

const ORDINARY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

/** A user id without a name. */
const NAMELESS = 54_321
/** Of root's mount namespace, in which a user sees no process of anybody else (proc(5), hidepid). */
const MOUNTS = `mount -t proc -o hidepid=2 proc /proc && cd / && mount --bind '${PROJECT}' '${PROJECT}' &&
  mount -o remount,bind,ro '${PROJECT}' && cd '${PROJECT}'`
const HIDDEN = ['unshare', '--mount', 'sh', '-c', `${MOUNTS} && umask 077 && exec "$@" <&-`, 'sh']

/** User 0 in every respect but capabilities(7): in the bounding set too, so that execve(2) gives none back. */
const POWERLESS = ['setpriv', '--bounding-set=-all', '--inh-caps=-all']
const WHO_STARTED: Environment = { name: 'whoever started the tests', enter: () => ({}) }

export const USERS: readonly Environment[] = [
  { name: 'two copies at once, of one user', enter: () => ({}), beside: WHO_STARTED },
  {
    name: 'an ordinary user beside root',
    whyNot: whyNotRoot,
    enter: () => ({ prefix: ORDINARY, env: { HOME: '/nonexistent', NODE_COMPILE_CACHE: cacheOf(65_534) } }),
    lacks: ['another-user'],
    beside: WHO_STARTED,
  },
  {
    name: 'a user without a name, with groups, who sees and writes little',
    whyNot: () => whyNotRoot() ?? whyNot([...HIDDEN, 'true']),
    enter: () => ({
      prefix: [...HIDDEN, 'setpriv', `--reuid=${NAMELESS}`, `--regid=${NAMELESS}`, '--groups=20,54322'],
      env: { NODE_COMPILE_CACHE: cacheOf(NAMELESS) },
    }),
    lacks: ['another-user'],
  },
  {
    name: 'root without a single capability',
    whyNot: () => whyNotRoot() ?? whyNot([...POWERLESS, 'true']),
    enter: () => ({ prefix: POWERLESS }),
    // Since Linux 5.12 even a user namespace that maps user 0 takes CAP_SETFCAP: user_namespaces(7).
    lacks: ['another-user', 'own-network'],
  },
  {
    name: 'root in a user namespace, in the network of the machine',
    whyNot: () => whyNot(['unshare', '--map-root-user', 'true']),
    enter: () => ({ prefix: ['unshare', '--map-root-user'] }),
    lacks: ['another-user'],
  },
  {
    name: 'a user namespace that may have no further one below it',
    whyNot: whyNoNamespace,
    enter: () => ({ prefix: namespaced('echo 0 > /proc/sys/user/max_user_namespaces') }),
    lacks: ['another-user'],
    // There tcpdump can become nobody else, if it is built to do so.
    perhaps: ['tcpdump'],
  },
]

/** Each user has a compile cache of his own, as the launcher sees to it. */
function cacheOf(user: number): string {
  const cache = mkdtempSync(join(tmpdir(), 'ordinary-'))
  onTestFinished(() => rmSync(cache, { recursive: true }))
  chownSync(cache, user, user)
  return cache
}
