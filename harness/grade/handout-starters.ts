/** Starter programs: they run, say what they were told, and do nothing of the task yet. */

import type { RoleText } from '../domain/role.ts'
import type { HandedIn } from './examine-messages.ts'

export const LANGUAGES = ['python', 'node', 'c', 'sh'] as const

export type Language = (typeof LANGUAGES)[number]

export type Starter = { file: string; text: string; program: HandedIn }

/** @param address what the program is told in HOST. */
export function starterOf(language: Language, role: string, { title, task }: RoleText, address: string): Starter {
  const lines = [`${role}: ${title}.`, '', ...task.map((sentence, index) => `${index + 1}. ${sentence}`)]
  return STARTERS[language](role, lines, address)
}

type Write = (role: string, lines: readonly string[], address: string) => Starter

const STARTERS: Readonly<Record<Language, Write>> = {
  python: (role, lines, address) => ({
    file: `${role}.py`,
    program: { run: ['python3', `${role}.py`], build: null },
    text: `${commented(lines, '#')}
import os
import sys

port = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PORT", "8080"))
host = os.environ.get("HOST", "${address}")

print(f"${role} was told {host} and port {port}, and does nothing yet", flush=True)
`,
  }),

  // Without .mjs the package.json of a folder above would decide what kind of module it is.
  node: (role, lines, address) => ({
    file: `${role}.mjs`,
    program: { run: ['node', `${role}.mjs`], build: null },
    text: `${commented(lines, '//')}

import { argv, env } from 'node:process'

const port = Number(argv[2] ?? env.PORT ?? 8080)
const host = env.HOST ?? '${address}'

console.log(\`${role} was told \${host} and port \${port}, and does nothing yet\`)
`,
  }),

  c: (role, lines, address) => ({
    file: `${role}.c`,
    program: { run: [`./${role}`], build: ['cc', '-o', role, `${role}.c`] },
    text: `${commented(lines, '//')}

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    const char *told = argc > 1 ? argv[1] : getenv("PORT");
    int port = atoi(told ? told : "8080");
    const char *host = getenv("HOST") ? getenv("HOST") : "${address}";

    printf("${role} was told %s and port %d, and does nothing yet\\n", host, port);
    return 0;
}
`,
  }),

  sh: (role, lines, address) => ({
    file: `${role}.sh`,
    program: { run: ['sh', `${role}.sh`], build: null },
    text: `${commented(lines, '#')}

port=\${1:-\${PORT:-8080}}
host=\${HOST:-${address}}

echo "${role} was told $host and port $port, and does nothing yet"
`,
  }),
}

function commented(lines: readonly string[], sign: string): string {
  return lines.map((line) => `${sign} ${line}`.trimEnd()).join('\n')
}
