/** Steps about a program that runs: what it tells, how it is paused, and how it ends. */

import { readFileSync } from 'node:fs'

import { Inconclusive } from '../domain/inconclusive.ts'
import type { Ended, Paused, Said } from '../domain/observation.ts'
import type { ProgramEvent } from '../domain/program-event.ts'
import type { Running } from '../process/running.ts'
import { waitFor } from '../process/wait.ts'
import type { StageContext } from './stage-context.ts'

type Saw = ProgramEvent & { event: 'saw' }

const HOW_ENDED = { ended: ' by itself', stop: ' after SIGTERM', kill: ' after SIGKILL' }

export async function endProgram(
  { cast, limits, signal }: StageContext,
  kind: 'ended' | 'stop' | 'kill',
  pid: number,
): Promise<Ended> {
  const running = cast.member(pid)
  if (kind === 'stop') running.signal('SIGTERM')
  if (kind === 'kill') running.signal('SIGKILL')
  const end = await waitFor(() => running.end, {
    limitMs: limits.stepMs,
    signal,
    what: `${running.program} (process ${pid}) to end${HOW_ENDED[kind]}`,
    onChange: (look) => running.onChange(look),
  })
  return { ...end }
}

/**
 * Types a line into a program, or nothing, and waits for what it then tells under this name. Without a line every such
 * word counts once, also one that came before.
 */
export async function hear(
  { cast, limits, signal }: StageContext,
  pid: number,
  line: string | null,
  what: string,
): Promise<Said> {
  const running = cast.member(pid)
  const already = line === null ? (running.heard.get(what) ?? 0) : told(running, what).length
  if (line !== null) running.write(`${line}\n`)
  const event = await waitFor(
    () => {
      const next = told(running, what)[already]
      if (next === undefined && running.end) {
        const last = running.otherOutput.length === 0 ? '' : `; it printed: ${running.otherOutput.join(' / ')}`
        throw new Inconclusive(`${running.program} (process ${pid}) ended before it told ${what}${last}`)
      }
      return next
    },
    {
      limitMs: limits.stepMs,
      signal,
      what: `${running.program} (process ${pid}) to tell ${what}`,
      onChange: (look) => running.onChange(look),
    },
  )
  running.heard.set(what, already + 1)
  return { program: running.program, pid: event.pid ?? pid, what, value: event.value }
}

function told({ events }: Running, what: string): Saw[] {
  return events.filter((event): event is Saw => event.event === 'saw' && event.what === what)
}

/** Stopped means that the kernel says so: the signal is delivered some time after kill(2) returns. */
export async function pauseProgram(
  { cast, limits, signal }: StageContext,
  kind: 'pause' | 'resume',
  pid: number,
): Promise<Paused> {
  const running = cast.member(pid)
  running.signal(kind === 'pause' ? 'SIGSTOP' : 'SIGCONT')
  const state = await waitFor(
    () => {
      const now = processState(pid)
      if (now === null) return null
      return (now === 'T') === (kind === 'pause') ? now : undefined
    },
    {
      limitMs: limits.stepMs,
      signal,
      what: `${running.program} (process ${pid}) to ${kind === 'pause' ? 'stop' : 'go on'}`,
    },
  )
  return { program: running.program, pid, state }
}

/** The letter of proc_pid_stat(5), such as `S` or `T` for stopped; null where there is no such file. */
function processState(pid: number): string | null {
  try {
    // The name stands in parentheses and may hold anything: the state follows the last one.
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .charAt(0)
  } catch {
    return null
  }
}
