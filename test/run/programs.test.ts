/** Hearing a program, and waiting for it: the parts that need no process. */

import { describe, expect, test } from 'vitest'

import { Inconclusive } from '../../harness/domain/inconclusive.ts'
import { Running } from '../../harness/process/running.ts'
import { waitFor } from '../../harness/process/wait.ts'

function running() {
  const done: string[] = []
  const program = new Running('server1', 4711, {
    signal: (signal) => done.push(signal),
    killGroup: () => done.push('kill group'),
    write: (text) => done.push(text),
  })
  return { program, done }
}

const EVENT = '{"event":"listening","local":{"address":"::","port":8080}}'

describe('a program is heard', () => {
  test('line by line, also where a piece of output ends in the middle of one', () => {
    const { program } = running()
    program.takeOutput(EVENT.slice(0, 20))
    expect(program.events).toEqual([])
    program.takeOutput(EVENT.slice(20) + '\n' + EVENT)
    expect(program.events).toHaveLength(1)
    program.takeEnd(0, null)
    expect(program.events).toHaveLength(2)
    expect(program.end).toEqual({ program: 'server1', pid: 4711, exitCode: 0, signal: null })
  })

  test('with its last five lines that are no event, each of 200 letters at most', () => {
    const { program } = running()
    for (const word of ['1', '2', '', '  ', '3', '4', '5', '6'.repeat(300)]) program.takeOutput(`${word}\n`)
    expect(program.otherOutput).toEqual(['2', '3', '4', '5', '6'.repeat(200)])
  })

  test('without the stack of an error, so that its message is kept', () => {
    const { program } = running()
    const stack = Array.from({ length: 9 }, (_, index) => `    at step (file.ts:${index}:1)`)
    for (const line of ['Error: a slip', ...stack]) program.takeOtherOutput(line)
    expect(program.otherOutput).toEqual(['Error: a slip'])
  })

  test('up to a megabyte, and then it is stopped and heard no more', () => {
    const { program, done } = running()
    const piece = `${'x'.repeat(999)}\n`
    for (let i = 0; i < 1000; i++) program.takeOutput(piece)
    expect({ flooded: program.flooded, done }).toEqual({ flooded: false, done: [] })
    program.takeOutput(piece)
    program.takeOutput(`${EVENT}\n`)
    expect({ flooded: program.flooded, done }).toEqual({ flooded: true, done: ['kill group'] })
    expect(program.events).toEqual([])
  })

  test('and listeners are told of each change until they leave', () => {
    const { program } = running()
    let told = 0
    const leave = program.onChange(() => (told += 1))
    program.takeOutput(`${EVENT}\n`)
    program.takeEnd(null, 'SIGKILL')
    expect(told).toBe(2)
    leave()
    program.takeOutput(`${EVENT}\n`)
    expect(told).toBe(2)
  })
})

describe('waiting', () => {
  const options = { limitMs: 5_000, signal: new AbortController().signal, what: 'a sign', pollMs: 1 }

  test('ends with the first answer that is not undefined, also with null and false', async () => {
    const answers = [undefined, undefined, null]
    expect(await waitFor(() => answers.shift(), options)).toBeNull()
    expect(await waitFor(() => false, options)).toBe(false)
    expect(await waitFor(() => Promise.resolve('later'), options)).toBe('later')
  })

  test('ends at its limit, and says who waited for what', async () => {
    const waiting = waitFor(() => undefined, { ...options, limitMs: 20 })
    await expect(waiting).rejects.toThrow(new Inconclusive('waited 20 ms for a sign'))
  })

  test('asks what it waited for when the time is up', async () => {
    let heard = 'nothing'
    const waiting = waitFor(() => undefined, { ...options, limitMs: 20, what: () => `a sign after ${heard}` })
    heard = 'a word'
    await expect(waiting).rejects.toThrow('waited 20 ms for a sign after a word')
  })

  test('ends when it is aborted, and says why and what it waited for', async () => {
    const controller = new AbortController()
    const waiting = waitFor(() => undefined, { ...options, signal: controller.signal })
    controller.abort(new Inconclusive('the lab took longer than 1 s'))
    await expect(waiting).rejects.toThrow('the lab took longer than 1 s; it waited for a sign')
  })

  test('does not begin when it is aborted beforehand', async () => {
    let looks = 0
    const signal = AbortSignal.abort(new Inconclusive('too late'))
    await expect(waitFor(() => (looks += 1), { ...options, signal })).rejects.toThrow('too late')
    expect(looks).toBe(0)
  })

  test('ends with the error of a look', async () => {
    const waiting = waitFor(() => Promise.reject(new Error('cannot look')), options)
    await expect(waiting).rejects.toThrow('cannot look')
  })

  test('looks again when it is told to, and lets go of who told it', async () => {
    let answer: string | undefined
    const waits = new Set<() => void>()
    const onChange = (look: () => void) => {
      waits.add(look)
      return () => waits.delete(look)
    }
    const waiting = waitFor(() => answer, { ...options, pollMs: 60_000, onChange })
    answer = 'here'
    expect(waits.size).toBe(1)
    for (const look of waits) look()
    expect(await waiting).toBe('here')
    expect(waits.size).toBe(0)
  })

  test('does not start a look while one is under way', async () => {
    let underWay = 0
    let most = 0
    let looks = 0
    await waitFor(async () => {
      most = Math.max(most, (underWay += 1))
      await new Promise((resolve) => setTimeout(resolve, 10))
      underWay -= 1
      return (looks += 1) > 3 ? true : undefined
    }, options)
    expect({ most, looks }).toEqual({ most: 1, looks: 4 })
  })
})
