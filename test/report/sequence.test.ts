import { describe, expect, it, test } from 'vitest'

import type { StepKind } from '../../harness/domain/evidence.ts'
import type { Started } from '../../harness/domain/observation.ts'
import { sequenceDiagram } from '../../harness/report/html/sequence.ts'
import { connected, ended, listed, refused, row, started, tally } from '../labs/evidence.ts'
import { actOf, readDrawing, recordedActs } from './drawn.ts'

const start = (saw: Started, over: { onNeighbour?: boolean; asAnotherUser?: boolean } = {}): StepKind => ({
  kind: 'start',
  program: saw.program,
  args: [],
  asAnotherUser: false,
  ...over,
  saw,
})
const connect = (saw: ReturnType<typeof connected>): StepKind => ({ kind: 'connect', ...saw.to, saw })
const draw = (...steps: StepKind[]) => readDrawing(sequenceDiagram(actOf(steps)))

const server = started('server1', '127.0.0.1')
const sent = {
  outcome: 'received' as const,
  to: { address: '127.0.0.1', port: 8080 },
  local: { address: '127.0.0.1', port: 50_001 },
  text: 'timmy',
  heard: 'got it',
  receivedBy: { program: 'server2', pid: 5 },
  seenByServer: { text: 'timmy', peer: { address: '127.0.0.1', port: 50_001 } },
}

