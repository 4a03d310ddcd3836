/** Probes for tools that only some checks need: each is really started. */

import { existsSync } from 'node:fs'

import { runTool } from '../command/tool.ts'

/** Null where the tool is there. */
type Probe = () => Promise<string | null>

/** `answers` is what the real tool prints; another program of the same name prints something else. */
const isThere =
  (tool: string, args: readonly string[], answers: RegExp): Probe =>
  async () => {
    const run = await runTool(tool, args)
    if (run.outcome !== 'ran') return run.reason
    if (answers.test(run.stdout + run.stderr)) return null
    const [said = ''] = (run.stderr + run.stdout).trim().split('\n')
    return `${[tool, ...args].join(' ')} answers ${said === '' ? `with exit code ${run.exitCode}` : `"${said}"`}`
  }

/** The interpreter itself. What stands in PATH may be a script that looks for it, at each start, longer than it runs. */
let interpreter = 'python3'

export const pythonFile = (): string => interpreter

export function knowPython(file: string): void {
  interpreter = file
}

/** Passing descriptors (socket.send_fds) came with 3.9. */
async function whyNoPython(): Promise<string | null> {
  const words = ['-c', 'import sys; print(sys.version_info >= (3, 9), sys.executable)']
  const run = await runTool('python3', words)
  if (run.outcome !== 'ran') return run.reason
  const [, file] = /^True (\/.*)$/m.exec(run.stdout) ?? []
  if (file !== undefined) knowPython(file)
  return run.stdout.startsWith('True') ? null : 'python3 is older than 3.9, or does not answer'
}

/** Probes whose answer does not depend on the network in which they are asked. */
export const ELSEWHERE_TOO: readonly string[] = ['lsof', 'ss', 'netstat', 'nmap', 'tcpdump', 'ip', 'setpriv', 'python']

export const TOOL_PROBES = {
  lsof: isThere('lsof', ['-v'], /lsof version|revision/),
  ss: isThere('ss', ['-V'], /iproute2/),
  netstat: isThere('netstat', ['--version'], /net-tools/),
  nmap: isThere('nmap', ['--version'], /Nmap version/),
  tcpdump: isThere('tcpdump', ['--version'], /tcpdump version/),
  ip: isThere('ip', ['-V'], /iproute2/),
  setpriv: isThere('setpriv', ['--version'], /setpriv/),
  python: whyNoPython,
  // To list is to need the same right as to add a rule: CAP_NET_ADMIN in the network that the act runs in.
  'packet-filter': async () => {
    const run = await runTool('nft', ['list', 'tables'])
    if (run.outcome !== 'ran') return run.reason
    return run.exitCode === 0 ? null : `nft list tables answers "${run.stderr.trim().split('\n')[0] ?? ''}"`
  },
  'services-database': () => Promise.resolve(existsSync('/etc/services') ? null : 'there is no file /etc/services'),
  proc: () => Promise.resolve(existsSync('/proc/net/tcp') ? null : 'there is no /proc/net/tcp'),
} satisfies Record<string, Probe>
