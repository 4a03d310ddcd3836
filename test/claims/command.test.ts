/** `npm run claims`, as a person runs it: over a saved run of labs of this project, and over labs that it runs. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { OWN_LABS } from '../../harness/catalog/find.ts'
import { recordingFile } from '../../harness/cli/docs-recording.ts'
import { readSaved } from '../../harness/cli/saved.ts'
import type { SavedRun } from '../../harness/domain/evidence.ts'
import { CLAIMS, LabsFolder } from '../catalog/labs-folder.ts'
import { lab, startLab } from '../lab-command.ts'

type Told = {
  answer: string
  condition: string | null
  notTestedBecause: string | null
  checks: { lab: string; check: string; holds: boolean | null; evidence: string | null }[]
}
type Json = {
  counts: Record<string, number>
  checks: Record<string, number>
  complete: boolean
  replayed: boolean
  documents: { document: string; claims: (Told & { id: string })[] }[]
}

const folder = mkdtempSync(join(tmpdir(), 'claims-'))
const file = join(folder, 'run.json')
afterAll(() => rmSync(folder, { recursive: true }))

const claims = (...args: string[]) => lab(args, { command: CLAIMS, timeoutMs: 60_000 })
const claimIn = (stdout: string, id: string) =>
  (JSON.parse(stdout) as Json).documents.flatMap((one) => one.claims).find((claim) => claim.id === id)

/** All that is told of a claim, unwrapped. */
const below = (stdout: string, id: string) => {
  const [, told = ''] = stdout.split(new RegExp(`^  ${id} +`, 'm'))
  return (told.split(/^(?: {2}[QHCTN]\d+ | {2}\d+ claims)/m)[0] ?? '').replace(/\s+/g, ' ')
}

/** As if both labs had been run and saved: their recorded runs in one file. */
beforeAll(() => {
  const [first, second] = ['04-dual-stack', '05-address-in-use'].map((id) => readSaved(recordingFile(OWN_LABS, id)))
  if (!first || !second) throw new Error('no recorded runs')
  writeFileSync(file, JSON.stringify({ ...first, labs: [...first.labs, ...second.labs] }))
})

describe('over a saved run', () => {
  test('tells of every document, with the claim, its answer and the evidence', async () => {
    const { exitCode, stdout, stderr } = await claims('--replay', file)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const lines = stdout.split('\n')
    expect(lines.filter((line) => /^ {2}[QHCTN]\d+ /.test(line))).toHaveLength(103)
    for (const name of ['dialogue', 'harbour', 'cafe', 'tuple', 'checklist']) {
      expect(lines.some((line) => line.startsWith(`${name}: `))).toBe(true)
    }
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(stdout).toMatch(/^ {2}C13 {2}holds here {14}server7 on \[::\]:8080 can be reached over ::1$/m)
    expect(stdout).toMatch(/^ {7}04-dual-stack: server7 \(process \d+\) accepted the client at$/m)
    expect(stdout).toMatch(/^ {2}C10 {2}does not hold here {6}while server6/m)
    expect(below(stdout, 'C10')).toContain('05-address-in-use: server4')
    expect(stdout).toMatch(/^ {2}H14 {2}holds with a condition {2}a listener/m)
    expect(below(stdout, 'H14')).toContain('It holds unless the socket takes IPv6 only (IPV6_V6ONLY).')
    expect(below(stdout, 'C2')).toContain('01-tcp-udp-same-port was not run.')
    expect(below(stdout, 'C10')).toContain('This may change: 1 check is open (06-wildcard-address was not run).')
    expect(stdout).toMatch(/^103 claims: [^.]* and 5 are\s+definitions\.$/m)
    expect(stdout).toMatch(/^\d+ answers are open for other reasons: \d+ were not tested and \d+ may change\.$/m)
    expect(stdout).toMatch(/^From evidence saved at /m)
  })

  test('as JSON: the same answers, with every check', async () => {
    const { exitCode, stdout } = await claims('--replay', file, '--json', '--document', 'cafe')
    expect(exitCode).toBe(0)
    const told = JSON.parse(stdout) as Json
    expect(told).toMatchObject({ format: 'socket-labs-claims', version: 1, replayed: true, complete: true })
    expect(told.documents.map(({ document }) => document)).toEqual(['cafe'])
    expect(told.documents[0]?.claims).toHaveLength(23)
    expect(Object.values(told.counts).reduce((sum, one) => sum + one)).toBe(23)
    expect(claimIn(stdout, 'C13')).toMatchObject({
      answer: 'holds',
      notTestedBecause: null,
      checks: [
        { lab: '04-dual-stack', check: 'ipv6-client-reaches-dual-stack-listener', holds: true, verdict: 'pass' },
      ],
    })
    expect(claimIn(stdout, 'C2')).toMatchObject({
      answer: 'not-tested',
      notTestedBecause: '01-tcp-udp-same-port was not run',
    })
  })

  test('as a page: the same tables, with links to the checks', async () => {
    const { exitCode, stdout } = await claims('--replay', file, '--markdown')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('(../labs/04-dual-stack/README.md#ipv6-client-reaches-dual-stack-listener)')
    expect(stdout).toMatch(/^\| H14 \| .* \| holds unless the socket takes IPv6 only \(IPV6_V6ONLY\) \| It holds: /m)
  })

  test('evidence that says otherwise changes the answer, and a failed check the exit code', async () => {
    const changed = join(folder, 'changed.json')
    const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedRun
    const act = saved.labs[0]?.acts.find(({ act: name }) => name === 'ipv4Wildcard')
    const evidence = act?.evidence as unknown as { overIPv6: { outcome: string } }
    evidence.overIPv6.outcome = 'connected'
    writeFileSync(changed, JSON.stringify(saved))
    const { exitCode, stdout } = await claims('--replay', changed)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^ {2}C16 {2}does not hold here /m)
    expect(stdout).toContain('1 failed')
  })

  test('an act that is not there leaves its claims open, and the exit code is 3', async () => {
    const cut = join(folder, 'cut.json')
    const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedRun
    const acts = saved.labs[0]?.acts ?? []
    acts.splice(
      acts.findIndex(({ act }) => act === 'ipv4Wildcard'),
      1,
    )
    writeFileSync(cut, JSON.stringify(saved))
    const { exitCode, stdout } = await claims('--replay', cut, '--json')
    expect(exitCode).toBe(3)
    expect(claimIn(stdout, 'C16')).toMatchObject({
      answer: 'not-tested',
      notTestedBecause: 'nothing was observed: the saved evidence does not contain this act',
    })
  })
})

