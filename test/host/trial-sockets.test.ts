/** What is tried on the loopback network, held against what every Linux answers. */

import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

import { expect, test } from 'vitest'

import { listenOnce, whyUnreachable } from '../../harness/host/trial-sockets.ts'

test('a client reaches 127.0.0.1', async () => {
  expect(await whyUnreachable('127.0.0.1', 'not there')).toBeNull()
})

test('an address of another host is told by the error of bind(2)', async () => {
  // RFC 5737: no host has it.
  const why = 'not there: listening on 203.0.113.1 gives EADDRNOTAVAIL'
  expect(await whyUnreachable('203.0.113.1', 'not there')).toBe(why)
})

test('a port that somebody has is told, and another one is not taken instead', async () => {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await listenOnce({ host: '127.0.0.1', port })).toBe('EADDRINUSE')
  server.close()
  expect(await listenOnce({ host: '127.0.0.1' })).toBeNull()
})