describe('a sequence diagram', () => {
  it('has a lane with name and pid for each process, and one for the kernel', () => {
    const { words } = draw(start(server))
    expect(words).toContain(`server1 process ${server.pid}`)
    expect(words).toContain('kernel')
    expect(words).not.toContain('one after another')
  })

  it('draws a server that listens as an arrow to the kernel and a thick line', () => {
    const drawn = draw(start(server))
    expect(drawn.words).toContain('socket at TCP 127.0.0.1:8080')
    expect(drawn.isDrawn('d-listens')).toBe(true)
    expect(drawn.isDrawn('d-bounce')).toBe(false)
  })

  it('tells the calls and options of a program that says what it asked for', () => {
    const asked = {
      protocol: 'tcp' as const,
      address: '127.0.0.1',
      port: 8080,
      listens: true,
      ipv6Only: false,
      reusePort: true,
      reuseAddr: false,
    }
    expect(draw(start({ ...server, asked })).words).toContain('bind TCP 127.0.0.1:8080 with SO_REUSEPORT, listen')
  })

  it('lets a refused bind come back from the kernel, with who holds the place', () => {
    const second = started('server2', '127.0.0.1', {
      outcome: 'EADDRINUSE',
      local: null,
      protocol: null,
      rows: [row({ holders: [{ pid: server.pid, command: 'x', fd: 3 }] })],
      error: { code: 'EADDRINUSE', errno: -98, syscall: 'bind', address: '127.0.0.1', port: 8080, message: 'in use' },
    })
    const drawn = draw(start(server), start(second))
    expect(drawn.words).toContain(`refused: EADDRINUSE, held by server1 (${server.pid})`)
    expect(drawn.kindsOf('path').filter((kind) => kind === 'd-bounce')).toHaveLength(1)
  })

  it('blames no kernel for what was refused before any system call', () => {
    const error = {
      code: 'ERR_SOCKET_BAD_PORT',
      errno: null,
      syscall: null,
      address: null,
      port: null,
      message: 'too large',
    }
    const drawn = draw(
      start(
        started('big', '127.0.0.1', { outcome: 'ERR_SOCKET_BAD_PORT', local: null, protocol: null, rows: [], error }),
      ),
    )
    expect(drawn.words).toContain('refused before any system call: too large')
    expect(drawn.isDrawn('d-bounce')).toBe(false)
  })

  it('draws a connection that was accepted with a full point, and one that was not with an open one', () => {
    const by = { servedBy: { program: 'server1', pid: server.pid } }
    const accepted = draw(start(server), connect(connected('127.0.0.1', 'server1', by)))
    expect([accepted.isDrawn('d-tip-open'), accepted.words.includes('accepted')]).toEqual([false, true])
    const waiting = draw(start(server), connect(connected('127.0.0.1', 'x', { servedBy: null, seenByServer: null })))
    expect([waiting.isDrawn('d-tip-open'), waiting.words.includes('no program has accepted it yet')]).toEqual([
      true,
      true,
    ])
  })

  it('tells what the server sees where that differs from the client, as over an IPv4-mapped address', () => {
    const saw = connected('127.0.0.1', 'server1', {
      servedBy: { program: 'server1', pid: server.pid },
      seenByServer: {
        local: { address: '::ffff:127.0.0.1', port: 8080 },
        peer: { address: '::ffff:127.0.0.1', port: 50_123 },
      },
    })
    expect(draw(start(server), connect(saw)).words).toContain('the server sees [::ffff:127.0.0.1]:50123')
  })

  test.each([
    ['ECONNREFUSED', 'refused: ECONNREFUSED'],
    ['EHOSTUNREACH', 'unreachable: EHOSTUNREACH'],
    ['EINVAL', 'the system answered EINVAL'],
  ] as const)('a client that gets %s bounces', (outcome, words) => {
    const drawn = draw(connect(refused('127.0.0.1', outcome)))
    expect([drawn.isDrawn('d-bounce'), drawn.words.includes(words)]).toEqual([true, true])
  })

  it('lets an attempt fade to which nobody answers', () => {
    const drawn = draw(connect(refused('127.0.0.1', 'timed-out')))
    expect([drawn.isDrawn('d-fade-3'), drawn.isDrawn('d-bounce'), drawn.isDrawn('d-tip')]).toEqual([true, false, false])
    expect(drawn.words).toContain('no answer')
  })

  it('draws a datagram and its answer, a refused one, and silence', () => {
    const send = (
      saw: typeof sent | (Omit<typeof sent, 'outcome'> & { outcome: 'silent' | 'ECONNREFUSED' }),
    ): StepKind => ({ kind: 'send', ...saw.to, text: saw.text, saw })
    const receiver = started('server2', '127.0.0.1', { pid: 5, protocol: 'udp', outcome: 'bound' })
    const answered = draw(start(receiver), send(sent))
    expect(answered.words).toContain('send &quot;timmy&quot; to 127.0.0.1:8080 from 127.0.0.1:50001')
    expect([answered.words.includes('answers &quot;got it&quot;'), answered.isDrawn('d-back')]).toEqual([true, true])
    const nobody = { ...sent, heard: '', receivedBy: null as never, seenByServer: null as never }
    expect(draw(send({ ...nobody, outcome: 'ECONNREFUSED' })).isDrawn('d-bounce')).toBe(true)
    expect(draw(send({ ...nobody, outcome: 'silent' })).isDrawn('d-fade-3')).toBe(true)
  })

  it('draws who met himself as a loop', () => {
    expect(draw(connect(connected('127.0.0.1', 'x', { metItself: true }))).words).toContain('connected to itself')
  })

  it('draws the ends of processes, by themselves and by signals', () => {
    const { pid, program } = server
    expect(draw(start(server), { kind: 'ended', program, pid, saw: ended(server) }).words).toContain(
      'ends, exit code 0',
    )
    const killed = draw(start(server), {
      kind: 'kill',
      program,
      pid,
      saw: ended(server, { exitCode: null, signal: 'SIGKILL' }),
    })
    expect(killed.words).toContain(`kill -9 ${pid}: ends, by SIGKILL`)
  })

  it('shows who stands still, and that a connection then comes to the kernel alone', () => {
    const { pid, program } = server
    const client = started('client', '127.0.0.1', {
      outcome: 'connected',
      local: { address: '127.0.0.1', port: 50_000 },
      rows: [
        row({
          local: { address: '127.0.0.1', port: 50_000 },
          peer: { address: '127.0.0.1', port: 8080 },
          state: 'ESTABLISHED',
        }),
      ],
    })
    const stopped = draw(
      start(server),
      { kind: 'pause', program, pid, saw: { program, pid, state: 'T' } },
      start(client),
    )
    expect([stopped.isDrawn('d-pause'), stopped.words.includes('no program has accepted it yet')]).toEqual([true, true])
    expect(draw(start(server), start(client)).words).toContain('connected to its listener')
  })

  it('counts for many connections who served how many', () => {
    const drawn = draw({ kind: 'connect-many', address: '127.0.0.1', port: 8080, count: 5, saw: tally({ a: 3, b: 2 }) })
    expect([drawn.words.includes('served 3 of 5'), drawn.words.includes('served 2 of 5')]).toEqual([true, true])
  })

  it('shows listings, tools, scans and what programs tell', () => {
    const drawn = draw(
      start(server),
      { kind: 'list', port: 8080, saw: listed([row({ holders: [{ pid: server.pid, command: 'x', fd: 3 }] })]) },
      {
        kind: 'run',
        onNeighbour: false,
        saw: { command: 'ip route', exitCode: 0, printed: ['local 127.0.0.0/8'], timedOut: false },
      },
      {
        kind: 'scan',
        protocol: 'tcp',
        address: '127.0.0.1',
        saw: {
          protocol: 'tcp',
          address: '127.0.0.1',
          from: 1,
          to: 99,
          open: [80],
          closed: 98,
          silent: [],
          metItself: [],
        },
      },
      {
        kind: 'said',
        program: 'server1',
        pid: server.pid,
        line: 'count',
        saw: { program: 'server1', pid: server.pid, what: 'counted', value: 3 },
      },
    )
    for (const words of [
      `TCP 0.0.0.0:8080 LISTEN server1 (${server.pid})`,
      '$ ip route',
      'local 127.0.0.0/8',
      'ports 1 to 99',
      '1 open (80), 98 closed',
      '“count” typed: tells counted: 3',
    ])
      expect(drawn.words).toContain(words)
  })

  it('puts the programs of the second host into a frame of their own', () => {
    const drawn = draw(start(server), start(started('far', '0.0.0.0'), { onNeighbour: true }))
    expect([drawn.isDrawn('d-host'), drawn.words.includes('second host')]).toEqual([true, true])
    expect(draw(start(server)).isDrawn('d-host')).toBe(false)
  })

  it('uses the lane of a process that has ended again', () => {
    const { pid, program } = server
    const widthOf = (drawn: ReturnType<typeof draw>) => Number(drawn.valuesOf('width')[0])
    const servers = ['server1', 'a', 'b', 'c', 'd'].map((name) => started(name, '127.0.0.1'))
    const after = draw(start(server), { kind: 'kill', program, pid, saw: ended(server) }, start(servers[0] ?? server))
    expect(widthOf(after)).toBe(widthOf(draw(start(server))))
    expect(widthOf(draw(...servers.map((one) => start(one))))).toBeGreaterThan(widthOf(after))
  })

  it('leaves out the middle of a very long act, and says how many steps that were', () => {
    const steps = Array.from({ length: 90 }, (_, index) =>
      index % 2 === 0
        ? start(started(`s${'abcdefgh'[index % 8]}${'xyz'[index % 3]}`, '127.0.0.1'))
        : connect(refused(`127.0.0.${index}`)),
    )
    const drawn = draw(...steps)
    const leftOut = drawn.valuesOf('data-left-out').reduce((sum, count) => sum + Number(count), 0)
    expect(leftOut).toBeGreaterThan(0)
    expect(drawn.valuesOf('data-step').length + leftOut).toBe(90)
  })

  it('says where an act was broken off, and draws nothing of an act without steps', () => {
    expect(readDrawing(sequenceDiagram(actOf([start(server)], { problem: 'it never listened' }))).words).toContain(
      'broken off here: it never listened',
    )
    expect(readDrawing(sequenceDiagram({ ...actOf([start(server)]), evidence: null })).words).toContain(
      'did not come to its end',
    )
    expect(sequenceDiagram(actOf([]))).toBe('')
  })

  it('says the same in words, and names itself by its title', () => {
    const { tags, text } = draw(start(server), connect(refused('127.0.0.1')))
    expect(tags[0]?.attributes).toMatchObject({
      role: 'img',
      'aria-labelledby': 'drawing-sequence-90-example-first-title',
    })
    expect(text).toContain(`The lanes are client, kernel and server1 (${server.pid}).`)
    expect(text).toContain('Step 2, at 100 ms: nc -v 127.0.0.1 8080: refused: ECONNREFUSED')
  })

  it('has names of its own where several stand on one page', () => {
    const steps = [start(server)]
    const acts = ['one', 'one two', 'one-two', 'one_20_two'].map((act) => sequenceDiagram(actOf(steps, { act })))
    expect(readDrawing(...acts, sequenceDiagram(actOf(steps), 'another place')).ids.size).toBe(10)
  })

  it('lets nothing out of the texts: no markup, no control characters, no half surrogates', () => {
    const hostile = '</text><script>alert("x")</script>&\u0000\u001b[31m\ud800\u202e'
    const saw = started(hostile, '127.0.0.1')
    const drawn = draw(
      start(saw),
      { kind: 'run', onNeighbour: false, saw: { command: hostile, exitCode: 0, printed: [hostile], timedOut: false } },
      {
        kind: 'said',
        program: hostile,
        pid: saw.pid,
        line: hostile,
        saw: { program: hostile, pid: saw.pid, what: hostile, value: hostile },
      },
    )
    expect(new Set(drawn.tags.map(({ name }) => name))).toEqual(
      new Set(['svg', 'title', 'desc', 'g', 'text', 'rect', 'path', 'circle']),
    )
    expect(sequenceDiagram(actOf([start(saw)], { lab: hostile, act: hostile, title: hostile }))).not.toContain(
      '<script',
    )
  })
})

