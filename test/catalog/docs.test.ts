/** `npm run docs`: pages are made from texts and a recording, and each lab's page is what it should be. */

import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { findLabs, OWN_LABS } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { between, plain } from '../../harness/cli/docs-markdown.ts'
import { makePages, misfits, stalePages } from '../../harness/cli/docs-pages.ts'
import { recordingFile } from '../../harness/cli/docs-recording.ts'
import { readSaved } from '../../harness/cli/saved.ts'
import { DOCS, LAB_CHECK, LabsFolder } from './labs-folder.ts'

describe('the labs of this project', () => {
  test('have pages that are up to date: run npm run docs', async () => {
    expect(stalePages(await makePages(OWN_LABS)).map(({ file }) => file)).toEqual([])
  })

  test.each(findLabs(OWN_LABS))(
    '%s has a recorded run that answers every check: run npm run docs -- --record',
    async (id) => {
      const lab = await loadLab(id, OWN_LABS)
      const recording = readSaved(recordingFile(OWN_LABS, id))
      expect(misfits(lab, recording)).toEqual([])
      expect(recording.labs.flatMap(({ acts }) => acts).filter(({ skipped }) => skipped !== null)).toEqual([])
    },
  )
})

describe('the page of a lab', () => {
  const labs = new LabsFolder()
  afterAll(() => labs.delete())
  let recorded: Awaited<ReturnType<LabsFolder['run']>>

  beforeAll(async () => {
    labs.addLab('01-my-port')
    recorded = await labs.run(DOCS, '--record')
  })

  test('is made from a recorded run', () => {
    expect(recorded).toMatchObject({ exitCode: 0, stderr: '' })
    expect(recorded.stdout).toContain(`recorded ${labs.shown('01-my-port', 'recorded.json')}`)
    const page = labs.read('01-my-port', 'README.md')
    expect(page).toContain('# 01-my-port: A server that listens, and a client that dials it')
    expect(page).toContain('A  npm run program server1 8080\n')
    expect(page).toContain('$ nc 127.0.0.1 8080\nconnected from 127.0.0.1:40001; server1 (process 4001)')
  })

  test('shows the choices before the answer, which is folded', () => {
    const page = labs.read('01-my-port', 'README.md')
    const [before = '', after = ''] =
      page.split('### Does the system list')[1]?.split('<summary>Answer</summary>') ?? []
    expect(before).toContain('- Yes, as soon as it listens.\n- No, only with its first client.')
    expect(after).toContain('**Yes, as soon as it listens.**')
    expect(page.match(/<details>/g)).toHaveLength(page.match(/<\/details>/g)?.length ?? 0)
  })

  test('is not touched where it is up to date, also by another recording', async () => {
    const page = labs.read('01-my-port', 'recorded.json')
    expect((await labs.run(DOCS, '--record', '01')).stdout).toContain('stays as it is')
    expect(labs.read('01-my-port', 'recorded.json')).toBe(page)
    expect(await labs.run(DOCS, '--check')).toEqual({ exitCode: 0, stdout: '1 page is up to date.', stderr: '' })
  })

  test('is stale when a text has changed, and is written again', async () => {
    labs.edit('01-my-port/narration.en.ts', 'from the moment it listens.', 'as soon as it listens.')
    const stale = await labs.run(DOCS, '--check')
    expect(stale.exitCode).toBe(1)
    expect(stale.stdout).toBe(`${labs.shown('01-my-port', 'README.md')}: README.md is out of date. Run npm run docs.`)
    expect(await labs.run(DOCS)).toMatchObject({ exitCode: 0 })
    expect(labs.read('01-my-port', 'README.md')).toContain('and is listed, as soon as it listens.')
  })

  test('tells when the recording comes from another lab than this has become', async () => {
    labs.edit('01-my-port/lab.ts', 'listed: await list()', 'shown: await list()')
    labs.edit(
      '01-my-port/lab.ts',
      'outcome: ({ listed }) => (openRows(listed)',
      'outcome: ({ shown }) => (openRows(shown)',
    )
    const { exitCode, stdout } = await labs.run(LAB_CHECK)
    expect(exitCode).toBe(1)
    expect(stdout).toContain("The recorded run does not answer 'my-port-listing-shows-server'")
    expect(stdout).toContain('Run npm run docs -- --record 01-my-port.')
  })

  test('is not made from a run in which a check fails', async () => {
    const page = labs.read('01-my-port', 'recorded.json')
    labs.edit('01-my-port/lab.ts', "posix: { outcome: 'connected'", "posix: { outcome: 'timed-out'")
    const { exitCode, stdout } = await labs.run(DOCS, '--record')
    expect(exitCode).toBe(1)
    expect(stdout).toContain(
      "01-my-port was not recorded: the recorded run fails 'my-port-client-reaches-server': connected",
    )
    expect(labs.read('01-my-port', 'recorded.json')).toBe(page)
  })

  test.each([
    [['--check', '--record'], /--check writes nothing and --record does/],
    [['04'], /labs are named with --record only/],
  ])('%j is wrong usage', async (args, message) => {
    const { exitCode, stdout, stderr } = await labs.run(DOCS, ...args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

describe('Markdown', () => {
  test.each([
    ['ss writes *:80 for it', 'ss writes \\*:80 for it'],
    ['[::]:80 and a_b and IPV6_V6ONLY', '\\[::\\]:80 and a_b and IPV6_V6ONLY'],
    ['_emphasis_ and `code`', '\\_emphasis\\_ and \\`code\\`'],
    ['a <b> c', 'a \\<b\\> c'],
    ['1. first', '1\\. first'],
    ['# no heading', '\\# no heading'],
    ['- no list', '\\- no list'],
  ])('%s is shown as it is', (text, markdown) => {
    expect(plain(text)).toBe(markdown)
  })

  test('what stands between two markers is replaced, and nothing else', () => {
    const page = 'before\n\n<!-- labs -->\nold\n<!-- /labs -->\n\nafter\n'
    const wanted = between(page, 'labs', '- new')
    expect(wanted).toMatch(/^before\n\n<!-- labs -->\n\n[^]*\n\n- new\n\n[^]*\n\n<!-- \/labs -->\n\nafter\n$/)
    expect(wanted).not.toContain('old')
    expect(between(wanted ?? '', 'labs', '- new')).toBe(wanted)
  })

  test.each(['no markers', '<!-- labs -->\nonly one', '<!-- /labs -->\n<!-- labs -->'])(
    '%j has no place for it',
    (page) => {
      expect(between(page, 'labs', 'x')).toBeNull()
    },
  )
})

test('the generated parts of the project’s pages are well-formed', () => {
  for (const [file, name] of [
    ['README.md', 'labs'],
    ['docs/architecture.md', 'floor plan'],
  ] as const) {
    const page = readFileSync(`${OWN_LABS}/../${file}`, 'utf8')
    expect(between(page, name, ''), file).not.toBeNull()
  }
})
