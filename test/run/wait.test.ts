/** Waiting: what has come counts, also where this process had no turn to read it in time. */
import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { Inconclusive } from '../../harness/domain/inconclusive.ts'
import { waitFor } from '../../harness/process/wait.ts'

const never = new AbortController().signal
const LIMIT_MS = 100

test('a datagram that came in time is no wait in vain', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  let heard: string | undefined
  socket.on('message', (message) => (heard = String(message)))
  const waited = waitFor(() => heard, { limitMs: LIMIT_MS, signal: never, what: 'a datagram' })
  // Nothing else happens in this process for longer than the limit.
  spawnSync('bash', ['-c', `printf news > /dev/udp/127.0.0.1/${socket.address().port}; sleep 0.4`])
  expect(await waited).toBe('news')
  socket.close()
})

test('what never comes is a wait in vain, and says for what', async () => {
  const waited = waitFor(() => undefined, { limitMs: LIMIT_MS, signal: never, what: 'nothing at all' })
  await expect(waited).rejects.toThrow(new Inconclusive('waited 100 ms for nothing at all'))
})
