/** Reads a report with Python's own parsers, where there is a Python: a second opinion by somebody else's code. */

import { execa } from 'execa'

/** Null where there is no python3, or it lacks the module. */
export async function askPython(modules: string[], code: string, input: string): Promise<unknown> {
  const imports = ['json', 'sys', ...modules].map((name) => `import ${name}\n`).join('')
  const { stdout } = await execa('python3', ['-c', imports + code], { input: new TextEncoder().encode(input) })
  return JSON.parse(stdout)
}

/** Whether `python3` is there and can import the modules. */
export async function hasPython(...modules: string[]): Promise<boolean> {
  const { exitCode } = await execa('python3', ['-c', modules.map((name) => `import ${name}`).join('\n')], {
    reject: false,
  })
  return exitCode === 0
}
