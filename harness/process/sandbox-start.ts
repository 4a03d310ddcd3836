/** How a program is started once the sandbox stands around it: as somebody without any right, within its limits. */

import type { User } from '../host/sandbox-caller.ts'
import { OWN_PROGRAMS } from './sandbox-mounts.ts'

export type SandboxLimits = {
  /** Processes and threads: for the kernel both are one. */
  processes: number
  memoryBytes: number
  /** Of each process. */
  cpuSeconds: number
  fileBytes: number
  openFiles: number
  /** What /tmp may hold. */
  temporaryBytes: number
}

export type Standing = {
  /** Another user to become first, where there is one. */
  user: User | null
  ownUserNamespace: boolean
  limits: SandboxLimits
}

export type StartOptions = {
  /** What the program's role gives it. */
  env: Readonly<Record<string, string>>
  /**
   * Process 1 says on descriptor 3 `started 1 PID` and `ended CODE`, each a line: the program's number inside, and its
   * end as sh(1) tells it. The program has no such descriptor. Without this, descriptor 3 is the command's.
   */
  telling?: boolean
}

export const HOST_NAME = 'sandbox'

/**
 * What process 1 needs in order to start the program as somebody else, and no more. `setfcap`: without it nobody maps
 * user 0 of the namespace around into a new one, user_namespaces(7).
 */
export const KEPT_CAPABILITIES = ['setuid', 'setgid', 'setpcap', 'setfcap'] as const

/** The user inside, where a user namespace gives a choice: `student` in the sandbox's own passwd(5). */
const INSIDE = 1000

/**
 * The private data of a Node that does nothing comes to 573 MB, most of it never touched, and 640 MB is the least
 * RLIMIT_DATA under which Node 26 starts. So this limit is no cap, and only bounds how fast one process can grow.
 */
const RESERVED_BYTES = 768_000_000

/**
 * Closes every descriptor that was inherited but the first four, and becomes the sandbox. Node marks its own as
 * close-on-exec, and those that it found at its start only as far as it looks. A shell that cannot close one goes no
 * further.
 */
export const CLOSE_DESCRIPTORS = `
for fd in /proc/self/fd/*; do
  fd=\${fd##*/}
  [ "$fd" -gt 3 ] || continue
  if [ "$fd" -gt 9 ] && [ -z "$BASH_VERSION" ]; then
    echo "sandbox: descriptor $fd is open, and only bash can close it" >&2
    exit 125
  fi
  eval "exec $fd>&-"
done
exec "$@"`

/**
 * Process 1. What it tells goes through a descriptor that the program never has, and no program can reach into process 1:
 * it has rights that the program lacks, ptrace(2). Then it stays, without a child of its own, so that what the program
 * left behind can be seen; the harness ends it. Where it tells nothing, all ends with the command. A program in the
 * background would ignore SIGINT.
 */
const FIRST = `
umask 022
if [ "$1" = telling ]; then
  shift
  /bin/sh -c 'echo "started 1 $$" >&3; exec "$@" 3>&-' sandbox-starting "$@"
  echo "ended $?" >&3
  exec sleep 2147483647 3>&- </dev/null >/dev/null 2>&1
fi
shift
"$@"
exit $?`

/** No user namespace below this one, which would have rights of its own in it; and the first to go when memory ends. */
const SETTLE = `
[ "$1" = own ] && echo 0 > /proc/sys/user/max_user_namespaces
echo 1000 > /proc/self/oom_score_adj
shift
exec "$@"`

const SEARCH_PATH = [OWN_PROGRAMS, '/usr/local/bin', '/usr/bin', '/bin'].join(':')

/** Nothing of the harness's environment comes along. */
const ENVIRONMENT = { PATH: SEARCH_PATH, HOME: '/tmp', TMPDIR: '/tmp', USER: 'student', LANG: 'C.UTF-8' }

/** What process 1 of the sandbox runs. */
export function startWords(
  command: readonly string[],
  { user, ownUserNamespace, limits }: Standing,
  { env, telling = false }: StartOptions,
): string[] {
  const become = user === null ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  const namespace = ['unshare', '--user', `--map-user=${INSIDE}`, `--map-group=${INSIDE}`, '--keep-caps', '--']
  const withoutRights = ['--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--no-new-privs']
  return [
    ['/bin/sh', '-c', FIRST, 'sandbox', telling ? 'telling' : 'silent'],
    // In a namespace of its own the program drops its rights there; else it does while it becomes another user.
    ownUserNamespace && user !== null ? ['setpriv', ...become, '--'] : [],
    ownUserNamespace ? namespace : [],
    ['/bin/sh', '-c', SETTLE, 'sandbox-settling', ownUserNamespace ? 'own' : 'none'],
    ['setpriv', ...(ownUserNamespace ? [] : become), ...withoutRights, '--'],
    limitWords(limits),
    // The chain up to here must find the tools of the system; the program may find the Node of the harness first.
    ['env', '-i', ...Object.entries({ ...ENVIRONMENT, ...env }).map(([name, value]) => `${name}=${value}`)],
    command,
  ].flat()
}

/** Soft and hard: a program that ignores SIGXCPU gets SIGKILL one second later, getrlimit(2). */
function limitWords({ processes, memoryBytes, cpuSeconds, fileBytes, openFiles }: SandboxLimits): string[] {
  const both = (value: number) => `${value}:${value}`
  return [
    ['prlimit', '--core=0:0', `--nproc=${both(processes)}`, `--cpu=${cpuSeconds}:${cpuSeconds + 1}`],
    [`--fsize=${both(fileBytes)}`, `--nofile=${both(openFiles)}`, `--data=${both(memoryBytes + RESERVED_BYTES)}`],
    ['--memlock=0:0', '--msgqueue=0:0', '--'],
  ].flat()
}
