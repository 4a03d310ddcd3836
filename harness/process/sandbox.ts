/**
 * A sandbox for programs that somebody handed in: it shares the network of this process and takes everything else away.
 * This process is in a network namespace of its own already; which tools can make the rest is found by trying.
 */

import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

import type { SandboxFacts } from '../domain/graded.ts'
import type { User } from '../host/sandbox-caller.ts'
import { readCaller } from '../host/sandbox-caller.ts'
import type { Interpreters } from '../host/sandbox-interpreters.ts'
import { findInterpreters } from '../host/sandbox-interpreters.ts'
import { BUBBLEWRAP, findTool, MOUNTING_TOOLS, STARTING_TOOLS } from '../host/sandbox-tools.ts'
import { bubblewrapWords } from './sandbox-bubblewrap.ts'
import { memoryPromise } from './sandbox-memory.ts'
import { mountsFor, WORKING_FOLDER } from './sandbox-mounts.ts'
import { judgeTrial } from './sandbox-promises.ts'
import type { SandboxLimits, StartOptions } from './sandbox-start.ts'
import { CLOSE_DESCRIPTORS, startWords } from './sandbox-start.ts'
import { PROBE, tryEnclosed } from './sandbox-trial.ts'
import { utilLinuxWords } from './sandbox-util-linux.ts'

export type { SandboxLimits } from './sandbox-start.ts'

/** `env` is the whole environment of the process to be started; what the program itself gets is among `args`. */
export type Enclosed = { file: string; args: string[]; env: Record<string, string> }

/** What was found by trying, in a form that another process of the harness can be told. */
export type FoundSandbox = { kind: 'bubblewrap' | 'util-linux'; ownUserNamespace: boolean; facts: SandboxFacts }

/** `writable`: for a build. */
export type EncloseOptions = StartOptions & { folder: string; writable: boolean }

export type Sandbox = {
  facts: SandboxFacts
  found: FoundSandbox
  /** As whom the program runs, seen from outside: a folder to write into has to be his. Null: as who started this. */
  user: User | null
  /** Words that start `command` with `folder` as its working folder /work. */
  enclose(command: readonly string[], options: EncloseOptions): Enclosed
}

export type SandboxOptions = {
  /** Folders that no program may see, beside the project and the home folder. */
  hidden?: readonly string[]
  /** What another process of the harness has found on this machine: then nothing is tried again. */
  known?: FoundSandbox
}

type Way = Pick<FoundSandbox, 'kind' | 'ownUserNamespace'>

const PROJECT = join(import.meta.dirname, '../..')

/** `why` says what is lacking, of the best way that there is. */
export async function findSandbox(
  limits: SandboxLimits,
  { hidden = [], known }: SandboxOptions = {},
): Promise<Sandbox | { why: string }> {
  const caller = readCaller()
  if ('why' in caller) return caller
  const secrets = [...new Set([PROJECT, homedir(), ...hidden])]
  const setting = { user: caller.user, interpreters: await findInterpreters(), limits, hidden: secrets }
  if (known) return sandboxBy(known, setting)
  const tried: string[] = []
  for (const way of waysFor(caller.user)) {
    const found = await tryWay(way, setting)
    if ('facts' in found) return sandboxBy(found, setting)
    tried.push(found.why)
  }
  return { why: [...new Set(tried)].join('; ') }
}

type Setting = { user: User | null; interpreters: Interpreters; limits: SandboxLimits; hidden: readonly string[] }

/** Where user namespaces are forbidden, whoever can become another user does without one. */
function waysFor(user: User | null): Way[] {
  return (['bubblewrap', 'util-linux'] as const).flatMap((kind) => [
    { kind, ownUserNamespace: true },
    ...(user === null ? [] : [{ kind, ownUserNamespace: false }]),
  ])
}

async function tryWay(way: Way, setting: Setting): Promise<FoundSandbox | { why: string }> {
  const lacking = whatLacks(way.kind)
  if (lacking.length > 0) return { why: `${way.kind}: ${lacking.join(', ')} not installed` }
  const { hidden, limits } = setting
  // A folder that is there anyway: nothing of it is looked at.
  const folder = join(import.meta.dirname, 'sandbox-etc')
  const absent = [...hidden, '/root', '/home', '/var', '/run']
  const command = ['/bin/sh', '-c', PROBE, 'probe', ...absent]
  const trial = await tryEnclosed(
    enclosedBy(way, setting, command, { folder, writable: false, env: {}, telling: true }),
  )
  const { promises, whyNone } = judgeTrial(trial, { ...setting, ...way })
  if (whyNone !== null) return { why: `${way.kind}: ${whyNone}` }
  const memory = await memoryPromise(limits)
  return { ...way, facts: { kind: way.kind, promises: [...promises, memory] } }
}

function whatLacks(kind: Way['kind']): string[] {
  const own = kind === 'bubblewrap' ? [BUBBLEWRAP] : MOUNTING_TOOLS
  return [...own, ...STARTING_TOOLS].filter((tool) => findTool(tool as (typeof STARTING_TOOLS)[number]) === null)
}

function sandboxBy(found: FoundSandbox, setting: Setting): Sandbox {
  return {
    facts: found.facts,
    found,
    user: setting.user,
    enclose(command, options) {
      // The submissions of others lie beside it.
      const hidden = [...setting.hidden, dirname(options.folder)]
      return enclosedBy(found, { ...setting, hidden }, command, options)
    },
  }
}

function enclosedBy(way: Way, setting: Setting, command: readonly string[], options: EncloseOptions): Enclosed {
  const { user, interpreters, limits, hidden } = setting
  const { folder, writable } = options
  const { temporaryBytes } = limits
  const mounts = mountsFor({ interpreters, folder, writable, temporaryBytes, hidden })
  const made =
    way.kind === 'bubblewrap'
      ? bubblewrapWords(pathOf(BUBBLEWRAP), mounts, WORKING_FOLDER)
      : utilLinuxWords(
          { unshare: pathOf('unshare'), setpriv: pathOf('setpriv'), setsid: pathOf('setsid') },
          mounts,
          WORKING_FOLDER,
        )
  const words = [...made, ...startWords(command, { user, ownUserNamespace: way.ownUserNamespace, limits }, options)]
  const bash = findTool('bash')
  // With a socket as its standard input bash(1) takes itself for a remote shell, and would read somebody's .bashrc.
  const shell = bash === null ? ['/bin/sh'] : [bash, '--norc', '--noprofile']
  const [file = '', ...args] = [...shell, '-c', CLOSE_DESCRIPTORS, 'sandbox', ...words]
  return { file, args, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } }
}

function pathOf(tool: Parameters<typeof findTool>[0]): string {
  return findTool(tool) ?? tool
}
