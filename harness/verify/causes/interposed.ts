/** What comes between a program and the kernel: preloaded libraries, options of Node, a tracer, a filter of calls. */

import type { Machine } from '../../domain/machine.ts'
import type { KnownCause } from './known-cause.ts'
import { anyOf, asksAbout, failed, refused, says, allOf } from './symptoms.ts'
import { allRefusals, refusals } from './surprise.ts'

const BETWEEN = { kind: 'interposed', ground: 'fits', reach: 'everywhere' } as const

/** Variables and a file by which libraries are loaded before all others: ld.so(8), dyld(1). */
const PRELOADS = ['LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', '/etc/ld.so.preload']

const REDIRECTS = /proxychains|torsocks|tsocks|socksify|libdsocks|graftcp|redsocks/i
const MOVES_SOCKETS = /socket_wrapper|ip2unix|authbind|bindp|force_?bind|libreuse|netsink|slirp/i
const TURNS_THE_CLOCK = /faketime|datefudge|fakechroot-time/i
/** Allocators, and libraries that touch files or the terminal alone. */
const HARMLESS = /jemalloc|tcmalloc|mimalloc|hardened_malloc|eatmydata|stderred|gtk3-nocsd|libSegFault|snoopy/i

function preloaded(which: (library: string) => boolean): KnownCause['found'] {
  return ({ runtime }: Machine) => {
    for (const { name, value } of runtime.interposed) {
      if (!PRELOADS.includes(name)) continue
      const library = value.split(/[\s:]+/).find((one) => one !== '' && which(one))
      if (library !== undefined) return `${name} puts ${library} before the C library`
    }
    return null
  }
}

const named =
  (pattern: RegExp) =>
  (library: string): boolean =>
    pattern.test(library)

function interposedAs(name: string, words: (value: string) => string | null): KnownCause['found'] {
  return ({ runtime }) => {
    const one = runtime.interposed.find((interposed) => interposed.name === name)
    return one === undefined ? null : words(one.value)
  }
}

const WITHOUT = (name: string) => `Run it again without it: env -u ${name} npm run verify`

/** A system call did something else than was expected of it. */
const ODD_ANSWER = anyOf(
  failed,
  (surprise) => refusals(surprise).length > 0,
  says(/in the operating system's tables|tables show nobody|no byte came|who is no program of this lab/),
)

const NODE_PROGRAM_FAILED = says(/ended with exit code \d+ before|it printed: |printed an event that lacks a part/)

export const INTERPOSED: readonly KnownCause[] = [
  {
    ...BETWEEN,
    id: 'connections-are-redirected',
    symptom: anyOf(
      (surprise) => allRefusals(surprise).some(({ call }) => call !== 'bind'),
      refused(['EPERM']),
      says(/no byte came|who is no program of this lab|^waited \d+ ms/),
    ),
    found: preloaded(named(REDIRECTS)),
    explains:
      'It takes the place of connect(2) and leads connections to a proxy, those to loopback addresses often as well.',
    remedy: WITHOUT('LD_PRELOAD'),
    source: 'ld.so(8), LD_PRELOAD',
  },
  {
    ...BETWEEN,
    id: 'sockets-are-replaced',
    symptom: ODD_ANSWER,
    found: preloaded(named(MOVES_SOCKETS)),
    explains:
      'It takes the place of socket(2), bind(2) or listen(2): sockets get another address, another family or options that nobody asked for.',
    remedy: WITHOUT('LD_PRELOAD'),
    source: 'ld.so(8), LD_PRELOAD',
  },
  {
    ...BETWEEN,
    id: 'clock-is-turned',
    symptom: anyOf(
      says(/took longer than|^waited \d+ ms/),
      allOf(failed, asksAbout(/minute|second|longer|slower|quick|time-wait|takes/)),
    ),
    found: preloaded(named(TURNS_THE_CLOCK)),
    explains:
      'Programs then see another time than the kernel, and so time limits and measured times are not what they seem.',
    remedy: WITHOUT('LD_PRELOAD'),
    source: 'ld.so(8), LD_PRELOAD; faketime(1)',
  },
  {
    ...BETWEEN,
    id: 'unknown-library',
    ground: 'possible',
    symptom: ODD_ANSWER,
    found: preloaded(
      (library) => ![REDIRECTS, MOVES_SOCKETS, TURNS_THE_CLOCK, HARMLESS].some((one) => one.test(library)),
    ),
    explains: 'Whatever it takes the place of, programs get its answers and not those of the kernel.',
    remedy: WITHOUT('LD_PRELOAD'),
    source: 'ld.so(8)',
  },
  {
    ...BETWEEN,
    id: 'options-of-node',
    symptom: NODE_PROGRAM_FAILED,
    found: interposedAs('NODE_OPTIONS', (value) => `NODE_OPTIONS is ${value}`),
    explains:
      'Each program of a lab is started with these options. One that loads a module, forbids something or limits memory can end it.',
    remedy: WITHOUT('NODE_OPTIONS'),
    source: 'Node documentation, NODE_OPTIONS',
  },
  {
    ...BETWEEN,
    id: 'module-before-each-program',
    ground: 'possible',
    symptom: failed,
    found: interposedAs('NODE_OPTIONS', (value) =>
      /--(?:require|import|loader|experimental-loader)\b|(?:^|\s)-r\b/.test(value) ? `NODE_OPTIONS is ${value}` : null,
    ),
    explains: 'That module is loaded before each program of a lab, and may have changed what net and dgram do.',
    remedy: WITHOUT('NODE_OPTIONS'),
    source: 'Node documentation, --require and --import',
  },
  {
    ...BETWEEN,
    id: 'calls-are-traced',
    ground: 'possible',
    symptom: ODD_ANSWER,
    found: interposedAs('ptrace', () => 'Another process traces this one'),
    explains: 'A tracer such as strace can change what system calls answer, and makes each one slower.',
    remedy: 'Run it again without the tracer.',
    source: 'ptrace(2); strace(1), inject',
  },
  {
    ...BETWEEN,
    id: 'calls-are-filtered',
    symptom: refused(['EPERM', 'ENOSYS', 'EACCES', 'EAFNOSUPPORT']),
    found: interposedAs('seccomp', () => 'A seccomp filter decides which system calls are let through'),
    explains:
      'It answers a forbidden call with an error of its choice, mostly EPERM, before the kernel has looked at it.',
    remedy: 'In a container: --security-opt seccomp=unconfined',
    source: 'seccomp(2)',
  },
]
