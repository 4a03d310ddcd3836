/** What was not there, or was in somebody else's hands: files, processes, memory, time, ports. */

import type { KnownCause } from './known-cause.ts'
import { always } from './known-cause.ts'
import { fewPorts, NO_FREE_PORT } from './settings-ports.ts'
import { anyOf, refused, says } from './symptoms.ts'

const SHOWN = { kind: 'resource', ground: 'shown', reach: 'everywhere' } as const

export const RESOURCES: readonly KnownCause[] = [
  {
    ...SHOWN,
    id: 'stranger-on-the-port',
    symptom: says(/outside this lab holds port|who is no program of this lab|^port \d+ cannot be used: .* uses it/),
    found: always('Another program of this machine has the port'),
    explains: 'Its answers would have been told as those of the experiment, so the act was given up.',
    remedy: 'See who it is with: npm run ports -- --who PORT. Then end it, or choose another port with --port.',
    source: null,
  },
  {
    ...SHOWN,
    id: 'no-file-left',
    symptom: anyOf(refused(['EMFILE']), says(/no further file \(EMFILE\)|\bEMFILE\b/)),
    found: ({ openFiles }) =>
      openFiles === null
        ? 'A process ran out of descriptors'
        : `A process ran out of descriptors: it may have ${openFiles.soft} open files`,
    explains:
      'Each socket and each pipe to a program is an open file. Beyond the limit socket(2) and open(2) answer EMFILE.',
    remedy: 'ulimit -n 4096',
    source: 'getrlimit(2), RLIMIT_NOFILE',
  },
  {
    ...SHOWN,
    id: 'no-file-left-on-the-system',
    symptom: anyOf(refused(['ENFILE']), says(/\bENFILE\b/)),
    found: always('The system ran out of open files'),
    explains: 'All processes together have as many files open as fs.file-max allows.',
    remedy: 'End what holds them, or raise fs.file-max.',
    source: "the kernel's fs.rst, file-max",
  },
  {
    ...SHOWN,
    id: 'no-process-left',
    symptom: anyOf(refused(['EAGAIN'], { call: 'unknown' }), says(/\bEAGAIN\b/)),
    found: always('No further process could be started'),
    explains:
      'fork(2) answers EAGAIN where a user, or the control group of a container, has as many processes as it may.',
    remedy: 'See ulimit -u and the pids.max of the control group.',
    source: "fork(2); getrlimit(2), RLIMIT_NPROC; the kernel's cgroup-v2.rst, pids.max",
  },
  {
    ...SHOWN,
    id: 'no-memory-left',
    symptom: anyOf(refused(['ENOMEM', 'ENOBUFS']), says(/\bENOMEM\b|\bENOBUFS\b/)),
    found: always('The system had no memory for it'),
    explains: 'Processes and sockets need memory of the kernel, which may be limited for a container too.',
    remedy: 'See free -m, the memory.max of the control group, and net.ipv4.tcp_mem.',
    source: 'fork(2); socket(2), ENOBUFS; tcp(7), tcp_mem',
  },
  {
    ...SHOWN,
    id: 'killed-from-outside',
    symptom: says(/ended by SIGKILL before/),
    found: always('A program of the lab was ended by SIGKILL, and not by the harness'),
    explains:
      'The kernel does that where memory runs out. A supervisor of a container or a batch system may do it too.',
    remedy: 'dmesg tells of it where memory was short.',
    source: "signal(7); the kernel's cgroup-v2.rst, memory.events",
  },
  {
    ...SHOWN,
    id: 'disk-is-full',
    symptom: anyOf(refused(['ENOSPC', 'EDQUOT', 'EROFS']), says(/\bENOSPC\b|\bEDQUOT\b|\bEROFS\b/)),
    found: always('A file could not be written'),
    explains: 'A few experiments keep files in the folder for temporary ones while they run.',
    remedy: 'Set TMPDIR to a folder in which there is room.',
    source: 'write(2); open(2)',
  },
  {
    ...SHOWN,
    id: 'interrupted',
    symptom: says(/^interrupted by SIG/),
    found: always('The run was interrupted'),
    explains: 'What had not been done by then was not observed.',
    remedy: 'Run it again.',
    source: null,
  },
  {
    ...SHOWN,
    id: 'ports-are-all-taken',
    ground: 'possible',
    reach: 'machine-network',
    symptom: NO_FREE_PORT,
    found: (machine) => (fewPorts(machine) === null ? 'The system found no free port to give' : null),
    explains:
      'Connections of other programs, and those that they have left in TIME-WAIT, hold ports of the range from which the system gives them.',
    remedy: 'See what holds them with: ss -tan. TIME-WAIT ends within a minute.',
    source: 'connect(2), EADDRNOTAVAIL; ip(7), ip_local_port_range',
  },
]

/** The last thing to think of: what was waited for often did not come for another reason. */
export const TIME: readonly KnownCause[] = [
  {
    ...SHOWN,
    id: 'time-was-up',
    ground: 'possible',
    symptom: says(/took longer than [\d.]+ s|^waited \d+ ms for|no byte came and no table shows/),
    found: ({ cores }) => `A time limit was reached, on ${cores === 1 ? 'one core' : `${cores} cores`}`,
    explains:
      'What was waited for came too late, or not at all. The limits are many times what a calm machine needs, and stretch where programs start slowly.',
    remedy: 'Run it again while the machine has less to do, with --jobs 1, or with a longer --timeout.',
    source: null,
  },
]
