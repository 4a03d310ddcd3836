/** What a sandbox promises, and which answers of the probe mean that it is kept. What was not answered is not kept. */

import type { SandboxFacts } from '../domain/graded.ts'
import type { SandboxLimits, Standing } from './sandbox-start.ts'
import type { Trial } from './sandbox-trial.ts'
import { ownNamespace } from './sandbox-trial.ts'

type Promised = SandboxFacts['promises'][number]

/** Without one of these nothing is a sandbox; the others are said where they are not kept. */
export type Judged = { promises: Promised[]; whyNone: string | null }

type Question = { what: string; isNeeded: boolean; isKept: boolean; how: string; otherwise: string }

export function judgeTrial(trial: Trial, standing: Standing): Judged {
  const { said, isGone, stderr } = trial
  if (!said.includes('end')) {
    const [first = 'the probe did not come to its end'] = stderr.split('\n').filter((line) => line.trim() !== '')
    return { promises: [], whyNone: first.trim() }
  }
  const questions = [...apart(said), ...withoutRights(said, standing), ...within(said, standing.limits), ...files(said)]
  questions.push({
    what: 'it ends with the harness',
    isNeeded: true,
    isKept: isGone,
    how: 'the outermost process was killed with SIGKILL, and nothing held its pipe any more',
    otherwise: 'something lived on when the outermost process was killed',
  })
  const promises = questions.map(({ what, isKept, how, otherwise }) => ({
    what,
    kept: isKept,
    how: isKept ? how : otherwise,
  }))
  const broken = questions.find(({ isNeeded, isKept }) => isNeeded && !isKept)
  return { promises, whyNone: broken === undefined ? null : `${broken.what}: ${broken.otherwise}` }
}

function apart(said: readonly string[]): Question[] {
  const namespace = (name: string) => said.find((line) => line.startsWith(`namespace-${name} `))?.split(' ')[1]
  const own = (name: string, what: string, isNeeded: boolean): Question => {
    const inside = namespace(name)
    return {
      what,
      isNeeded,
      isKept: inside !== undefined && inside !== '' && inside !== ownNamespace(name),
      how: `its ${name} namespace is another one than the harness's`,
      otherwise: `its ${name} namespace is the harness's`,
    }
  }
  const processes = Number(value(said, 'processes'))
  return [
    {
      what: 'the network of its submission and no other',
      isNeeded: true,
      isKept: namespace('net') === ownNamespace('net'),
      how: 'its net namespace is that of the process which grades the submission',
      otherwise: 'its net namespace is not that of the process which grades the submission',
    },
    own('pid', 'processes of its own', true),
    {
      what: 'it sees no process of the harness',
      isNeeded: true,
      // Process 1, the probe, and nobody else.
      isKept: processes > 0 && processes <= 3,
      how: `its /proc has ${processes} processes, all of the sandbox`,
      otherwise: `its /proc has ${processes} processes`,
    },
    own('mnt', 'mounts of its own', true),
    own('ipc', 'shared memory and queues of its own', true),
    own('uts', 'a host name of its own', false),
    own('user', 'a user namespace of its own', false),
    {
      what: 'no user namespace below its own',
      isNeeded: false,
      isKept: !said.includes('makes user'),
      how: 'unshare --user was refused inside',
      otherwise: 'unshare --user works inside; what it gives is worth nothing outside of it',
    },
    {
      what: 'a session of its own',
      isNeeded: true,
      isKept: Number(value(said, 'session')) > 0,
      how: 'its session began inside, and it has no terminal',
      otherwise: 'its session began outside',
    },
  ]
}

