/** The files of a lab that was a session at the bench: green as it is, with comments that say what to write. */

import type { Tried } from '../domain/tried.ts'
import type { Part } from './try-lab-parts.ts'
import { partsOf } from './try-lab-parts.ts'
import { commandFor } from './try-mistake.ts'

export type Kept = {
  id: string
  /** The path from the lab's folder to harness/lab.ts. */
  harness: string
  os: string
  tried: readonly Tried[]
}

export function labOf({ id, harness, os, tried }: Kept): Record<string, string> {
  const name = id.slice(3)
  // An id begins with a letter, a lab's name may begin with a number.
  const topic = /^[a-z]/.test(name) ? name : `lab-${name}`
  const parts = partsOf(tried, topic)
  const command = commandFor(tried.map(({ asked }) => asked))
  return {
    'lab.ts': labFile({ id, harness, os, command, parts }),
    'narration.en.ts': narrationFile(harness, parts, id),
  }
}

type LabFile = { id: string; harness: string; os: string; command: string; parts: readonly Part[] }

function labFile({ id, harness, os, command, parts }: LabFile): string {
  const hasPort = (line: string) => /\bport\b/.test(line.replace(/port: \d+/, ''))
  const isPortUsed = parts.some(({ lines }) => lines.some(hasPort))
  const calls = [...new Set(parts.flatMap(({ calls: names }) => names))].sort()
  const uses = (word: string) => parts.some(({ check }) => check?.outcomeOf.includes(word))
  const imports = ['act', 'defineLab', ...['bindOutcome', 'listenOutcome'].filter(uses)]
  const names = parts.flatMap(({ name }) => name ?? [])
  const [sockets, clients] = [names.filter(isSocket), names.filter((name) => !isSocket(name))]
  const requires = [...new Set(parts.flatMap((part) => part.requires))].map((one) => `'${one}'`)
  const evidence = sockets.length > 0 ? [...clients, 'sockets'] : clients
  return `/**
 * Write here what your lab asks. It was a session at the bench:
 * ${command}
 */

${uses('whoGot') ? `import type { Connected, Sent } from '${harness}'\n` : ''}import { ${imports.toSorted(byLetters).join(', ')} } from '${harness}'

export default defineLab({
  id: '${id}',
  acts: {
    session: act({
      requires: [${requires.join(', ')}],
      async experiment({ ${[...calls, ...(isPortUsed ? ['port'] : [])].join(', ')} }) {
${parts.flatMap(({ lines }) => lines.map((line) => `        ${line}\n`)).join('')}${sockets.length > 0 ? listed('        const sockets = {', sockets, '}') : ''}${listed('        return {', evidence, '}')}      },
      // Whether a check fails under the lie that it names, npm run selftest tells. All lies: harness/domain/lie.ts.
      checks: {
${parts.flatMap((part) => (part.check ? checkText(part.check, part.typed, os) : [])).join('')}      },
    }),
  },
})
${uses('whoGot') ? whoGot(parts.some(({ check }) => check?.outcomes.includes('itself'))) : ''}`
}

const isSocket = (name: string) => name.startsWith('socket')

const byLetters = (one: string, other: string) => one.localeCompare(other, 'en', { sensitivity: 'base' })

/** As Prettier has it: on one line where there is room. */
function listed(head: string, names: readonly string[], end: string): string {
  const line = `${head} ${names.join(', ')} ${end}\n`
  if (line.length <= 121) return line
  const indent = /^ */.exec(head)?.[0] ?? ''
  return `${head}\n${names.map((name) => `${indent}  ${name},\n`).join('')}${indent}${end}\n`
}

