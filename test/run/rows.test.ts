/** What the tables say of a port that nobody has open. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'

import { expect, test } from 'vitest'

import { whyNotFresh } from '../../harness/run/rows.ts'

const none = existsSync('/proc/net/tcp') ? '' : ' (skipped: no /proc/net/tcp)'

test.skipIf(none)(`a port has a past once its server has closed a connection${none}`, async () => {
  const server = createServer((accepted) => accepted.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  client.resume()
  await once(client, 'close')
  server.close()
  await once(server, 'close')
  // Who closes first waits: RFC 9293, section 3.6.1.
  expect(await whyNotFresh(port)).toBe('connections of before are left on it')
  // The number of tcpmux, which nobody serves and no client is given.
  expect(await whyNotFresh(1)).toBeNull()
})
