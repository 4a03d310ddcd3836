/** What the tables say of a port, and whose a socket on it is. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'

import { expect, test } from 'vitest'

import { allRowsOnPort, foreignRows, whyNotFresh } from '../../harness/run/rows.ts'
import type { StageContext } from '../../harness/run/stage-context.ts'

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

const LISTENER =
  "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })"

test.skipIf(none)(`a holder that is none of ours is a stranger, but in a network of its own${none}`, async () => {
  const other = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'inherit'] })
  const server = createServer().listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const [told] = (await once(other.stdout, 'data')) as [Buffer]
    const theirs = await allRowsOnPort(Number(String(told)), [other.pid as number])
    const own = await allRowsOnPort((server.address() as AddressInfo).port, [process.pid])
    expect([theirs, own].map((rows) => rows.map(({ holders }) => holders.length))).toEqual([[1], [1]])
    const nobodys = { pids: [], family: () => [] } as unknown as StageContext['cast']
    expect(foreignRows([...theirs, ...own], { cast: nobodys })).toEqual([...theirs, ...own])
    // Nobody else can be there. Only what an act has left behind in this process is no part of another act.
    expect(foreignRows([...theirs, ...own], { cast: nobodys, network: 'own' })).toEqual(own)
  } finally {
    other.kill()
    server.close()
  }
})
