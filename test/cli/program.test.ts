import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { execa } from 'execa'
import { expect, test } from 'vitest'

import { PROJECT } from '../lab-command.ts'

const PROGRAMS = join(PROJECT, 'labs/programs')
const names = readdirSync(PROGRAMS)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))

test.for(names)('%s answers a slip of the pen with one line, and opens nothing', async (name) => {
  for (const words of [['99999'], ['80a']]) {
    const file = join(PROGRAMS, `${name}.ts`)
    const { exitCode, stdout, stderr } = await execa(process.execPath, [file, ...words], { reject: false })
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `${words[0]} is neither an address nor a port from 0 to 65535`,
    })
  }
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