describe('of every recorded act', () => {
  test.each(recordedActs().map((act) => ({ name: `${act.header.lab} ${act.header.act}`, act })))(
    '$name: every step, process and outcome is there',
    ({ act }) => {
      const drawn = readDrawing(sequenceDiagram(act))
      const steps = drawn.valuesOf('data-step').map(Number)
      const leftOut = drawn.valuesOf('data-left-out').reduce((sum, count) => sum + Number(count), 0)
      expect(steps.length + leftOut).toBe(act.steps.length)
      expect(steps).toEqual(steps.toSorted((a, b) => a - b))
      for (const step of act.steps.filter(({ number }) => steps.includes(number))) {
        if (step.kind === 'start') expect(drawn.words).toMatch(new RegExp(`process ${step.saw.pid}\\b`))
        if ('outcome' in step.saw && step.saw.outcome.startsWith('E') && !step.saw.outcome.startsWith('ERR_'))
          expect(drawn.words).toContain(step.saw.outcome)
      }
      // On a phone its lanes stand closer, and the same is there.
      const onPhone = readDrawing(sequenceDiagram(act, undefined, 'phone'))
      expect(onPhone.valuesOf('data-step').map(Number)).toEqual(steps)
      expect(widthOfDrawing(onPhone)).toBeLessThan(widthOfDrawing(drawn))
    },
  )
})

const widthOfDrawing = ({ tags }: ReturnType<typeof readDrawing>) => Number(tags[0]?.attributes['width'])

test('what many processes do on a phone is whole, and its words are those of the wide drawing', () => {
  for (const act of recordedActs().slice(0, 8)) {
    const [wide, narrow] = [sequenceDiagram(act, 'here'), sequenceDiagram(act, 'here', 'phone')]
    const { ids, tags } = readDrawing(wide, narrow)
    const words = tags.flatMap(({ attributes }) => attributes['aria-describedby'] ?? [])
    expect(new Set(words).size).toBe(1)
    for (const one of words) expect(ids).toContain(one)
    expect(narrow).not.toContain('…')
  }
})
