/**
 * The same sandbox with the tools of util-linux alone: unshare(1) makes the namespaces, and a script of sh(1), which is
 * process 1 there, mounts what is to be seen and leaves the rest behind with pivot_root(8).
 */

import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

import type { Mount } from './sandbox-mounts.ts'
import { HOST_NAME, KEPT_CAPABILITIES } from './sandbox-start.ts'

export type UtilLinux = { unshare: string; setpriv: string; setsid: string }

/** Where the new root stands while it is made. Nothing of it is wanted inside, and no submission lies below it. */
const PLACE = '/sys'

/** What stands before the command that is process 1 inside. */
export function utilLinuxWords(tools: UtilLinux, mounts: readonly Mount[], workingFolder: string): string[] {
  return [
    // What is told to setpriv(1) and unshare(1) is a signal at the death of the process above each.
    [tools.setpriv, '--pdeathsig', 'KILL', '--'],
    [tools.unshare, '--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child=KILL', '--'],
    [tools.setsid, '/bin/sh', '-c', script(mounts, workingFolder), 'sandbox-preparing'],
  ].flat()
}

/** Every failure ends it, with the words of the tool. */
function script(mounts: readonly Mount[], workingFolder: string): string {
  const kept = KEPT_CAPABILITIES.map((name) => `,+${name}`).join('')
  const made = new Set(['/'])
  return [
    'set -e',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'umask 022',
    `hostname ${HOST_NAME}`,
    ...mounts.flatMap((mount) => [...pointFor(mount, made), ...commands(mount)]),
    `cd ${PLACE}`,
    // Covered in the new namespace of mounts only; what is below is still wanted until here.
    'pivot_root . .old',
    'umount -l /.old',
    'rmdir /.old',
    `mount -o remount,bind,${READ_ONLY} /`,
    `cd ${quoted(workingFolder)}`,
    `exec setpriv --bounding-set=-all${kept} --inh-caps=-all --no-new-privs -- "$@"`,
  ].join('\n')
}

const READ_ONLY = 'ro,nosuid,nodev'

/** A folder to mount a folder at, a file to mount a file at. Each tool is a process: what is there is not made again. */
function pointFor(mount: Mount, made: Set<string>): string[] {
  const { kind, to } = mount
  const isFile = kind === 'device' || ('from' in mount && !statSync(mount.from).isDirectory())
  const folder = isFile || kind === 'link' ? dirname(to) : to
  const needed = kind === 'closed' || made.has(folder) ? [] : [`mkdir -p ${placed(folder)}`]
  for (let one = folder; !made.has(one); one = dirname(one)) made.add(one)
  return [...needed, ...(isFile ? [`: > ${placed(to)}`] : [])]
}

function commands(mount: Mount): string[] {
  const { to } = mount
  const place = placed(to)
  switch (mount.kind) {
    case 'read-only':
      return [
        `mount -o rbind,${READ_ONLY} ${quoted(mount.from)} ${place}`,
        ...mountsBelow(mount.from).map((one) => {
          return `mount -o remount,bind,${READ_ONLY} ${placed(`${to}${one.slice(mount.from.length)}`)}`
        }),
      ]
    case 'writable':
      return [`mount -o bind,nosuid,nodev ${quoted(mount.from)} ${place}`]
    case 'device':
      return [`mount --bind ${quoted(to)} ${place}`]
    case 'link':
      return [`ln -s ${quoted(mount.target)} ${place}`]
    case 'memory': {
      const options = `mode=${mount.mode},size=${mount.bytes},nr_inodes=10000,nosuid,nodev`
      return [`mount -t tmpfs -o ${options} tmpfs ${place}`, ...(to === '/' ? [`mkdir ${PLACE}/.old`] : [])]
    }
    case 'folder':
      return []
    case 'processes':
      return [`mount -t proc -o nosuid,nodev,noexec proc ${place}`]
    case 'closed':
      // The root itself is closed once the old one is out of it.
      return to === '/' ? [] : [`mount -o remount,bind,${READ_ONLY} ${place}`]
  }
}

function placed(path: string): string {
  return quoted(path === '/' ? PLACE : `${PLACE}${path}`)
}

/** proc(5), mountinfo: a mount below one that is bound comes along, and has to be made read-only by itself. */
function mountsBelow(folder: string): string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => (line.split(' ')[4] ?? '').replaceAll(/\\(\d{3})/g, (_, octal: string) => fromOctal(octal)))
  return [...new Set(points.filter((point) => point.startsWith(`${folder}/`)))]
}

function fromOctal(octal: string): string {
  return String.fromCharCode(parseInt(octal, 8))
}

/** A word of sh(1). */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