describe('over labs of its own', () => {
  const labs = new LabsFolder()
  afterAll(() => labs.delete())

  test('runs them, and tells of the claims that they answer', async () => {
    labs.addLab('01-my-port')
    labs.edit(
      '01-my-port/lab.ts',
      "outcomes: ['listed', 'not-listed'],",
      "claims: { Q12: 'listed' }, outcomes: ['listed', 'not-listed'],",
    )
    const { exitCode, stdout, stderr } = await labs.run(CLAIMS, '--json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ replayed: false, complete: true, checks: { pass: 2 } })
    expect(claimIn(stdout, 'Q12')).toMatchObject({ answer: 'holds', checks: [{ lab: '01-my-port', holds: true }] })
    expect(claimIn(stdout, 'C13')).toMatchObject({ answer: 'not-tested', notTestedBecause: 'no check asks it' })
  })

  test('runs only those that answer the document', async () => {
    labs.addLab('02-of-no-document')
    const { exitCode, stdout } = await labs.run(CLAIMS, '--json', '--document', 'dialogue')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ labs: ['01-my-port'] })
  })

  test('a signal ends it: the ledger of what was seen, and the exit code of the signal', async () => {
    labs.edit(
      '01-my-port/lab.ts',
      "await start('server1', port)",
      "process.stderr.write('begun')\n        await new Promise((resolve) => setTimeout(resolve, 20_000))\n        await start('server1', port)",
    )
    const running = startLab(['--json'], { command: CLAIMS, env: { SOCKET_LABS_FOLDER: labs.path } })
    for await (const text of running.stderr.iterator({ destroyOnReturn: false })) {
      if (String(text).includes('begun')) break
    }
    running.kill('SIGINT')
    const { exitCode, stdout } = await running
    expect(exitCode).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ interruptedBy: 'SIGINT', complete: false })
    expect(claimIn(stdout, 'Q12')).toMatchObject({
      answer: 'not-tested',
      notTestedBecause: expect.stringMatching(/^nothing was observed: interrupted by SIGINT/) as string,
    })
  })
})

describe('wrong usage', () => {
  test.each([
    [
      ['--document', 'kafe'],
      /^claims: there is no document 'kafe'; there are dialogue, harbour, cafe, tuple, checklist$/,
    ],
    [['--document'], /^claims: --document needs the name of a document$/],
    [['--replay='], /^claims: --replay needs the name of a file$/],
    [['--replay', '/nowhere/run.json'], /^claims: cannot read \/nowhere\/run\.json: ENOENT$/],
    [['--json', '--markdown'], /^claims: --json and --markdown are two forms; choose one$/],
    [['cafe'], /^claims: it takes no words; --document NAME tells of one document$/],
    [['--docs'], /^claims: there is no option --docs; there are --json, --markdown, --replay, --document, --help$/],
  ])('%j', async (args, message) => {
    const { exitCode, stdout, stderr } = await claims(...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
