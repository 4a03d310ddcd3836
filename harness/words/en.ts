/** The harness's own English: what a step did, as a command that one can type, and what was seen. */

import type { Endpoint } from '../domain/endpoint.ts'
import { formatEndpoint } from '../domain/endpoint.ts'
import type { HostFacts, Step } from '../domain/evidence.ts'
import type { GradedVerdict } from '../domain/graded.ts'
import type { Connected, Ended, Started } from '../domain/observation.ts'
import { SYSTEM_NAMES } from '../domain/os.ts'
import { LISTING_NAMES } from '../domain/socket-row.ts'
import type { CheckResult, Counts, Verdict } from '../domain/verdict.ts'
import { asJoined } from './phrases.en.ts'
import { shortened } from './values.en.ts'

/** The command that does the same by hand; null where there is none, as for waiting. */
export function typed(step: Step): string | null {
  switch (step.kind) {
    case 'start': {
      const { program, args } = step
      const isPython = program.endsWith('.py')
      const command = [isPython ? `python3 labs/programs/${program}` : `npm run program ${program}`, ...args].join(' ')
      return step.asAnotherUser ? `sudo env SOCKET_LABS_UID=65534 ${command}` : command
    }
    case 'connect':
      return ['nc', ...patience(step.saw), ...fromWords(step.from), step.address, step.port].join(' ')
    case 'connect-many':
      return `for i in $(seq ${step.count}); do nc ${step.address} ${step.port} </dev/null; done`
    case 'send':
      return [echoed(step.text), '| nc -u -w 1', ...fromWords(step.from), step.address, step.port].join(' ')
    case 'list':
      return step.saw.command
    case 'stop':
      return `kill ${step.pid}`
    case 'kill':
      return `kill -9 ${step.pid}`
    case 'pause':
      return `kill -STOP ${step.pid}`
    case 'resume':
      return `kill -CONT ${step.pid}`
    case 'run':
      return step.saw.command
    case 'read':
      return `cat ${step.saw.file}`
    case 'scan': {
      const { protocol, address, from, to } = step.saw
      return `${protocol === 'udp' ? 'nmap -sU' : 'nmap -sT'} -n -Pn -p ${from}-${to} ${address}`
    }
    case 'proceed':
    case 'ended':
    case 'said':
      return null
  }
}

function fromWords({ address, port }: Partial<Endpoint> = {}): string[] {
  return [...(address === undefined ? [] : ['-s', address]), ...(port === undefined ? [] : ['-p', `${port}`])]
}

const echoed = (text: string) => `${text.endsWith('\n') ? 'echo' : 'printf'} ${text.trimEnd()}`

/** nc says nothing of a refusal, and waits for minutes where nothing answers. */
function patience({ outcome }: Connected): string[] {
  return outcome === 'connected' ? [] : outcome === 'timed-out' ? ['-w 3'] : ['-v']
}

/** What the step saw, in one sentence. For a listing the printed lines say it. */
export function seen(step: Step): string {
  switch (step.kind) {
    case 'start':
      return howStarted(step.saw)
    case 'proceed':
      return `${step.line === undefined ? 'Enter pressed' : `"${step.line}" typed into it`}: ${howStarted(step.saw)}`
    case 'connect': {
      const { outcome, local, servedBy, seenByServer } = step.saw
      if (outcome === 'timed-out') return 'no answer: the client sent its SYN again and heard nothing'
      if (outcome !== 'connected') return failed(outcome)
      const from = local ? ` from ${formatEndpoint(local)}` : ''
      if (!servedBy || !seenByServer) return `connected${from}; no program has accepted the connection yet`
      return `connected${from}; ${servedBy.program} (process ${servedBy.pid}) accepted it and saw the client as ${formatEndpoint(seenByServer.peer)}`
    }
    case 'connect-many':
      return `${step.saw.connections} connections: ${step.saw.servedBy
        .map(({ program, pid, connections }) => `process ${pid} (${program}) served ${connections}`)
        .join(', ')}`
    case 'send': {
      const { outcome, receivedBy, seenByServer } = step.saw
      if (outcome === 'silent') return 'no answer and no error'
      if (outcome !== 'received') return failed(outcome)
      if (!receivedBy || !seenByServer) return 'answered'
      return `${receivedBy.program} (process ${receivedBy.pid}) received ${JSON.stringify(seenByServer.text)} from ${formatEndpoint(seenByServer.peer)}`
    }
    case 'list':
      return listedBy(step)
    case 'ended':
      return `${step.program} (process ${step.pid}) ended by itself, ${howEnded(step.saw)}`
    case 'stop':
    case 'kill':
      return `${step.program} (process ${step.pid}) ended, ${howEnded(step.saw)}`
    case 'pause':
      return `${step.program} (process ${step.pid}) stands still; its sockets stay as they are`
    case 'resume':
      return `${step.program} (process ${step.pid}) goes on`
    case 'said': {
      const { line, program, saw } = step
      const lines = linesTold(step)
      const value = lines.length > 0 ? `${lines.length} lines` : shortened(saw.value)
      const told = `${program} (process ${saw.pid}) tells ${saw.what}: ${value}`
      return line === null ? told : `"${line}" typed into it: ${told}`
    }
    case 'run':
      return step.saw.timedOut
        ? 'It took too long and was ended.'
        : step.saw.printed.length === 0
          ? `It printed nothing, and ended with exit code ${step.saw.exitCode}.`
          : ''
    case 'read':
      return `This is no listing of your machine. We wrote it, in the format of ${READ_FORMATS[step.saw.format]}.`
    case 'scan': {
      const { open, closed, silent } = step.saw
      const which = open.length > 0 && open.length <= 12 ? ` (${open.join(', ')})` : ''
      return `${open.length} open${which}, ${closed} closed, ${silent.length} without an answer`
    }
  }
}

