/** Which tools this machine has, and of which version: each is started once, and says so itself. */

import { runTool } from '../command/tool.ts'

/** `reason` is in a skip's words: what came of starting it. Exactly one of `version` and `reason` is null. */
export type ToolAnswer = { version: string | null; reason: string | null; isAbsent: boolean }

/** `answers` is what the real tool prints; another program of the same name prints something else. */
type Question = { args: readonly string[]; answers: RegExp; version: RegExp }

const UTIL_LINUX = { args: ['--version'], answers: /util-linux/, version: /util-linux (\S+)/ }
const IPROUTE = { args: ['-V'], answers: /iproute2/, version: /iproute2-([^\s,]+)/ }

const QUESTIONS = {
  lsof: { args: ['-v'], answers: /lsof version|revision/, version: /revision: (\S+)/ },
  ss: IPROUTE,
  netstat: { args: ['--version'], answers: /net-tools/, version: /net-tools (\S+)/ },
  nmap: { args: ['--version'], answers: /Nmap version/, version: /Nmap version (\S+)/ },
  tcpdump: { args: ['--version'], answers: /tcpdump version/, version: /tcpdump version (\S+)/ },
  ip: IPROUTE,
  nft: { args: ['--version'], answers: /nftables/, version: /nftables v?(\S+)/ },
  unshare: UTIL_LINUX,
  nsenter: UTIL_LINUX,
  prlimit: UTIL_LINUX,
  bwrap: { args: ['--version'], answers: /bubblewrap/, version: /bubblewrap (\S+)/ },
  // That of busybox knows no user to become.
  setpriv: UTIL_LINUX,
  strace: { args: ['-V'], answers: /strace -- version/, version: /version (\S+)/ },
  // The interpreter itself: what stands in PATH may be a script that looks for it, at each start, longer than it runs.
  python3: {
    args: ['-c', "import sys; print('Python', '.'.join(map(str, sys.version_info[:3])), sys.executable)"],
    answers: /^Python \d/,
    version: /^Python (\S+)/,
  },
  // There are several netcats, and none of them has a word for its version that all know.
  nc: {
    args: ['-h'],
    answers: /OpenBSD netcat|Ncat \d|GNU netcat|\[v\d/i,
    version: /(OpenBSD netcat|Ncat [\d.]+|\[v[^\]]+\])/i,
  },
  sysctl: { args: ['--version'], answers: /procps/, version: /procps(?:-ng)? (?:version )?(\S+)/ },
} satisfies Record<string, Question>

export type ToolName = keyof typeof QUESTIONS

export const TOOL_NAMES = Object.keys(QUESTIONS) as ToolName[]

const asked = new Map<ToolName, Promise<ToolAnswer & { printed: string }>>()

/** Asks once per process. */
export function askTool(tool: ToolName): Promise<ToolAnswer & { printed: string }> {
  let answer = asked.get(tool)
  if (!answer) {
    answer = ask(tool, QUESTIONS[tool])
    asked.set(tool, answer)
    // A machine that had no process left for the question may have one later.
    answer.catch(() => asked.delete(tool))
  }
  return answer
}

async function ask(tool: string, question: Question): Promise<ToolAnswer & { printed: string }> {
  const run = await runTool(tool, question.args)
  if (run.outcome !== 'ran') {
    return { version: null, reason: run.reason, isAbsent: run.outcome === 'absent', printed: '' }
  }
  const printed = run.stdout + run.stderr
  return { ...judge([tool, ...question.args].join(' '), question, run), isAbsent: false, printed }
}

/** Both were written to serve where room is short: their tools have the names of others, and fewer options. */
const MANY_IN_ONE = /\b(BusyBox v\S+|toybox \S+)/

type Ran = { stdout: string; stderr: string; exitCode: number }

/** What the answer means. `typed` is the question as a command line. */
export function judge(typed: string, question: Pick<Question, 'answers' | 'version'>, run: Ran) {
  const printed = run.stdout + run.stderr
  if (question.answers.test(printed)) {
    return { version: question.version.exec(printed)?.[1] ?? 'of unknown version', reason: null }
  }
  const [, many] = MANY_IN_ONE.exec(printed) ?? []
  if (many !== undefined) return { version: null, reason: `${typed} is answered by ${many}` }
  const [said = ''] = (run.stderr + run.stdout).trim().split('\n')
  return { version: null, reason: `${typed} answers ${said === '' ? `with exit code ${run.exitCode}` : `"${said}"`}` }
}
