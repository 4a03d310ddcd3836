import { describe, expect, it, test } from 'vitest'

import type { StepKind } from '../../harness/domain/evidence.ts'
import type { Started } from '../../harness/domain/observation.ts'
import type { Asked } from '../../harness/domain/program-event.ts'
import { territoryOf } from '../../harness/report/html/sockets-held.ts'
import { panelsOf } from '../../harness/report/html/sockets-panels.ts'
import { socketPicture } from '../../harness/report/html/sockets.ts'
import { connected, ended, listed, refused, row, started } from '../labs/evidence.ts'
import { actOf, readDrawing, recordedActs } from './drawn.ts'

const asking = (address: string, over: Partial<Asked> = {}): Asked => ({
  protocol: 'tcp',
  address,
  port: 8080,
  listens: true,
  ipv6Only: false,
  reusePort: false,
  reuseAddr: false,
  ...over,
})
const start = (saw: Started): StepKind => ({ kind: 'start', program: saw.program, args: [], asAnotherUser: false, saw })
const listens = (program: string, address: string, over: Partial<Asked> = {}) =>
  started(program, address, { asked: asking(address, over) })
const inUse = (program: string, address: string, holder: Started): Started =>
  started(program, address, {
    outcome: 'EADDRINUSE',
    local: null,
    protocol: null,
    asked: asking(address),
    rows: holder.rows,
    error: { code: 'EADDRINUSE', errno: -98, syscall: 'listen', address, port: 8080, message: 'in use' },
  })
const stop = (saw: Started): StepKind => ({ kind: 'stop', program: saw.program, pid: saw.pid, saw: ended(saw) })
const connect = (saw: ReturnType<typeof connected>): StepKind => ({ kind: 'connect', ...saw.to, saw })
const draw = (...steps: StepKind[]) => readDrawing(socketPicture(actOf(steps)))
const panels = (...steps: StepKind[]) => panelsOf(territoryOf(actOf(steps)))
const heldIn = (...steps: StepKind[]) => territoryOf(actOf(steps)).held

