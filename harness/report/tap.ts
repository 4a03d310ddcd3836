/** The TAP report, version 14 (testanything.org). The plan comes first, so that a stream cut short is a failed one. */

import type { HostFacts } from '../domain/evidence.ts'
import type { LabHeader, Reporter } from '../domain/event.ts'
import type { CheckResult } from '../domain/verdict.ts'
import { countsInWords, expectedInWords, hostInWords, observedInWords } from '../words/en.ts'
import { labInWords } from './end-text.ts'
import { oneLine } from './plain.ts'
import { stepLines } from './step-lines.ts'
import type { YamlRecord } from './yaml.ts'
import { yamlLines } from './yaml.ts'

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
      yield missingPoint(given)
    }
  }
}

function testPoint(number: number, result: CheckResult, lab: LabHeader | undefined, steps: readonly string[]): string {
  const { verdict, id, question, seen, file, line } = result
  const name = escaped(`${lab ? labInWords(lab) : result.lab} ${id}: ${question}`)
  if (verdict === 'pass') return `ok ${number} - ${name}\n`
  if (verdict === 'skip') return `ok ${number} - ${name} # SKIP ${escaped(seen)}\n`
  if (verdict === 'noted') return `ok ${number} - ${name} # SKIP noted: ${escaped(observedInWords(result))}\n`
  const failed = verdict === 'fail'
  const wanted = expectedInWords(result)
  const found = failed ? observedInWords(result) : `nothing was observed: ${seen}`
  return `not ok ${number} - ${name}\n${diagnostics(failed ? 'fail' : 'inconclusive', {
    message: failed ? `should have been: ${wanted}; but was: ${found}` : found,
    wanted,
    found,
    at: { file, line },
    restsOn: result.restsOn,
    steps,
  })}`
}

function missingPoint(number: number): string {
  const message = 'the run ended before this check was answered'
  return `not ok ${number} - no answer\n${diagnostics('inconclusive', { message })}`
}

function diagnostics(severity: 'fail' | 'inconclusive', fields: YamlRecord & { message: string }): string {
  const [message = '', ...others] = yamlLines(fields)
  const lines = [message, `severity: ${severity}`, ...others].map((line) => `  ${line}\n`)
  return `  ---\n${lines.join('')}  ...\n`
}

function hostComment(host: HostFacts): string {
  return `# ${oneLine(hostInWords(host))}\n`
}

/** Without its escape a `#` would begin a directive, and `# SKIP` in a question would skip its check. */
function escaped(text: string): string {
  return oneLine(text).replace(/[\\#]/g, '\\$&')
}
