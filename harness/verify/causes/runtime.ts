/** The Node that runs the programs, and mistakes of the labs' own code. */

import type { Machine } from '../../domain/machine.ts'
import type { KnownCause } from './known-cause.ts'
import { always } from './known-cause.ts'
import { allOf, failed, refused, says, startedIn } from './symptoms.ts'

const RUNTIME = { kind: 'runtime', ground: 'fits', reach: 'everywhere' } as const

/** `v22.11.0` is before 22.12, and 23.0 before 23.1. */
function ignoresReusePort({ runtime: { node } }: Machine): boolean {
  const [major = 0, minor = 0] = node.replace(/^v/, '').split('.').map(Number)
  return major < 22 || (major === 22 && minor < 12) || (major === 23 && minor < 1)
}

export const RUNTIMES: readonly KnownCause[] = [
  {
    ...RUNTIME,
    id: 'lab-cannot-be-run',
    ground: 'shown',
    symptom: ({ result, defect }) => result.verdict === 'inconclusive' && defect !== null,
    found: (_machine, { result }) => `The lab ${result.lab} cannot be run as it is`,
    explains: 'Its own files are at fault, and not this machine.',
    remedy: 'npm run lab:check',
    source: null,
  },
  {
    ...RUNTIME,
    id: 'experiment-has-a-mistake',
    ground: 'shown',
    symptom: says(/^(?:[A-Z]\w*)?Error\b.* at |could not be read: |rests on no step/),
    found: always('The code of the lab or of the harness ended with an error'),
    explains: 'This is a mistake in this project, or a case that nobody thought of. It says nothing about the machine.',
    remedy: 'Report it with the file of --save.',
    source: null,
  },
  {
    ...RUNTIME,
    id: 'reuse-port-is-ignored',
    symptom: allOf(refused(['EADDRINUSE'], { call: 'bind' }), (surprise) =>
      startedIn(surprise).some(({ asked }) => asked?.reusePort === true),
    ),
    found: (machine) => (ignoresReusePort(machine) ? `This is Node ${machine.runtime.node}` : null),
    explains: 'Node before 22.12, and 23.0, takes the option reusePort and ignores it without a word.',
    remedy: 'npm ci brings the Node that this project was written for.',
    source: 'nodejs/node#55408',
  },
  {
    ...RUNTIME,
    id: 'another-node',
    ground: 'possible',
    symptom: allOf(failed, ({ steps }) => steps.some((step) => step.kind === 'start' && !step.program.endsWith('.py'))),
    found: ({ runtime: { node, nodeOrigin, libuv } }) =>
      nodeOrigin === 'bundled' ? null : `The programs run on this machine's own Node ${node} (libuv ${libuv})`,
    explains: 'Options that Node and libuv set on each socket differ between versions, and distributions change them.',
    remedy: 'Compare with the Node that npm ci brings.',
    source: 'docs/notes/node',
  },
]