describe('the picture of the sockets', () => {
  it('has a layer for each protocol: the same number over TCP and UDP are two places', () => {
    const udp = started('server2', '127.0.0.1', { protocol: 'udp', outcome: 'bound', rows: [] })
    const { words } = draw(start(listens('server1', '127.0.0.1')), start(udp))
    expect([words.includes('TCP port 8080'), words.includes('UDP port 8080')]).toEqual([true, true])
  })

  it.each([
    ['127.0.0.2', {}, ['127.0.0.2']],
    ['0.0.0.0', {}, ['127.0.0.1', 'IPv4']],
    ['::', { ipv6Only: true }, ['::1', 'IPv6']],
    ['::', {}, ['127.0.0.1', 'IPv4', '::1', 'IPv6']],
  ] as const)('lets a socket on %s %o hold %o', (address, options, covered) => {
    const client = (to: string) => connect(connected(to, 'nobody', { servedBy: null }))
    const [panel] = panels(start(listens('server', address, options)), client('127.0.0.1'), client('::1'))
    const [placed] = panel?.placed ?? []
    const columns = panel?.columns
      .map((column) => column.address ?? column.family)
      .slice(placed?.span[0], (placed?.span[1] ?? 0) + 1)
    expect(columns).toEqual(covered)
  })

  it('takes what was seen for true, where the program only asked', () => {
    const dual = listens('server7', '::')
    expect(heldIn(start(dual), connect(refused('127.0.0.1')))).toMatchObject([{ takesIPv4: false, until: null }])
    const unknown = started('late.py', '::')
    expect(heldIn(start(unknown))).toMatchObject([{ takesIPv4: null }])
    expect(
      heldIn(
        start(unknown),
        connect(connected('127.0.0.1', 'late.py', { servedBy: { program: 'late.py', pid: unknown.pid } })),
      ),
    ).toMatchObject([{ takesIPv4: true }])
    const list: StepKind = {
      kind: 'list',
      port: 8080,
      saw: listed([row({ local: { address: '::', port: 8080 }, takesIPv4: false })]),
    }
    expect(heldIn(start(unknown), list)).toMatchObject([{ takesIPv4: false }])
  })

  it('draws who found no place as a frame over the addresses that were wanted, with who held them', () => {
    const first = listens('server6', '0.0.0.0')
    const steps = [start(first), start(inUse('server4', '127.0.0.2', first)), start(inUse('server7', '::', first))]
    const [panel] = panels(...steps)
    expect(panel?.refusals.map(({ span }) => span)).toEqual([
      [0, 0],
      [0, 2],
    ])
    const drawn = draw(...steps)
    expect(drawn.kindsOf('rect').filter((kind) => kind === 'd-refused')).toHaveLength(2)
    expect(drawn.words).toContain(`held by server6 (${first.pid})`)
  })

  it('does not blame the holder over the other protocol', () => {
    const first = listens('server1', '127.0.0.1')
    const udp = row({ protocol: 'udp', holders: [{ pid: 77, command: 'other', fd: 3 }] })
    const second = inUse('server2', '127.0.0.1', { ...first, rows: [...first.rows, udp] })
    expect(territoryOf(actOf([start(first), start(second)])).refusals).toMatchObject([
      { holders: [`server1 (${first.pid})`] },
    ])
  })

  it('puts a group that shares one place side by side, and one after the other at the same side', () => {
    const group = ['a', 'b', 'c'].map((name) => listens(name, '127.0.0.1', { reusePort: true }))
    const [a, b, c] = group as [Started, Started, Started]
    expect(panels(...group.map(start))[0]?.placed.map(({ track, tracks }) => [track, tracks])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ])
    expect(
      panels(start(a), stop(a), start(b), stop(b), start(c))[0]?.placed.map(({ track, tracks }) => [track, tracks]),
    ).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ])
  })

  it('knows a listener for gone where another one listens at its place without SO_REUSEPORT', () => {
    expect(heldIn(start(listens('a', '127.0.0.1')), start(listens('b', '127.0.0.1')))).toMatchObject([
      { until: 1.5 },
      { until: null },
    ])
    const shared = { reusePort: true }
    expect(heldIn(start(listens('a', '127.0.0.1', shared)), start(listens('b', '127.0.0.1', shared)))).toMatchObject([
      { until: null },
      { until: null },
    ])
  })

  it('keeps a socket for as long as any process has it open', () => {
    const parent = listens('parent', '127.0.0.1')
    const both = [
      { pid: parent.pid, command: 'parent', fd: 3 },
      { pid: 999, command: 'child', fd: 3 },
    ]
    const list: StepKind = {
      kind: 'list',
      port: 8080,
      saw: listed([row({ local: { address: '127.0.0.1', port: 8080 }, holders: both })]),
    }
    expect(heldIn(start(parent), list, stop(parent))).toMatchObject([
      { until: null, holders: [{ left: 3 }, { pid: 999, left: null }] },
    ])
    expect(heldIn(start(parent), stop(parent))).toMatchObject([{ until: 2 }])
  })

  it('takes a socket for gone that a listing of its port no longer shows, or where a client is refused', () => {
    const server = listens('server', '127.0.0.1')
    const empty: StepKind = { kind: 'list', port: 8080, saw: listed([]) }
    expect(heldIn(start(server), empty)).toMatchObject([{ until: 2 }])
    expect(heldIn(start(server), { ...empty, port: 9 })).toMatchObject([{ until: null }])
    expect(heldIn(start(server), connect(refused('127.0.0.1')))).toMatchObject([{ until: 1.5 }])
  })

  it('does not take a refusal for the end of a listener once a filter may refuse', () => {
    const filter: StepKind = {
      kind: 'run',
      onNeighbour: false,
      saw: { command: 'nft add rule x', exitCode: 0, printed: [], timedOut: false },
    }
    expect(heldIn(start(listens('server', '127.0.0.1')), filter, connect(refused('127.0.0.1')))).toMatchObject([
      { until: null },
    ])
  })

  it('does not miss a socket that is bound and listens later', () => {
    const bound = started('bound', '127.0.0.1', { outcome: 'bound', rows: [] })
    const proceed: StepKind = {
      kind: 'proceed',
      program: 'bound',
      pid: bound.pid,
      saw: { ...bound, outcome: 'listening' },
    }
    expect(heldIn(start(bound), { kind: 'list', port: 8080, saw: listed([]) }, proceed)).toMatchObject([
      { from: 1, listensFrom: 3, until: null },
    ])
    expect(draw(start(bound), proceed).words).toContain('bound, does not listen')
  })

  it('shows where clients arrived and where nobody was', () => {
    const server = listens('server4', '127.0.0.2')
    const drawn = draw(
      start(server),
      connect(connected('127.0.0.2', 'server4', { servedBy: { program: 'server4', pid: server.pid } })),
      connect(refused('127.0.0.4')),
    )
    expect(drawn.kindsOf('circle')).toEqual(['d-hit', 'd-miss'])
    expect([drawn.words.includes('from :50123'), drawn.words.includes('refused')]).toEqual([true, true])
  })

  it('shows a client whose own end was taken at that port, and not where it wanted to go', () => {
    const [to, taken] = [listens('a', '127.0.0.1'), listens('b', '127.0.0.1', { port: 9000 })]
    taken.local = { address: '127.0.0.1', port: 9000 }
    taken.rows = []
    const attempt: StepKind = {
      kind: 'connect',
      address: '127.0.0.1',
      port: 8080,
      from: { address: '127.0.0.1', port: 9000 },
      saw: refused('127.0.0.1', 'EADDRINUSE'),
    }
    const found = panels(start(to), start(taken), attempt)
    expect(found.map(({ port, refusals, arrivals }) => [port, refusals.length, arrivals.length])).toEqual([
      [8080, 0, 0],
      [9000, 1, 0],
    ])
  })

  it('draws an end that two connections share once', () => {
    const end = (port: number) => ({ address: '127.0.0.1', port })
    const holders = [{ pid: 5, command: 'client', fd: 3 }]
    const rows = [8080, 8081].map((port) => row({ local: end(9000), peer: end(port), state: 'ESTABLISHED', holders }))
    const drawn = draw({ kind: 'list', port: 'all', saw: listed(rows) })
    expect(drawn.words.match(/127\.0\.0\.1:9000/g)).toHaveLength(1)
    expect(drawn.kindsOf('path')).toEqual(['d-arrow', 'd-arrow'])
  })

  it('knows of a connection in TIME-WAIT that no process has it', () => {
    const end = (port: number) => ({ address: '127.0.0.1', port })
    const over = { local: end(9000), peer: end(8080) }
    const open = row({ ...over, state: 'ESTABLISHED', holders: [{ pid: 5, command: 'client', fd: 3 }] })
    const lists = [open, row({ ...over, state: 'TIME-WAIT' })].map((one): StepKind => ({
      kind: 'list',
      port: 9000,
      saw: listed([one]),
    }))
    const drawn = draw(...lists)
    expect([drawn.words.includes('no process, TIME-WAIT'), drawn.isDrawn('d-back')]).toEqual([true, true])
  })

  it('is nothing where no socket was seen', () => {
    expect(socketPicture(actOf([connect(refused('127.0.0.1'))]))).toBe('')
    expect(socketPicture(actOf([]))).toBe('')
  })

  it('says the same in words', () => {
    const first = listens('server1', '127.0.0.1')
    const { text } = draw(start(first), start(inUse('server2', '127.0.0.1', first)), stop(first))
    expect(text).toContain(`TCP 127.0.0.1:8080: server1 (${first.pid}), listens, from step 1 until step 3.`)
    expect(text).toMatch(/server2 \(\d+\) was refused TCP 127\.0\.0\.1:8080: EADDRINUSE, held by server1/)
  })

  it('escapes what programs are called', () => {
    const hostile = '"><script>&\u0001'
    const drawn = readDrawing(
      socketPicture(actOf([start(started(hostile, '127.0.0.1'))], { lab: hostile, title: hostile })),
    )
    expect(drawn.tags.some(({ name }) => name === 'script')).toBe(false)
  })
})