/** Stands in the place of steps that repeat those before. */
export function repeatedInWords({ of, times }: { of: number; times: number }): string {
  return of === 1
    ? `${times} more like this, with other numbers`
    : `${times} times the last ${of} steps again, with other numbers`
}

/** What a program told in lines of its own, such as those of a capture: they are shown as they are. */
export function linesTold(step: Step): string[] {
  const value = step.kind === 'said' ? step.saw.value : null
  const isLines = Array.isArray(value) && value.some((one) => typeof one === 'string' && one.length > LONGEST_WORD)
  return isLines ? value.map(String) : []
}

const READ_FORMATS = { fstat: 'fstat on NetBSD', netstat: 'netstat -f inet -na on NetBSD' }

const LONGEST_WORD = 40
/** Refused and unreachable are two things: one is an answer of the other side, the other one a route that is not there. */
function failed(code: string): string {
  if (code === 'ECONNREFUSED') return 'refused: ECONNREFUSED'
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return `unreachable: ${code}`
  return `the system answered ${code}`
}

function howStarted({ outcome, pid, protocol, local, error }: Started): string {
  const where = local && protocol ? `${protocol.toUpperCase()} ${formatEndpoint(local)}` : ''
  if (outcome === 'listening') return `process ${pid} listens on ${where}`
  if (outcome === 'running') return `process ${pid} runs`
  if (outcome === 'connected') return `process ${pid} is connected; its own end is ${where}`
  if (outcome === 'bound')
    return `process ${pid} is bound to ${where}${protocol === 'tcp' ? ' and does not listen' : ''}`
  return `process ${pid} is refused: ${error?.message ?? outcome}`
}

function howEnded({ exitCode, signal }: Ended): string {
  return signal ? `by ${signal}` : `with exit code ${exitCode}`
}

/** Who was asked and who was not there; and, where they contradict each other, how. */
function listedBy({ saw }: Step & { kind: 'list' }): string {
  const asked = saw.others.map(({ source }) => LISTING_NAMES[source])
  const parts = []
  if (saw.source === 'proc' && asked.length === 0)
    parts.push("No tool is installed that lists sockets: these are the kernel's own tables.")
  if (saw.printed.length === 0) parts.push('It printed no line with this port: no socket has it.')
  if (saw.disagreements.length > 0) parts.push(`The listings disagree: ${saw.disagreements.join('; ')}.`)
  else if (asked.length > 0) parts.push(`What is open is the same in ${asJoined(asked)}.`)
  return parts.join(' ')
}

export const verdictWords: Record<Verdict | GradedVerdict, string> = {
  pass: 'pass',
  partial: 'partial',
  fail: 'FAIL',
  noted: 'noted',
  skip: 'skip',
  inconclusive: 'inconclusive',
}

/** `1 failed, 5 passed, 2 skipped`: what matters most comes first, what did not happen is left out. */
export function countsInWords(counts: Counts): string {
  const words: [Verdict, string][] = [
    ['fail', 'failed'],
    ['inconclusive', 'inconclusive'],
    ['pass', 'passed'],
    ['noted', 'noted'],
    ['skip', 'skipped'],
  ]
  const parts = words.filter(([verdict]) => counts[verdict] > 0).map(([verdict, word]) => `${counts[verdict]} ${word}`)
  if (parts.length === 0) return 'nothing was checked'
  const checked = counts.pass + counts.fail + counts.noted
  return parts.join(', ') + (checked === 0 ? ': nothing was checked' : '')
}

export function hostInWords({ os, kernel, architecture, node, nodeOrigin, libuv }: HostFacts): string {
  const origin = nodeOrigin === 'bundled' ? 'brought along' : "the machine's own"
  return `${SYSTEM_NAMES[os] ?? os} ${kernel} on ${architecture}, Node ${node.slice(1)} (${origin}), libuv ${libuv}`
}

/** What should have been: the outcomes that are right, with the source that says so. */
export function expectedInWords({ expected, choices }: CheckResult): string {
  if (!expected) return 'no source speaks of this system; what was observed is noted'
  return `${expected.outcomes.map((outcome) => choiceOf(choices, outcome)).join(' Or: ')} (${expected.source})`
}

/** What was: the text of the outcome, or for an outcome that nobody listed the outcome as it was seen. */
export function observedInWords({ observed, seen: text }: CheckResult): string {
  if (text !== '') return text
  return `${observed}, which is none of the answers that this lab knows.`
}

export function choiceOf(choices: CheckResult['choices'], outcome: string): string {
  return choices.find((choice) => choice.outcome === outcome)?.choice ?? outcome
}

export function claimInWords({ claim, document, says, holds }: CheckResult['claims'][number]): string {
  const answer = holds === null ? 'is not tested here' : holds ? 'holds here' : 'does not hold here'
  return `${document} ${claim}: ${says}. This ${answer}.`
}

export function stepsInWords(numbers: readonly number[]): string {
  return numbers.length === 0 ? '' : numbersInWords('step', numbers)
}

/** `act 1`, `acts 1, 3 to 5`. The numbers ascend. */
export function numbersInWords(one: string, numbers: readonly number[], many = `${one}s`): string {
  return `${numbers.length === 1 ? one : many} ${runs(numbers).join(', ')}`
}

/** `1, 3 to 5`: three and more in a row are told by their ends. The numbers ascend. */
function runs(numbers: readonly number[]): string[] {
  const found: [number, number][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  return found.flatMap(([from, to]) =>
    from === to ? [`${from}`] : to === from + 1 ? [`${from}`, `${to}`] : [`${from} to ${to}`],
  )
}