const whoGot = (meetsItself: boolean) => `
/** The name of the socket that got it; the answer of the system where none did. */
function whoGot<S extends string>(
  { outcome${meetsItself ? ', metItself' : ''}, ...by }: Connected | Sent,
  sockets: Readonly<Record<S, { pid: number }>>,
): S | \`E\${string}\`${meetsItself ? " | 'itself'" : ''} | 'silent' | 'other' {
${meetsItself ? "  if (metItself) return 'itself'\n" : ''}  const got = 'servedBy' in by ? by.servedBy : by.receivedBy
  const names = Object.keys(sockets) as S[]
  // A process with several sockets names the one.
  const name = names.find((one) => sockets[one].pid === got?.pid && one === \`socket\${got.socket ?? one.slice(6)}\`)
  if (name) return name
  if (outcome.startsWith('E')) return outcome as \`E\${string}\`
  return outcome === 'silent' || outcome === 'timed-out' ? 'silent' : 'other'
}
`

function checkText({ id, outcomes, outcomeOf, expected, lie }: NonNullable<Part['check']>, typed: string, os: string) {
  const source = 'seen at the bench; name the page that says so'
  return `        // ${typed}
        '${id}': {
${listed('          outcomes: [', outcomes.map(quoted), '],').replace('[ ', '[').replace(' ],\n', '],\n')}          outcome: ${outcomeOf},
${expectLine(expected, source, os)}          lie: '${lie}',
        },
`
}

function expectLine(expected: readonly string[], source: string, os: string): string {
  const [only = ''] = expected
  const outcome = expected.length > 1 ? `[${expected.map(quoted).join(', ')}]` : quoted(only)
  const line = `          expect: { ${os}: { outcome: ${outcome}, source: '${source}' } },\n`
  if (line.length <= 121) return line
  const most = `            ${os}: { outcome: ${outcome}, source: '${source}' },\n`
  if (most.length <= 121) return `          expect: {\n${most}          },\n`
  const list = listed('              outcome: [', expected.map(quoted), '],')
    .replace('[ ', '[')
    .replace(' ],\n', '],\n')
  return `          expect: {\n            ${os}: {\n${list}              source: '${source}',\n            },\n          },\n`
}

const quoted = (word: string) => `'${word}'`

function narrationFile(harness: string, parts: readonly Part[], id: string): string {
  const checks = parts.flatMap(({ check, typed }) => (check ? questionText(check, typed) : []))
  return `import type { Narration } from '${harness}'
import type lab from './lab.ts'

// Every word that a reader sees. A text that is missing does not compile: npx tsc --noEmit says which.
export default {
  title: 'A session at the bench: ${id.slice(3)}',
  summary: 'Write here in one line what your lab asks.',
  acts: {
    session: {
      title: 'The session',
      intro: 'Write here in one to three sentences what is done, and why.',
      checks: {
${checks.join('')}      },
    },
  },
  // One to four sentences that should stay when all else is forgotten.
  remember: ['Write here what to remember.'],
} satisfies Narration<typeof lab>
`
}

function questionText({ id, outcomes, question }: NonNullable<Part['check']>, typed: string): string {
  const texts = outcomes.map((outcome) => {
    const key = /^\w+$/.test(outcome) ? outcome : quoted(outcome)
    return `            ${key}: {
              choice: '${choiceOf(outcome)}',
              seen: '${seenOf(outcome)}',
              why: 'Write here why it is so.',
            },
`
  })
  return `        // ${typed}
        '${id}': {
          question: '${question}',
          outcomes: {
${texts.join('')}          },
        },
`
}

const CHOICES: Readonly<Record<string, [choice: string, seen: string]>> = {
  listening: ['It listens.', 'It listens.'],
  bound: ['It is bound.', 'It is bound.'],
  itself: ['The client itself.', 'The client met itself.'],
  silent: ['Nobody answers.', 'There was no answer, and no error.'],
}

function choiceOf(outcome: string): string {
  const step = /^socket(\d+)$/.exec(outcome)?.[1]
  if (step !== undefined) return `The socket of step ${step}.`
  return CHOICES[outcome]?.[0] ?? `The system answers ${outcome}.`
}

function seenOf(outcome: string): string {
  const step = /^socket(\d+)$/.exec(outcome)?.[1]
  if (step !== undefined) return `The socket of step ${step} got it.`
  return CHOICES[outcome]?.[1] ?? `The system answered ${outcome}.`
}