test('two acts and two drawings on one page share no name', () => {
  const acts = recordedActs().slice(0, 6)
  expect(readDrawing(...acts.map((act) => socketPicture(act))).ids.size).toBe(12)
})

describe('of every recorded act', () => {
  test.each(recordedActs().map((act) => ({ name: `${act.header.lab} ${act.header.act}`, act })))(
    '$name: every socket, refusal and arrival at one is in the words',
    ({ act }) => {
      const { held, refusals } = territoryOf(act)
      const drawing = socketPicture(act)
      if (drawing === '') return expect([held, refusals]).toEqual([[], []])
      const { text } = readDrawing(drawing)
      for (const { local, holders } of held) {
        expect(text).toContain(`:${local.port}`)
        for (const { pid } of holders) expect(text).toContain(String(pid))
      }
      // On a phone the same frames stand closer.
      const [wide, narrow] = [readDrawing(drawing), readDrawing(socketPicture(act, undefined, 'phone'))]
      expect(narrow.valuesOf('data-held')).toEqual(wide.valuesOf('data-held'))
      expect(narrow.valuesOf('data-refused')).toEqual(wide.valuesOf('data-refused'))
      for (const { who, code } of refusals) expect([text.includes(who), text.includes(code)]).toEqual([true, true])
    },
  )
})
