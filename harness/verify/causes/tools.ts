/** Tools of this machine that are absent, that are others than their names say, or that contradict each other. */

import { always } from './known-cause.ts'
import type { KnownCause } from './known-cause.ts'
import { allOf, anyOf, failed, restsOnAListing, says } from './symptoms.ts'
import type { Surprise } from './surprise.ts'

const TOOL = { kind: 'tool', ground: 'shown', reach: 'everywhere' } as const

/** Tools whose output the answer rests on: those that were asked for a listing, and those that were run. */
function toolsIn({ steps }: Surprise): Set<string> {
  return new Set(
    steps.flatMap((step) => {
      if (step.kind === 'list') return [step.saw.source, ...step.saw.absent.map(({ source }) => source)]
      return step.kind === 'run' ? [step.saw.command.split(/[\s/]+/)[0] ?? ''] : []
    }),
  )
}

export const TOOLS: readonly KnownCause[] = [
  {
    ...TOOL,
    id: 'another-tool-of-that-name',
    ground: 'fits',
    symptom: anyOf(
      allOf(failed, (surprise) => toolsIn(surprise).size > 0),
      says(/listings of step|cannot be run/),
    ),
    found: ({ tools }, surprise) => {
      const names = toolsIn(surprise)
      const other = tools.find(({ name, why }) => names.has(name) && /BusyBox|toybox/.test(why ?? ''))
      return other === undefined ? null : `${other.name} is not the usual tool: ${other.why ?? ''}`
    },
    explains: 'BusyBox and toybox have tools of the same name with fewer options and fewer columns.',
    remedy: 'Install the usual tool: lsof, iproute2 or net-tools.',
    source: 'BusyBox, command help',
  },
  {
    ...TOOL,
    id: 'listings-disagree',
    symptom: says(/^the listings of step \d+ disagree/),
    found: always('Two tools of this machine tell different things about the same port'),
    explains:
      'An answer that rests on such a listing is not counted. A socket that came or went between them is the usual reason.',
    remedy: 'Run it again. Where it stays, compare lsof -nP -i, ss -tuan and /proc/net/tcp by hand.',
    source: null,
  },
  {
    ...TOOL,
    id: 'tool-cannot-be-run',
    symptom: says(/cannot be run: |no network namespace can be made without the tool/),
    found: (_machine, { result }) => `A tool of this machine could not be run: ${result.seen}`,
    explains: 'What it would have shown or done belongs to the experiment.',
    remedy: 'Install it, or say with PATH where it is.',
    source: null,
  },
  {
    ...TOOL,
    id: 'tool-failed',
    ground: 'possible',
    symptom: allOf(failed, ({ steps }) =>
      steps.some((step) => step.kind === 'run' && (step.saw.timedOut || isBroken(step.saw.exitCode))),
    ),
    found: (_machine, { steps }) => {
      const run = steps.find((step) => step.kind === 'run' && (step.saw.timedOut || isBroken(step.saw.exitCode)))
      if (run?.kind !== 'run') return null
      const { command, exitCode, timedOut } = run.saw
      const how = timedOut ? 'took too long' : exitCode === null ? 'was ended by a signal' : 'could not be started'
      return `"${command.split(/\s+/).slice(0, 3).join(' ')}" ${how}`
    },
    explains: 'The answer rests on what it printed or did.',
    remedy: 'Run that command by hand: the report of the lab has it.',
    source: null,
  },
  {
    ...TOOL,
    id: 'no-listing-tool',
    ground: 'possible',
    symptom: allOf(failed, restsOnAListing, ({ steps }) =>
      steps.some((step) => step.kind === 'list' && step.saw.absent.length > 0 && step.saw.source === 'proc'),
    ),
    found: (_machine, { steps }) => {
      const absent = steps.flatMap((step) => (step.kind === 'list' ? step.saw.absent.map(({ source }) => source) : []))
      return `Not there: ${[...new Set(absent)].sort().join(', ')}; the kernel's tables were read instead`
    },
    explains: 'These tables have fewer columns, and name processes only where /proc shows them.',
    remedy: 'Install lsof or iproute2.',
    source: 'proc(5), /proc/net/tcp',
  },
]

/** A shell says 126 of what may not be run, and 127 of what is not there. */
function isBroken(exitCode: number | null): boolean {
  return exitCode === null || exitCode === 126 || exitCode === 127
}
