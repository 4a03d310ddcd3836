/** How servers part from their clients: no client may lose what it was told, and none may hold a server up. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { execa } from 'execa'
import { describe, expect, onTestFinished, test } from 'vitest'

import { PROJECT } from '../lab-command.ts'
import { namespaced, noNamespace } from '../namespace.ts'

const program = (name: string) => join(PROJECT, `labs/programs/${name}.ts`)

/** Starts a program on a free port. Its client keeps its own end open when the server has closed, as nc does. */
async function meet(name: string): Promise<{ ended: Promise<unknown[]>; client: Socket; heard: string }> {
  const running = spawn(process.execPath, [program(name), '127.0.0.1', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void running.kill())
  const ended = once(running, 'exit')
  const [line] = (await once(running.stdout, 'data')) as [Buffer]
  const { port } = (JSON.parse(line.toString()) as { local: { port: number } }).local
  const client = createConnection({ host: '127.0.0.1', port, allowHalfOpen: true })
  onTestFinished(() => void client.destroy())
  let heard = ''
  client.on('data', (piece) => (heard += String(piece)))
  await once(client, 'end')
  return { ended, client, heard }
}

describe('a server that has greeted and closed', () => {
  test.for(['server1', 'listener', 'tcp-and-udp'])('%s still has its socket for what comes late', async (name) => {
    const { client, heard } = await meet(name)
    expect(heard).toMatch(new RegExp(`^${name}, process \\d+\\n$`))
    const errors: unknown[] = []
    client.on('error', (error) => errors.push(error))
    // A socket that was given up is answered for by the kernel, with a RST.
    client.write('late\n')
    await sleep(100)
    client.write('later\n')
    await sleep(100)
    expect({ errors, destroyed: client.destroyed }).toEqual({ errors: [], destroyed: false })
  })

  test('server1 ends as soon as its client has closed', async () => {
    const { ended, client } = await meet('server1')
    const since = performance.now()
    client.end()
    expect(await ended).toEqual([0, null])
    expect(performance.now() - since).toBeLessThan(900)
  })

  test('server1 ends also where its client keeps its end open', async () => {
    const { ended, client } = await meet('server1')
    expect(await ended).toEqual([0, null])
    expect(client.writable).toBe(true)
  })

  test('and is not brought down by a client that resets the connection', async () => {
    const { ended, client } = await meet('server1')
    client.resetAndDestroy()
    expect(await ended).toEqual([0, null])
  })
})

const noShortRto = existsSync('/proc/sys/net/ipv4/tcp_rto_min_us') ? null : 'Linux has tcp_rto_min_us since 6.11'
const why = noNamespace ?? noShortRto

describe.skipIf(why)(`a client that looks late, with no TIME-WAIT${why ? ` (skipped: ${why})` : ''}`, () => {
  async function dialLate(server: string[]): Promise<unknown> {
    const [unshare = '', ...setup] = namespaced()
    const client = [process.execPath, join(PROJECT, 'test/fixtures/late-client.ts')]
    return JSON.parse((await execa(unshare, [...setup, ...client, ...server])).stdout)
  }
  const ten = (result: unknown) => Array.from({ length: 10 }, () => result)

  test('hears who served it', async () => {
    const results = await dialLate([program('listener'), '127.0.0.1', '8080'])
    expect(results).toEqual(ten({ outcome: 'connected', local: true, heard: true }))
  })

  test('has been connected where a hasty server and the kernel reset it, and knows no more', async () => {
    const hasty = `require('net').createServer((client) => client.end('hello\\n', () => client.destroy()))
      .listen(8080, '127.0.0.1', () => console.log('up'))`
    expect(await dialLate(['-e', hasty])).toContainEqual({ outcome: 'connected', local: false, heard: false })
  })
})
