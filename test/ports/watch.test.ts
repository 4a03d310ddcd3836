/** Watches real sockets of this machine, and looks that are given by hand. */

import { describe, expect, test } from 'vitest'

import type { WatchEvent } from '../../harness/domain/ports-change.ts'
import type { Taken } from '../../harness/domain/ports-taken.ts'
import { glanceAtMachine, glanceAtTables } from '../../harness/ports/glance.ts'
import { looksAtMachine } from '../../harness/ports/take-machine.ts'
import type { WatchOptions } from '../../harness/ports/watch.ts'
import { watchPorts } from '../../harness/ports/watch.ts'
import { createLayout } from '../../harness/report/layout.ts'
import { watchJson, watchText } from '../../harness/report/ports-changes-watch.ts'
import { askSockDiag } from '../../harness/listing/sock-diag.ts'
import { connection, listen } from '../listing/real-sockets.ts'
import { taken } from './rows.ts'

const forever = new AbortController().signal

/** Each look is the next of these; the last one stays. */
function inTurn(looks: readonly (Taken | Error)[]): Pick<WatchOptions, 'look' | 'glance'> {
  let next = 0
  return {
    look() {
      const look = looks[Math.min(next, looks.length - 1)]
      next += 1
      if (look instanceof Error) throw look
      return look ?? taken([])
    },
    glance: null,
  }
}

async function watched(looks: readonly (Taken | Error)[], forMs = 100): Promise<WatchEvent[]> {
  const events: WatchEvent[] = []
  for await (const event of watchPorts({ ...inTurn(looks), signal: forever, forMs, everyMs: 5 })) events.push(event)
  return events
}

const kinds = (events: readonly WatchEvent[]) => events.map(({ kind }) => kind).filter((kind) => kind !== 'slower')

const A = 'tcp 0.0.0.0 80 httpd/5'

describe('a watch', () => {
  test('is quiet where nothing changes', async () => {
    expect(kinds(await watched([taken([A])]))).toEqual(['begun', 'ended'])
  })

  test('tells each change once', async () => {
    const events = await watched([taken([A]), taken([A, 'udp 127.0.0.1 53 named/7']), taken([]), taken([])])
    expect(kinds(events)).toEqual(['begun', 'opened', 'closed', 'closed', 'ended'])
  })

  test('looks twice before it calls something closed', async () => {
    expect(kinds(await watched([taken([A]), taken([]), taken([A])]))).toEqual(['begun', 'ended'])
  })

  test('says that a look failed, once in a row, and goes on', async () => {
    const broken = new Error('the tables are gone')
    const events = await watched([taken([]), broken, broken, broken, taken([A])])
    expect(kinds(events)).toEqual(['begun', 'unseen', 'opened', 'ended'])
  })

  test('counts clients, and does not tell them', async () => {
    const events = await watched([taken([]), taken(['udp 0.0.0.0 40000 dig/3']), taken([])])
    expect(kinds(events)).toEqual(['begun', 'ended'])
    expect(events.at(-1)).toMatchObject({ clients: 1, changes: 0 })
  })

  test('ends when it is told to', async () => {
    const controller = new AbortController()
    const events: WatchEvent[] = []
    for await (const event of watchPorts({ ...inTurn([taken([A])]), signal: controller.signal, forMs: null })) {
      events.push(event)
      controller.abort()
    }
    expect(kinds(events)).toEqual(['begun', 'ended'])
  })

  test('is told in plain lines with times, or as one object a line', async () => {
    const events = await watched([taken([]), taken(['tcp 0.0.0.0 23 telnetd/5/root'])])
    const opened = events.find(({ kind }) => kind === 'opened')!
    const layout = createLayout({ columns: undefined, color: false })
    expect(watchText(layout, opened)).toMatch(
      /^\d\d:\d\d:\d\d opened TCP 23 \(telnetd\), process 5 of root, from other/,
    )
    expect(events.map((event) => JSON.parse(watchJson(event)) as WatchEvent)).toEqual(events)
    expect(events.every((event) => watchJson(event).trimEnd().split('\n').length === 1)).toBe(true)
  })
})

test.skipIf(process.platform !== 'linux')('sees a real listener open and close', async () => {
  const controller = new AbortController()
  const told: string[] = []
  let port = 0
  let close = () => {}
  const limit = setTimeout(() => controller.abort(), 15_000)
  for await (const event of watchPorts({
    ...looksAtMachine(null),
    signal: controller.signal,
    forMs: null,
    everyMs: 50,
  })) {
    if (event.kind === 'begun') {
      const opened = await listen({ host: '127.0.0.1', port: 0 })
      port = opened.port
      close = () => opened.server.close()
    }
    // Others open and close their ports meanwhile.
    if ((event.kind !== 'opened' && event.kind !== 'closed') || event.unit.port !== port) continue
    told.push(`${event.kind} ${event.unit.processes.map(({ pid }) => pid).join()} ${event.unit.reach.kind}`)
    if (event.kind === 'opened') close()
    else controller.abort()
  }
  clearTimeout(limit)
  expect(told).toEqual([`opened ${process.pid} this-machine`, `closed ${process.pid} this-machine`])
})

test.skipIf(process.platform !== 'linux')(
  'a glance differs when a socket comes, also where another had its place',
  async () => {
    const before = glanceAtTables()
    const { server, port } = await listen({ host: '127.0.0.1', port: 0 })
    const hex = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `
    const line = glanceAtTables()
      ?.split('\n')
      .find((one) => one.startsWith(hex))
    expect(before).not.toContain(hex)
    expect(line).toBeDefined()
    await new Promise((resolve) => {
      server.close(resolve)
    })
    await listen({ host: '127.0.0.1', port })
    const again = glanceAtTables()
      ?.split('\n')
      .find((one) => one.startsWith(hex))
    expect(again).toBeDefined()
    expect(again).not.toBe(line)
  },
)

test.skipIf(process.platform !== 'linux')('the kernel is asked for what waits, and for nothing else', async () => {
  const { server, port } = await listen({ host: '127.0.0.1', port: 0 })
  await connection(server, port, '127.0.0.1')
  expect(await glanceAtMachine()).toContain(port.toString())
  const sockets = (await askSockDiag({ onlyWaiting: true })) ?? []
  expect(sockets.every(({ row: one }) => one.peer === null && (one.protocol === 'udp' || one.state === 'LISTEN'))).toBe(
    true,
  )
})

test('no glance where there are no tables', () => {
  expect(glanceAtTables('/nowhere')).toBeNull()
})
