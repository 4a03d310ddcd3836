/** Where the tools are that a sandbox is made of: on PATH, and in the folders of root's tools, which may not be in it. */

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export const BUBBLEWRAP = 'bwrap'

/** Of util-linux, all of them: they are needed where bubblewrap is not there. */
export const MOUNTING_TOOLS = ['mount', 'umount', 'pivot_root', 'setsid'] as const

/** Of util-linux: they start the program inside, in either kind of sandbox. */
export const STARTING_TOOLS = ['unshare', 'setpriv', 'prlimit'] as const

/** bash(1) can close every descriptor; dash(1), the usual sh(1), only those with one digit. */
export type SandboxTool = typeof BUBBLEWRAP | (typeof MOUNTING_TOOLS)[number] | (typeof STARTING_TOOLS)[number] | 'bash'

const FOLDERS_OF_ROOT = ['/usr/sbin', '/sbin']

/** The path of a tool, or null. Whether it does what is wanted of it shows only when it is tried. */
export function findTool(tool: SandboxTool, path = process.env['PATH'] ?? ''): string | null {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...FOLDERS_OF_ROOT]
  return folders.map((folder) => join(folder, tool)).find(isProgram) ?? null
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
