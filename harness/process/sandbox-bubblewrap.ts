/** The words with which bubblewrap makes a sandbox: bwrap(1). */

import type { Mount } from './sandbox-mounts.ts'
import { HOST_NAME, KEPT_CAPABILITIES } from './sandbox-start.ts'

/** What stands before the command that is process 1 inside. `bwrap` is its path. */
export function bubblewrapWords(bwrap: string, mounts: readonly Mount[], workingFolder: string): string[] {
  return [
    [bwrap],
    ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--hostname', HOST_NAME],
    ['--die-with-parent', '--new-session', '--as-pid-1'],
    ['--cap-drop', 'ALL', ...KEPT_CAPABILITIES.flatMap((name) => ['--cap-add', `CAP_${name.toUpperCase()}`])],
    mounts.flatMap(words),
    ['--chdir', workingFolder, '--'],
  ].flat()
}

function words(mount: Mount): string[] {
  const { to } = mount
  switch (mount.kind) {
    case 'read-only':
      return ['--ro-bind', mount.from, to]
    case 'writable':
      return ['--bind', mount.from, to]
    case 'device':
      return ['--dev-bind', to, to]
    case 'link':
      return ['--symlink', mount.target, to]
    case 'memory':
      // Its root is a tmpfs(5) without being asked, and only as large as the others where it is asked for.
      return to === '/' ? ['--tmpfs', '/'] : ['--perms', mount.mode, '--size', `${mount.bytes}`, '--tmpfs', to]
    case 'folder':
      return ['--perms', '0755', '--dir', to]
    case 'processes':
      return ['--proc', to]
    case 'closed':
      return ['--remount-ro', to]
  }
}
