/** Hostile submissions: programs in the place of a server, and folders and files that are made to harm who reads them. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Handed } from './programs.ts'
import { hostile, right } from './programs.ts'

/** None of them has the socket that server1 is to have: what they do is their points. */
export const HOSTILE_PROGRAMS: Readonly<Record<string, Handed>> = {
  'fork-bomb': hostile('fork-bomb.py'),
  'memory-balloon': hostile('balloon.py'),
  'memory-balloon-of-node': hostile('balloon.js'),
  'many-balloons': hostile('many-balloons.py'),
  'nameless-balloon': hostile('nameless-balloon.py'),
  'output-without-end': hostile('floods.sh'),
  'fills-the-disk': hostile('fills-disk.py'),
  'never-stops': hostile('spins.sh'),
  'ignores-every-signal': hostile('ignores-signals.py'),
  'leaves-its-group': hostile('daemon.py'),
  'leaves-a-listener': hostile('leaves-a-child.py'),
  'kills-everybody': hostile('kills-all.py'),
  'closes-every-descriptor': hostile('closes-all.py'),
  'binds-every-port': hostile('binds-all.py'),
  'connects-outside': withArguments(hostile('connects-outside.py'), '9'),
  'reads-secrets': withArguments(hostile('reads-secrets.py'), '/work/../rubric.json', '/etc/shadow'),
  'writes-outside': hostile('writes-outside.py'),
  'gains-rights': hostile('gains-rights.sh'),
  'traces-everybody': hostile('traces.c'),
  'build-without-end': { ...hostile('sleeps.py'), build: ['python3', 'sleeps.py'] },
  'build-that-floods': { ...hostile('floods.sh'), build: ['sh', 'floods.sh'] },
}

/** The port comes behind them. */
function withArguments({ run, ...more }: Handed, ...words: string[]): Handed {
  return { ...more, run: [...run, ...words] }
}

/** Files that cannot be read as a submission. Each makes what is wrong of a right one. */
export const UNREADABLE: Readonly<Record<string, (folder: string, sheet: string) => void>> = {
  'json-of-100-megabytes'(folder) {
    const file = join(folder, 'submission.json')
    writeFileSync(file, '{"author": "')
    truncateSync(file, 100_000_000)
  },
  'json-nested-deeply': (folder) => write(folder, '['.repeat(200_000) + ']'.repeat(200_000)),
  'json-not-utf-8': (folder, sheet) =>
    write(folder, Buffer.from(sheet.replace('"author":"', '"author":"\xe9'), 'latin1')),
  'json-cut': (folder, sheet) => write(folder, sheet.slice(0, sheet.length / 2)),
  'json-with-a-key-twice': (folder, sheet) => write(folder, sheet.replace('{', '{"programs":{},')),
  'json-empty': (folder) => write(folder, ''),
  'author-of-300-characters': (folder, sheet) =>
    write(folder, sheet.replace('"author":"', `"author":"${'a'.repeat(300)}`)),
  'author-with-a-newline': (folder, sheet) => write(folder, sheet.replace('"author":"', '"author":"a\\n::error::b')),
  'author-above-its-folder': (folder, sheet) => write(folder, sheet.replace('"author":"', '"author":"../')),
  'json-is-a-folder': (folder) => mkdirSync(join(folder, 'submission.json')),
  'json-is-a-pipe': (folder) => void execFileSync('mkfifo', [join(folder, 'submission.json')]),
  'json-is-a-link': (folder) => symlinkSync('../../rubric.json', join(folder, 'submission.json')),
  'json-is-endless': (folder) => symlinkSync('/dev/zero', join(folder, 'submission.json')),
  'json-is-absent': () => {},
}

function write(folder: string, text: string | Buffer): void {
  writeFileSync(join(folder, 'submission.json'), text)
}

/** What lies beside right programs and changes nothing of their points. */
export const ODD_BUT_RIGHT: Readonly<Record<string, (folder: string) => void>> = {
  'links-out-of-its-folder'(folder) {
    for (const [index, target] of ['/', '/etc/shadow', '../..', '/proc/self', 'nowhere', '.'].entries()) {
      symlinkSync(target, join(folder, `link${index}`))
    }
  },
  'names-with-newlines'(folder) {
    for (const name of ['\n', 'a\n::error::b', '\x1b[2J', '-rf', ' ', '..a', 'a'.repeat(255), '"; touch x; "']) {
      writeFileSync(join(folder, name), '')
    }
  },
  'a-pipe-and-a-socket'(folder) {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    // A socket's name holds 107 bytes (unix(7)), and a folder may have more.
    const bind = 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    execFileSync('python3', ['-c', bind], { cwd: folder })
  },
  'prototype-in-json'(folder) {
    writeFileSync(join(folder, '__proto__'), '')
  },
}

/** Folders that are not taken: no program of them is started, and predictions are graded as ever. */
export const REFUSED: Readonly<Record<string, (folder: string) => void>> = {
  'too-many-files'(folder) {
    mkdirSync(join(folder, 'many'))
    for (let number = 0; number < 2100; number += 1) writeFileSync(join(folder, 'many', `${number}`), '')
  },
  'a-file-of-a-terabyte'(folder) {
    writeFileSync(join(folder, 'large'), '')
    truncateSync(join(folder, 'large'), 1e12)
  },
  'folders-nested-deeply': (folder) =>
    void mkdirSync(join(folder, ...Array<string>(60).fill('a')), { recursive: true }),
  'a-name-that-is-no-utf-8'(folder) {
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), '')
  },
}

/** A right program that is a link to that of somebody else, which the sandbox does not have. */
export const LINKED: Handed = { ...(right('python', 'server1') as Handed), run: ['python3', 'other.py'] }
