/** What is around the labs and is none of their business: a disk, a home, a terminal, a language. */

import { join } from 'node:path'

import { whyNot } from '../namespace.ts'
import type { Environment } from './environment.ts'
import { inMounts, whyNoMounts } from './in-mounts.ts'

const ON_TERMINAL = ['python3', join(import.meta.dirname, 'on-terminal.py')]

/** No file system can be written to, but the folder of the reports, where there is one. */
const READ_ONLY = `
reports="$TMPDIR/../reports"
[ ! -d "$reports" ] || mount --bind "$reports" "$reports" || exit 1
while read -r _ place kind _; do
  case "$kind $place" in proc* | sysfs* | dev* | cgroup* | mqueue* | *"\${TMPDIR%/*}/reports") continue ;; esac
  mount -o remount,bind,ro "$place" 2>/dev/null
done < /proc/self/mounts
touch "\${TMPDIR:-/tmp}/written" 2>/dev/null && exit 1
exec "$@"`

const PROXY = 'http://192.0.2.1:3128'

export const SURROUNDINGS: readonly Environment[] = [
  {
    name: 'a read-only file system',
    whyNot: whyNoMounts,
    enter: () => inMounts(READ_ONLY),
  },
  { name: 'HOME is not set', enter: () => ({ prefix: ['env', '--unset=HOME'] }) },
  {
    name: 'no terminal, a dumb one by its name, and twenty columns',
    enter: () => ({ env: { TERM: 'dumb', COLUMNS: '20' } }),
  },
  {
    name: 'a terminal of twenty columns',
    whyNot: () => whyNot([...ON_TERMINAL, '20', 'true']),
    enter: () => ({ prefix: [...ON_TERMINAL, '20'], env: { TERM: 'xterm' } }),
  },
  { name: 'a foreign locale', enter: () => ({ env: { LC_ALL: 'ru_RU.KOI8-R', LANG: 'ja_JP', LANGUAGE: 'de:fr' } }) },
  {
    name: 'a proxy is set in the environment',
    // Node asks it for fetch() and http only where it is told to: NODE_USE_ENV_PROXY.
    enter: () => ({
      env: {
        ...Object.fromEntries(
          ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].map((name) => [
            name,
            PROXY,
          ]),
        ),
        no_proxy: '',
        NO_PROXY: '',
        NODE_USE_ENV_PROXY: '1',
      },
    }),
  },
]
