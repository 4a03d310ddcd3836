/** The step `scan`, in an act as a lab has it. */

import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import type { RunEvent } from '../../harness/domain/event.ts'
import { lab } from '../lab-command.ts'
import { noNamespace } from '../namespace.ts'

const LABS = { SOCKET_LABS_FOLDER: join(import.meta.dirname, '../fixtures/scans') }

async function tell(name: string) {
  const { exitCode, stdout } = await lab([name, '--report', 'ndjson'], { env: LABS })
  const events = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RunEvent]))
  return { exitCode, steps: events.flatMap((event) => (event.type === 'step' ? [event.step] : [])), stdout }
}

describe.skipIf(noNamespace)(`the step${noNamespace === null ? '' : ` (skipped: ${noNamespace})`}`, () => {
  test('records what a scan of all ports saw, and one of some', async () => {
    const { exitCode, steps } = await tell('01')
    expect(exitCode).toBe(0)
    expect(steps).toMatchObject([
      { kind: 'start' },
      {
        kind: 'scan',
        protocol: 'tcp',
        address: '127.0.0.1',
        saw: { from: 0, to: 65_535, open: [8080], closed: 65_535 },
      },
      { kind: 'scan', protocol: 'udp', address: '127.0.0.1', saw: { from: 8030, to: 8130, open: [], closed: 101 } },
    ])
  })

  test('is refused to an act in the network of the machine', async () => {
    const { exitCode, stdout } = await tell('02')
    expect(exitCode).toBe(3)
    expect(stdout).toContain("scan needs an act with network: 'own'")
  })
})
