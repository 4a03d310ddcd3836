import { expect, test } from 'vitest'

import { lab } from '../lab-command.ts'

test('--full says in one line that a lab has no long form, and the lab runs', async () => {
  const { exitCode, stderr, stdout } = await lab(['27', '--full', '--report', 'json'])
  expect(exitCode).toBe(0)
  expect(stderr).toBe('lab: 27-this-machine has no long form: --full changes nothing')
  expect(JSON.parse(stdout)).toMatchObject({ complete: true })
})
