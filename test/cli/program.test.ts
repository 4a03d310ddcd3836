import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { execa, execaSync } from 'execa'
import { expect, test } from 'vitest'

import { PROJECT } from '../lab-command.ts'

const PROGRAMS = join(PROJECT, 'labs/programs')
const files = readdirSync(PROGRAMS).filter((file) => /\.(ts|py)$/.test(file))

/** What starts Python programs. They write no compiled form beside themselves, and skip where there is no python3. */
const python = { command: 'python3', env: { PYTHONDONTWRITEBYTECODE: '1' } }
const noPython = execaSync(python.command, ['--version'], { reject: false }).exitCode === 0 ? null : 'no python3'

async function start(file: string, ...words: string[]) {
  const { command, env } = file.endsWith('.py') ? python : { command: process.execPath, env: {} }
  const path = join(PROGRAMS, file)
  const { exitCode, stdout, stderr } = await execa(command, [path, ...words], { reject: false, stdin: 'ignore', env })
  return { exitCode, stdout, stderr }
}

const refusal = (word: string) => ({
  exitCode: 2,
  stdout: '',
  stderr: `${word} is neither an address nor a port from 0 to 65535`,
})

test.for(files.filter((file) => file.endsWith('.ts')))(
  '%s answers a slip of the pen with one line, and opens nothing',
  async (file) => {
    expect(await start(file, '80a')).toEqual(refusal('80a'))
  },
)

test.skipIf(noPython).for(files.filter((file) => file.endsWith('.py')))(
  `%s answers a slip of the pen with one line, and opens nothing${noPython ? ` (skipped: ${noPython})` : ''}`,
  async (file) => {
    expect(await start(file, '80a')).toEqual(refusal('80a'))
  },
)

test('a number that is no port is a slip of the pen as well', async () => {
  expect(await start('server1.ts', '99999')).toEqual(refusal('99999'))
})

test('server1 also runs under tsx, on whatever Node that finds', async () => {
  const running = execa(join(PROJECT, 'node_modules/.bin/tsx'), [join(PROGRAMS, 'server1.ts'), '0'], { reject: false })
  let first = ''
  for await (const line of running) {
    first = line
    running.kill()
  }
  expect(JSON.parse(first)).toMatchObject({ event: 'listening', local: { address: '127.0.0.1' } })
})
