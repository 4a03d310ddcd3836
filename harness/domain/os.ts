/** The systems that expectations may name. */

export const SYSTEMS = ['linux', 'darwin', 'freebsd', 'netbsd', 'openbsd', 'win32'] as const

export type Os = (typeof SYSTEMS)[number]

/** How people call them. */
export const SYSTEM_NAMES: Record<string, string> = {
  linux: 'Linux',
  darwin: 'macOS',
  freebsd: 'FreeBSD',
  netbsd: 'NetBSD',
  openbsd: 'OpenBSD',
  win32: 'Windows',
}
