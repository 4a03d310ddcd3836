/** What is tried on the loopback network, held against what every Linux answers. */

import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

import { execa, execaSync } from 'execa'
import { describe, expect, test } from 'vitest'

import { listenOnce, whyUnreachable } from '../../harness/host/trial-sockets.ts'
import { PROJECT } from '../lab-command.ts'
import { namespaced, noNamespace } from '../namespace.ts'

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

const hasFilter = execaSync('nft', ['--version'], { reject: false }).exitCode === 0
const why = noNamespace ?? (hasFilter ? null : 'nft is not installed')

describe.skipIf(why)(`an address whose packets a filter keeps back${why === null ? '' : ` (skipped: ${why})`}`, () => {
  const table = `nft 'add table ip t; add chain ip t i { type filter hook input priority 0; }; add rule ip t i tcp flags & (syn|ack) == syn`
  const ask = (question: string) => `
    import { whyAbsent, whyUnreachable } from './harness/host/trial-sockets.ts'
    console.log(String(await ${question}('127.0.0.1', 'not there')))`

  test.each([
    ['reject with tcp reset', 'gives ECONNREFUSED'],
    ['drop', 'is not answered'],
  ])('is there, and is not reached: %s', async (verdict, said) => {
    const [file = '', ...args] = namespaced(`${table} ${verdict}'`)
    const tell = async (question: string) =>
      (
        await execa(file, [...args, process.execPath, '--input-type=module-typescript', '-e', ask(question)], {
          cwd: PROJECT,
        })
      ).stdout
    expect(await tell('whyAbsent')).toBe('null')
    expect(await tell('whyUnreachable')).toBe(`not there: connecting to 127.0.0.1 ${said}`)
  })

  // Taken down, it keeps its address and its routes, and whatever is sent there is lost.
  test.each([
    ['was never up', ['unshare', '-rn']],
    ['was taken down', namespaced('ip link set lo down')],
  ])('is absent where the interface %s', async (_, [file, ...args]) => {
    const asked = [...args, process.execPath, '--input-type=module-typescript', '-e', ask('whyAbsent')]
    expect((await execa(file ?? '', asked, { cwd: PROJECT })).stdout).toMatch(/^not there: /)
  })
})
