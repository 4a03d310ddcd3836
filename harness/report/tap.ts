/** The TAP report, version 14 (testanything.org). The plan comes first, so that a stream cut short is a failed one. */

import type { HostFacts } from '../domain/evidence.ts'
import type { LabHeader, Reporter } from '../domain/event.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { countsInWords, expectedInWords, hostInWords, observedInWords } from '../words/en.ts'
import { labInWords } from './end-text.ts'
import { oneLine } from './plain.ts'
import { stepLines } from './step-lines.ts'
import { tapPoint } from './tap-lines.ts'

export function createTap(): Reporter {
  return async function* (events) {
    let planned: number | null = null
    let given = 0
    let lab: LabHeader | undefined
    let steps: string[] = []
    yield 'TAP version 14\n'
    for await (const event of events) {
      if (event.type === 'run-start') {
        planned = event.checks
        yield planned === 0 ? '1..0 # SKIP the labs have no checks\n' : `1..${planned}\n`
        yield hostComment(event.host)
      } else if (event.type === 'lab-start') lab = event.lab
      else if (event.type === 'act-start') steps = []
      else if (event.type === 'step') steps.push(...stepLines(event.step))
      else if (event.type === 'check') {
        given += 1
        yield testPoint(given, event.result, lab, steps)
      } else if (event.type === 'run-end') {
        const interrupted = event.interruptedBy === null ? '' : `interrupted by ${event.interruptedBy}, `
        yield `# ${oneLine(interrupted + countsInWords(event.counts))}\n`
      }
    }
    // A run that never began must not read as one in which all was skipped.
    if (planned === null) yield '1..1\n'
    for (const count = planned ?? 1; given < count;) {
      given += 1
      yield tapPoint(given, 'no answer', NO_ANSWER)
    }
  }
}

const NO_ANSWER = {
  severity: 'inconclusive',
  message: 'the run ended before this check was answered',
  fields: {},
} as const

function testPoint(number: number, result: CheckResult, lab: LabHeader | undefined, steps: readonly string[]): string {
  const { verdict, id, question, seen, file, line } = result
  const name = `${lab ? labInWords(lab) : result.lab} ${id}: ${question}`
  if (verdict === 'pass') return tapPoint(number, name, 'ok')
  if (verdict === 'skip') return tapPoint(number, name, { skip: seen })
  if (verdict === 'noted') return tapPoint(number, name, { skip: `noted: ${observedInWords(result)}` })
  const failed = verdict === 'fail'
  const wanted = expectedInWords(result)
  const found = failed ? observedInWords(result) : `nothing was observed: ${seen}`
  return tapPoint(number, name, {
    severity: failed ? 'fail' : 'inconclusive',
    message: failed ? `should have been: ${wanted}; but was: ${found}` : found,
    fields: { wanted, found, at: { file, line }, restsOn: result.restsOn, steps },
  })
}

function hostComment(host: HostFacts): string {
  return `# ${oneLine(hostInWords(host))}\n`
}
