import { describe, expect, it } from 'vitest'

import { createTap } from '../../harness/report/tap.ts'
import { askPython, hasPython } from './python.ts'
import { everyVerdict, HOSTILE, hostileChecks, hostileSteps, pieces, STREAMS, stream, written } from './stream.ts'
import { readTap } from './tap-reader.ts'

const withYaml = await hasPython('yaml')

const tap = async (...options: Parameters<typeof stream>) => readTap(await written(createTap(), stream(...options)))

describe('the TAP report', () => {
  it('reads like this', async () => {
    const text = await written(createTap(), stream({ checks: everyVerdict }))
    const name = (verdict: string) => `90-example check-that-is-${verdict}: Does the client reach the listener?`
    expect(text.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
      'TAP version 14',
      '1..5',
      '# Linux 6.18.0 on x64, Node 26.10.0 (brought along), libuv 1.52.1',
      `ok 1 - ${name('pass')}`,
      `not ok 2 - ${name('fail')}`,
      `ok 3 - ${name('noted')} # SKIP noted: The client was connected.`,
      `ok 4 - ${name('skip')} # SKIP ipv6-loopback: no address ::1`,
      `not ok 5 - ${name('inconclusive')}`,
      '# 1 failed, 1 inconclusive, 1 passed, 1 noted, 1 skipped',
      '',
    ])
  })

  it('says of a failure what was wanted and found, where, and every step', async () => {
    const { points } = await tap({ checks: [{ verdict: 'fail' }] })
    expect(points[0]?.diagnostics).toEqual({
      message: 'should have been: Yes. (ip(7)); but was: The client was refused.',
      severity: 'fail',
      wanted: 'Yes. (ip(7))',
      found: 'The client was refused.',
      at: { file: 'labs/90-example/lab.ts', line: 12 },
      restsOn: [2],
      steps: [
        '1  $ npm run program server1 8080',
        '   process 7 listens on TCP 127.0.0.1:8080',
        '2  $ nc -v 127.0.0.1 8080',
        '   refused: ECONNREFUSED',
        '3  $ lsof -nP -i :8080',
        '   COMMAND PID USER',
        '   server1   7 root',
      ],
    })
  })

  it('writes diagnostics as plain blocks', async () => {
    const text = await written(createTap(), stream({ checks: [{ verdict: 'fail' }], steps: [] }))
    expect(text.slice(text.indexOf('  ---'), text.indexOf('# 1 failed'))).toBe(`  ---
  message: "should have been: Yes. (ip(7)); but was: The client was refused."
  severity: fail
  wanted: "Yes. (ip(7))"
  found: "The client was refused."
  at:
    file: "labs/90-example/lab.ts"
    line: 12
  restsOn:
    - 2
  ...
`)
  })

  it('marks what was not observed as inconclusive, and never bails out', async () => {
    const text = await written(createTap(), stream({ checks: [{ verdict: 'inconclusive' }, {}] }))
    const [first, second] = readTap(text).points
    expect(first).toMatchObject({ ok: false, diagnostics: { severity: 'inconclusive' } })
    expect(first?.diagnostics?.['message']).toBe('nothing was observed: the act took longer than 9 s')
    expect(second).toMatchObject({ ok: true, diagnostics: null })
    expect(text).not.toMatch(/^Bail out!/m)
  })

  it('prints the plan before anything happens, and each point when its check is answered', async () => {
    const parts = await pieces(createTap(), stream({ checks: [{}, { id: 'another' }] }))
    expect(parts.slice(0, 2)).toEqual(['TAP version 14\n', '1..2\n'])
    expect(parts.filter((part) => part.startsWith('ok '))).toHaveLength(2)
  })

  it('gives every planned check its point when the run ends early', async () => {
    const { planned, points } = await tap({ checks: [{}], planned: 3, cutShort: true })
    expect(planned).toBe(3)
    expect(points.map(({ ok }) => ok)).toEqual([true, false, false])
    expect(points[2]?.diagnostics).toMatchObject({ severity: 'inconclusive' })
  })

  it('fails where more checks were answered than planned', async () => {
    await expect(tap({ checks: [{}, {}], planned: 1 })).rejects.toThrow('1 planned and 2 given')
  })

  it('skips as a whole where there are no checks', async () => {
    expect(await tap()).toMatchObject({ planned: 0, planReason: 'SKIP the labs have no checks', points: [] })
  })

  it('plans every check where all are skipped', async () => {
    const { planned, points } = await tap({ checks: [{ verdict: 'skip' }, { verdict: 'skip' }] })
    expect(planned).toBe(2)
    expect(points.every(({ ok, skip }) => ok && skip === 'ipv6-loopback: no address ::1')).toBe(true)
  })

  it('fails where the run never began', async () => {
    const { points } = readTap(await written(createTap(), []))
    expect(points.map(({ ok }) => ok)).toEqual([false])
  })

  it('names the round', async () => {
    const { points } = await tap({ checks: [{}], rounds: 2 })
    expect(points.map(({ description }) => description.slice(0, 23))).toEqual([
      '90-example (run 1 of 2)',
      '90-example (run 2 of 2)',
    ])
  })

  it('names who interrupted the run', async () => {
    const { comments } = await tap({ checks: [{}], interruptedBy: 'SIGINT' })
    expect(comments.at(-1)).toBe('interrupted by SIGINT, 1 passed')
  })

  it('does not take a # of a question for a directive, and keeps its backslash', async () => {
    const question = 'Is \\ or \\# or # SKIP this?'
    const { points } = await tap({ checks: [{ question }] })
    expect(points[0]).toMatchObject({
      ok: true,
      skip: null,
      description: `90-example client-reaches-listener: ${question}`,
    })
  })

  it.each(Object.keys(STREAMS))('is whole: %s', async (name) => {
    const { planned, points } = readTap(await written(createTap(), STREAMS[name] ?? []))
    expect(points).toHaveLength(planned)
  })

  it('keeps each verdict whatever the texts are', async () => {
    const { points } = await tap({ checks: hostileChecks, steps: hostileSteps(), notes: [HOSTILE] })
    expect(points.map(({ ok, skip }) => [ok, skip !== null])).toEqual([
      [true, false],
      [false, false],
      [true, true],
      [true, true],
      [false, false],
    ])
    expect(points[0]?.description).toContain('Bail out! \\ud800 half \\udc00 🚢 👩‍🔬 日本語 \\u0085 \\u009b1m')
  })

  it.skipIf(!withYaml)('has diagnostics that a real YAML parser reads (needs python3 with yaml)', async () => {
    const text = await written(createTap(), stream({ checks: hostileChecks, steps: hostileSteps() }))
    const blocks = `[yaml.safe_load(b) for b in re.findall(r'^  ---\\n(.*?)^  \\.\\.\\.$', text, re.M | re.S)]`
    const code = `text = sys.stdin.buffer.read().decode()\nprint(json.dumps(${blocks}))`
    const expected = readTap(text).points.flatMap(({ diagnostics }) => diagnostics ?? [])
    expect(expected).toHaveLength(2)
    expect(await askPython(['yaml', 're'], code, text)).toEqual(expected)
  })
})
