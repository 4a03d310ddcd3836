/** Writes suites and cases as JUnit's XML: escaped, counted, and without the characters that XML 1.0 forbids. */

import { oneLine, plain } from './plain.ts'

export type Outcome =
  | { element: 'skipped'; message: string; text: string }
  | { element: 'failure' | 'error'; type: string; message: string; text: string; output: string }

export type JUnitCase = {
  classname: string
  name: string
  durationMs: number
  /** Empty where the case stands for no check. */
  file: string
  line: number
  outcome: Outcome | null
}

export type JUnitSuite = {
  name: string
  durationMs: number
  properties: { name: string; value: string }[]
  cases: JUnitCase[]
}

export function junitXml(run: { startedAt: string; durationMs: number; suites: JUnitSuite[] }): string {
  const { startedAt, durationMs, suites } = run
  // The format has no place for a time zone; it is UTC.
  const timestamp = startedAt.slice(0, 19)
  const cases = suites.flatMap((suite) => suite.cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites${attributes({ name: 'socket-labs', ...counted(cases), time: seconds(durationMs), timestamp })}>\n`,
    ...suites.map((suite) => suiteXml(suite, timestamp)),
    '</testsuites>\n',
  ].join('')
}

function suiteXml({ name, durationMs, properties, cases }: JUnitSuite, timestamp: string): string {
  // Readers want a host's name; reports carry no names of machines.
  const head = { name, ...counted(cases), time: seconds(durationMs), timestamp, hostname: 'localhost' }
  const lines = properties.map((property) => `   <property${attributes(property)}/>\n`)
  return [
    ` <testsuite${attributes(head)}>\n`,
    lines.length === 0 ? '' : `  <properties>\n${lines.join('')}  </properties>\n`,
    ...cases.map(caseXml),
    ' </testsuite>\n',
  ].join('')
}

function counted(cases: readonly JUnitCase[]) {
  const count = (element: Outcome['element']) => cases.filter(({ outcome }) => outcome?.element === element).length
  return { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') }
}

function caseXml({ classname, name, durationMs, file, line, outcome }: JUnitCase): string {
  const where = file === '' ? {} : { file, line }
  const head = `  <testcase${attributes({ classname, name, time: seconds(durationMs), ...where })}`
  if (outcome === null) return `${head}/>\n`
  const { element, message, text } = outcome
  const type = outcome.element === 'skipped' ? {} : { type: outcome.type }
  const output = outcome.element === 'skipped' || outcome.output === '' ? '' : outcome.output
  return [
    `${head}>\n`,
    `   <${element}${attributes({ message, ...type })}>${escaped(plain(text))}</${element}>\n`,
    output === '' ? '' : `   <system-out>${escaped(unattached(plain(output)))}</system-out>\n`,
    '  </testcase>\n',
  ].join('')
}

/** GitLab takes `[[ATTACHMENT|path]]` for a file to show, whoever printed it. */
function unattached(text: string): string {
  return text.replaceAll('[[ATTACHMENT|', '[ [ATTACHMENT|')
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(oneLine(String(value)))}"`)
    .join('')
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one)
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
