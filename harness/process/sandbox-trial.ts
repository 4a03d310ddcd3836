/** Tries a sandbox: starts a probe in it, and reads off what the probe says which promises are kept here. */

import { spawn } from 'node:child_process'
import { closeSync, openSync, readlinkSync } from 'node:fs'

import { OWN_START_MS, stretchFor } from '../command/patience.ts'
import type { Enclosed } from './sandbox.ts'

/** What the probe printed, line by line; and whether all of it was gone once the outer process had been killed. */
export type Trial = { said: string[]; isGone: boolean; stderr: string }

/** Answers are lines of a key and a value. The last one waits, so that there is something to be killed. */
export const PROBE = `
for one in net pid ipc uts mnt user; do echo "namespace-$one $(readlink /proc/self/ns/$one)"; done
grep -E '^(Uid|NoNewPrivs|Cap)' /proc/self/status
grep -E '^Max' /proc/self/limits
set -- "$@" end /proc/[0-9]*
while [ "$1" != end ]; do [ -n "$(ls -A "$1" 2>/dev/null)" ] && echo "sees $1"; shift; done
shift
echo "processes $#"
for place in / /bin /etc /dev /opt /work /proc/sys/kernel; do (: > $place/probe) 2>/dev/null && echo "writes $place"; done
(: > /tmp/probe) 2>/dev/null && echo "writes /tmp"
for fd in /proc/self/fd/*; do [ -e "$fd" ] && [ "\${fd##*/}" -gt 2 ] && echo "descriptor \${fd##*/}"; done
unshare --user true 2>/dev/null && echo 'makes user'
prlimit --nproc=1 sh -c '/bin/true; echo forks' 2>/dev/null
read -r stat < /proc/self/stat
set -- \${stat##*) }
echo "session $4"
echo "host $(uname -n)"
for tool in node python3; do [ -x /opt/bin/$tool ] && echo "has $tool"; done
env | while read -r line; do echo "variable \${line%%=*}"; done
echo end
exec cat`

/** Descriptors that the probe must not have. The first is that of process 1; the last one only bash can close. */
const LEAKED = [3, 5, 11]

const LIMIT_MS = 5000

/** @throws where nothing can be started any more. */
export async function tryEnclosed({ file, args, env }: Enclosed): Promise<Trial> {
  const leaked = openSync('/dev/null', 'r+')
  const passed = Array.from({ length: Math.max(...LEAKED) + 1 }, (_, fd) =>
    LEAKED.includes(fd) ? leaked : ('ignore' as const),
  )
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe', ...passed.slice(3)], detached: true })
  closeSync(leaked)
  const [stdin, stdout, errors] = child.stdio
  stdin?.on('error', () => {})
  let [text, stderr, isGone] = ['', '', false]
  const kill = () => child.kill('SIGKILL')
  errors?.setEncoding('utf8').on('data', (piece: string) => (stderr += piece))
  stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    // Only the outermost process: that nothing holds the pipe any more then shows that it took the others along.
    if (/^end$/m.test(text)) kill()
  })
  return await new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(limit)
      resolve({ said: text.split('\n').map((line) => line.trim()), isGone: isGone && /^end$/m.test(text), stderr })
    }
    const limit = setTimeout(
      () => {
        kill()
        for (const stream of [stdout, errors]) stream?.destroy()
        settle()
      },
      LIMIT_MS * stretchFor(OWN_START_MS),
    )
    child.once('error', (error) => {
      clearTimeout(limit)
      reject(error)
    })
    child.once('close', () => {
      isGone = true
      settle()
    })
  })
}

/** The namespaces of this process, to hold the probe's against. */
export function ownNamespace(name: string): string {
  return readlinkSync(`/proc/self/ns/${name}`)
}
