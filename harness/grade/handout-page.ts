/** README.md of the folder for students: what to do, what each program is given, and how to check oneself. */

import type { RoleBook } from '../catalog/roles.ts'
import type { LoadedLab } from '../domain/loaded-lab.ts'
import type { Starter } from './handout-starters.ts'
import { AUTHOR_ALLOWED, SUBMISSION_FILE } from './submission.ts'

export function tasksPage(
  labs: readonly LoadedLab[],
  { texts, roles }: RoleBook,
  starters: readonly (Starter & { role: string })[],
): string {
  const list = labs.map(({ id, narration }) => `- ${id}: ${narration.summary}`)
  const tasks = starters.map(({ role, file }) => {
    const acts = labs.filter(({ lab }) => Object.hasOwn(lab.roles ?? {}, role)).map(({ id }) => id)
    const { title = role, task = [] } = texts[role] ?? {}
    const given = `HOST is ${roles[role]?.address}. It has a part in ${acts.join(', ')}. Begin with \`${file}\`.`
    return `### ${role}: ${title}\n\n${task.map((one, index) => `${index + 1}. ${one}`).join('\n')}\n\n${given}\n`
  })
  return [
    '# Sockets: what you expect, and programs of your own\n',
    `${list.join('\n')}\n`,
    ...steps(starters.length > 0),
    ...(tasks.length > 0 ? [PROGRAMS, byHand(starters, roles), ...tasks] : []),
  ].join('\n')
}

function steps(hasPrograms: boolean): string[] {
  const predict = `Answer the questions of \`predictions.md\` in \`${SUBMISSION_FILE}\`.`
  const sentences = [
    `Write your id after \`author\` in \`${SUBMISSION_FILE}\`: ${AUTHOR_ALLOWED}.`,
    `${predict} An editor that knows JSON Schema offers the answers.`,
    ...(hasPrograms ? ['Write the programs below, in any language. Starters are there; they do nothing yet.'] : []),
    'Check yourself as said below. Then hand in this folder.',
  ]
  return [
    '## What to do\n',
    `${sentences.map((sentence, index) => `${index + 1}. ${sentence}`).join('\n')}\n`,
    CHECK_YOURSELF,
  ]
}

const CHECK_YOURSELF = `## Check yourself

In the folder of the socket labs:

\`\`\`sh
npm run grade -- path/to/this/folder
\`\`\`

It says for every question and every program what was seen, and what points it gives. Your answers are held against what
the machine does, not against a list. A machine of another system may do otherwise than the one on which you are graded.
`

const PROGRAMS = `## The programs

Each program takes the place of one of the lab's own. You say in \`${SUBMISSION_FILE}\` which command runs it, and which one
builds it if it has to be built. Both are started in this folder. No shell reads them: each word stands for itself.

- The port is the first argument, and the environment variable \`PORT\`. It is another one each time.
- The address is the environment variable \`HOST\`.
- A server serves one client and ends. Nobody tells it to.
- If a call is refused, for example because the address is in use, say so and end. That may be what the lab is about.

Nothing has to be printed in a certain form. What your program does is seen from outside: which sockets the system has,
who holds them, who served whom, and how it ended. What it prints is shown to you and gives no points.
`

/** How to try the first of the servers, with what most machines have. */
function byHand(starters: readonly (Starter & { role: string })[], roles: RoleBook['roles']): string {
  const first = starters.find(({ role }) => roles[role]?.part === 'server')
  if (!first) return ''
  const { address = '', protocol } = roles[first.role] ?? {}
  const { run, build } = first.program
  const dialled = { '0.0.0.0': '127.0.0.1', '::': '::1' }[address] ?? address
  const dial = `nc ${protocol === 'udp' ? '-u ' : ''}${dialled} 8080`
  const lines = [...(build ? [build.join(' ')] : []), `HOST=${address} ${run.join(' ')} 8080`]
  return `By hand, with a server in one terminal and a client in another one:

\`\`\`sh
${lines.join('\n')}
${dial} # in the other terminal
\`\`\`
`
}
