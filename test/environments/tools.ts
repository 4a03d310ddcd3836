/** Machines without some tool, or on which another program has its name. */

import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { execaSync } from 'execa'
import { onTestFinished } from 'vitest'

import type { Environment } from './environment.ts'

/** In folder after folder of the PATH, the first of a name counts. */
function installed(): Map<string, string> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => existsSync(folder))
  const found = folders.flatMap((folder) => readdirSync(folder).map((name) => [name, join(folder, name)] as const))
  return new Map(found.reverse())
}

/** A folder with these programs and no others. */
function folderOf(programs: Iterable<readonly [name: string, file: string]>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tools-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  for (const [name, file] of programs) symlinkSync(file, join(folder, name))
  return folder
}

function allBut(absent: readonly string[]): string {
  return folderOf([...installed()].filter(([name]) => !absent.includes(name)))
}

/** Applets of busybox under their names. It may be built without one: then there is none of that name. */
function busybox(names?: readonly string[]): (readonly [string, string])[] {
  const file = installed().get('busybox') as string
  const applets = execaSync(file, ['--list']).stdout.split('\n')
  return applets.filter((name) => names?.includes(name) ?? true).map((name) => [name, file] as const)
}

/** Not every busybox has lsof: this prints what it prints, for the process that asks. */
const LSOF_OF_BUSYBOX = `#!/bin/sh
for file in /proc/$$/fd/*; do printf '%s\\t%s\\t%s\\n' $$ /bin/busybox "$(readlink "$file")"; done
`

function withLsof(folder: string): string {
  writeFileSync(join(folder, 'lsof'), LSOF_OF_BUSYBOX, { mode: 0o755 })
  chmodSync(join(folder, 'lsof'), 0o755)
  return folder
}

const whyNoBusybox = () => (installed().has('busybox') ? null : 'busybox is not installed')

export const TOOLS: readonly Environment[] = [
  { name: 'no lsof', enter: () => ({ env: { PATH: allBut(['lsof']) } }), lacks: ['lsof'] },
  { name: 'no ss', enter: () => ({ env: { PATH: allBut(['ss']) } }), lacks: ['ss'] },
  { name: 'neither lsof nor ss', enter: () => ({ env: { PATH: allBut(['lsof', 'ss']) } }), lacks: ['lsof', 'ss'] },
  {
    name: 'no lsof, ss, netstat, python3, unshare, nor any other tool',
    enter: () => ({ env: { PATH: '/nonexistent' } }),
    lacks: ['own-network', 'python'],
    perhaps: ['lsof', 'ss', 'netstat', 'nmap', 'tcpdump', 'ip', 'setpriv', 'packet-filter', 'neighbour'],
  },
  {
    name: 'lsof and netstat are those of busybox, and there is no ss',
    whyNot: whyNoBusybox,
    enter: () => {
      const folder = withLsof(allBut(['lsof', 'ss', 'netstat']))
      for (const [name, file] of busybox(['netstat'])) symlinkSync(file, join(folder, name))
      return { env: { PATH: folder } }
    },
    lacks: ['lsof', 'ss', 'netstat'],
  },
  {
    name: 'every tool is that of busybox, as on Alpine',
    whyNot: whyNoBusybox,
    enter: () => ({ env: { PATH: withLsof(folderOf(busybox())) } }),
    lacks: ['lsof', 'ss', 'netstat', 'ip', 'python', 'setpriv'],
    perhaps: ['nmap', 'tcpdump', 'own-network', 'neighbour', 'packet-filter'],
  },
]
