/** The programs of the class: files beside this folder, and the words of submission.json that run them. */

import { existsSync } from 'node:fs'
import { basename, delimiter, extname, join } from 'node:path'

export type Handed = { run: readonly string[]; build?: readonly string[]; files: readonly string[] }

const GRADE = join(import.meta.dirname, '..')
const INTERPRETERS: Readonly<Record<string, string>> = { '.py': 'python3', '.mjs': 'node', '.js': 'node', '.sh': 'sh' }
const EXTENSIONS = { python: 'py', node: 'mjs', c: 'c', sh: 'sh' } as const

export type Language = keyof typeof EXTENSIONS
export const LANGUAGES = Object.keys(EXTENSIONS) as Language[]

/** A file that is handed in, as it is run: a program in C is built first. */
export function handed(file: string): Handed {
  const name = basename(file)
  const interpreter = INTERPRETERS[extname(name)]
  if (interpreter !== undefined) return { run: [interpreter, name], files: [file] }
  const out = basename(name, '.c')
  return { run: [`./${out}`], build: ['cc', '-o', out, name], files: [file] }
}

/** `never-accepts/server.py` */
export function wrong(path: string): Handed {
  return handed(join(GRADE, 'wrong', path))
}

/** Right, and not as one would write it. */
export function unusual(name: string): Handed {
  return handed(join(GRADE, 'unusual', name))
}

export function hostile(name: string): Handed {
  return handed(join(GRADE, 'hostile', name))
}

/** Tools that one file needs beside those of its language. */
const NEEDED: Readonly<Record<string, string>> = { 'server7.sh': 'busybox' }

/**
 * Null where it cannot be written in this language, or not here. OpenBSD's nc always sets SO_REUSEPORT and never
 * IPV6_V6ONLY, and that of busybox chooses no address: with them there is no server1, server4 and server8 in a shell.
 */
export function right(language: Language, role: string): Handed | null {
  const name = `${role}.${EXTENSIONS[language]}`
  const file = join(GRADE, 'right', language, name)
  const tool = NEEDED[name]
  return existsSync(file) && (tool === undefined || isInstalled(tool)) ? handed(file) : null
}

const TOOLS: Record<Language, readonly string[]> = { python: ['python3'], node: [], c: ['cc'], sh: ['nc', 'bash'] }

/** Why programs of this language cannot run here, or null. */
export function whyNotHere(language: Language): string | null {
  const missing = TOOLS[language].find((tool) => !isInstalled(tool))
  return missing === undefined ? null : `there is no ${missing}`
}

function isInstalled(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool)))
}