function withoutRights(said: readonly string[], { user }: Standing): Question[] {
  const sets = said.filter((line) => line.startsWith('Cap'))
  const fields = (key: string) => value(said, `${key}:`)?.split(/\s+/) ?? []
  const descriptors = said.filter((line) => line.startsWith('descriptor '))
  const variables = said.filter((line) => line.startsWith('variable ')).map((line) => line.slice(9))
  return [
    {
      what: 'no capabilities',
      isNeeded: true,
      isKept: sets.length === 5 && sets.every((line) => /\s0+$/.test(line)),
      how: 'all five sets of capabilities(7) are empty',
      otherwise: `it has ${sets.filter((line) => !/\s0+$/.test(line)).join(', ')}`,
    },
    {
      what: 'no new privileges',
      isNeeded: true,
      isKept: fields('NoNewPrivs')[0] === '1',
      how: 'PR_SET_NO_NEW_PRIVS is set: a set-user-ID program gains nothing',
      otherwise: 'PR_SET_NO_NEW_PRIVS is not set',
    },
    {
      what: 'not the superuser',
      isNeeded: true,
      isKept: fields('Uid').length === 4 && fields('Uid').every((id) => id !== '0'),
      how: user === null ? 'it is user 1000 inside, and the user who grades outside' : `outside it is user ${user.uid}`,
      otherwise: `its user ids are ${fields('Uid').join(' ')}`,
    },
    {
      what: 'no open file of the harness',
      isNeeded: true,
      isKept: descriptors.length === 0,
      how: 'open files were handed down to it, and it had none',
      otherwise: `it was given ${descriptors.join(', ')}`,
    },
    {
      what: 'no variable of the harness',
      isNeeded: true,
      isKept: variables.includes('PATH') && variables.every((name) => NAMES.includes(name)),
      how: `it has ${variables.toSorted().join(', ')} and what its role is given`,
      otherwise: `it has ${variables.filter((name) => !NAMES.includes(name)).join(', ')}`,
    },
  ]
}

/** PWD, OLDPWD, SHLVL and _ are a shell's own. */
const NAMES = ['PATH', 'HOME', 'TMPDIR', 'USER', 'LANG', 'PWD', 'OLDPWD', 'SHLVL', '_']

function within(said: readonly string[], limits: SandboxLimits): Question[] {
  const hard = (name: string) =>
    said
      .find((line) => line.startsWith(name))
      ?.trim()
      .split(/\s{2,}/)[2]
  const limit = (what: string, name: string, wanted: number, isNeeded = true): Question => ({
    what,
    isNeeded,
    isKept: hard(name) === `${wanted}`,
    how: `proc(5), limits: ${name}, ${wanted}`,
    otherwise: `${name} is ${hard(name)}`,
  })
  return [
    {
      what: 'a limit of processes',
      isNeeded: true,
      isKept: hard('Max processes') === `${limits.processes}` && !said.includes('forks'),
      how: `RLIMIT_NPROC is ${limits.processes}, and with a limit of 1 no process could be started`,
      otherwise: said.includes('forks')
        ? 'RLIMIT_NPROC does not bind here: a process was started beyond it'
        : `RLIMIT_NPROC is ${hard('Max processes')}`,
    },
    limit('a limit of CPU time for each process', 'Max cpu time', limits.cpuSeconds + 1),
    limit('a limit of file size', 'Max file size', limits.fileBytes),
    limit('a limit of open files', 'Max open files', limits.openFiles),
    limit('no core files', 'Max core file size', 0),
  ]
}

function files(said: readonly string[]): Question[] {
  const writes = said.filter((line) => line.startsWith('writes ')).map((line) => line.slice(7))
  const sees = said.filter((line) => line.startsWith('sees '))
  return [
    {
      what: 'it writes nothing but its temporary folder',
      isNeeded: true,
      isKept: writes.join() === '/tmp',
      how: 'files could be made in /tmp, which is bounded, and nowhere else',
      otherwise: writes.length === 0 ? 'no file could be made in /tmp' : `files could be made in ${writes.join(', ')}`,
    },
    {
      what: 'it reads nothing of the harness, of the user, or of other submissions',
      isNeeded: true,
      isKept: sees.length === 0,
      how: 'home folders, /var, /run and the project are not there',
      otherwise: `it ${sees.join(', ')}`,
    },
    {
      what: 'Node and Python as node and python3',
      isNeeded: false,
      isKept: said.includes('has node') && said.includes('has python3'),
      how: 'both are found in PATH',
      otherwise: `it lacks ${['node', 'python3'].filter((one) => !said.includes(`has ${one}`)).join(' and ')}`,
    },
  ]
}

function value(said: readonly string[], key: string): string | undefined {
  return said
    .find((line) => line.startsWith(key))
    ?.slice(key.length)
    .trim()
}
