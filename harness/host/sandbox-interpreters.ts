/** Where Node and Python really are: what stands in PATH may be a script that looks for them in a home folder. */

import { accessSync, realpathSync } from 'node:fs'

import { runTool } from '../command/tool.ts'

export type Interpreters = {
  node: string
  /** `folders`: what it needs beside itself. Null where there is none. */
  python: { file: string; folders: readonly string[] } | null
}

/** The system's own: all that it needs lies below /usr. */
const USUAL = '/usr/bin/python3'

const ASK = 'import sys; print(sys.executable); print(sys.prefix); print(sys.base_prefix)'

export async function findInterpreters(): Promise<Interpreters> {
  return { node: process.execPath, python: isThere(USUAL) ? { file: USUAL, folders: [] } : await askPython() }
}

async function askPython(): Promise<Interpreters['python']> {
  const run = await runTool('python3', ['-c', ASK])
  if (run.outcome !== 'ran' || run.exitCode !== 0) return null
  const [file = '', prefix = '', base = ''] = run.stdout.trim().split('\n')
  if (!isThere(file)) return null
  // In a virtual environment the interpreter is a link into the installation from which it was made.
  const folders = [...new Set([prefix, base])].filter((folder) => folder !== '/' && isThere(folder))
  return { file: folders.some((folder) => file.startsWith(`${folder}/`)) ? file : realpathSync(file), folders }
}

function isThere(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}
