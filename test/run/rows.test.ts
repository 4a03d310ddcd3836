/** What the tables say of a port that nobody has open. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'

import { expect, test } from 'vitest'

import { whyNotFresh } from '../../harness/run/rows.ts'

const noTables = existsSync('/proc/net/tcp') ? '' : ' (skipped: no /proc/net/tcp)'

test.skipIf(noTables)(
  `a port whose server closed a connection has a past, one that nobody had has none${noTables}`,
  async () => {
    const server = createServer((accepted) => accepted.end())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const client = connect(port, '127.0.0.1')
    client.resume()
    await once(client, 'close')
    server.close()
    await once(server, 'close')
    // Who closes first waits: RFC 9293, section 3.6.1.
    expect(await whyNotFresh(port)).toBe('connections of before are left on it')

    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const unused = (other.address() as AddressInfo).port
    other.close()
    await once(other, 'close')
    expect(await whyNotFresh(unused)).toBeNull()
  },
)
