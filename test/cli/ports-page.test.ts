import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { lab } from '../lab-command.ts'
import { readPage } from '../report/page-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'socket-labs-ports-page-'))
afterAll(() => rmSync(folder, { recursive: true }))

const LISTING = join(import.meta.dirname, '../browser/listing.txt')
const EXPECTED = join(folder, 'expected.txt')
writeFileSync(EXPECTED, 'tcp 1\n')
const EARLIER = join(folder, 'earlier.txt')
writeFileSync(EARLIER, readFileSync(LISTING, 'utf8').replaceAll(/.*redis.*\n/g, ''))
const ports = (...words: string[]) => lab(words, { command: 'harness/cli/ports.ts' })

test('a page in a file stands beside the text, and has the same in it', async () => {
  const file = join(folder, 'ports.html')
  const { exitCode, stdout } = await ports(LISTING, '--report', `html=${file}`)
  expect(exitCode).toBe(0)
  expect(stdout).toContain('telnetd')
  const { title, text, tags } = readPage(readFileSync(file, 'utf8'))
  expect(title).toBe('6 services are open: Ports')
  for (const word of ['telnetd', 'redis-server', 'What deserves a look', 'this line was cut <b>short</b>']) {
    expect(text).toContain(word)
  }
  // What deserves a look stands out, and not by its colour alone: a list says why.
  expect(tags.filter(({ attributes }) => attributes['class'] === 'apart').length).toBeGreaterThan(0)
  expect(readdirSync(folder)).toEqual(['earlier.txt', 'expected.txt', 'ports.html'])
})

test('without a file the page takes the place of the text', async () => {
  const { exitCode, stdout } = await ports('--who', '9', '--report', 'html')
  expect(exitCode).toBe(0)
  expect(readPage(`${stdout}\n`).title).toContain('ort 9')
})

test.each([
  [['--who', '9'], '### Port 9'],
  [['--diff', EARLIER, LISTING], 'Before: '],
  [['--expect', EXPECTED, LISTING], '**What is open is not what was expected.**'],
])('Markdown takes the place of the text: %s', async (words, first) => {
  const { stdout } = await ports(...words, '--markdown')
  expect(stdout.split('\n')[0]).toContain(first)
  expect(stdout).toMatch(/^### .+\n\n- /m)
})

test('several listings are told on one page, each under its name', async () => {
  const { stdout } = await ports(LISTING, LISTING, '--report', 'html')
  const { text } = readPage(`${stdout}\n`)
  expect(text.match(/listing\.txt: ss/g)).toHaveLength(2)
})

test('what is no listing has no good verdict', async () => {
  const { exitCode, stdout } = await ports(join(import.meta.dirname, '../../LICENSE'), '--report', 'html')
  expect(exitCode).toBe(3)
  expect(readPage(`${stdout}\n`).title).toBe('No listing was recognised: Ports')
})

test.each([
  [['--report', 'xml'], "--report takes html or html=FILE, not 'xml'"],
  [['--report', 'html='], "--report takes html or html=FILE, not 'html='"],
  [['--report', 'html', '--json'], 'the page takes the place of --json'],
  [['--watch', '--report', 'html'], '--report goes with the list of ports'],
  [['--report', 'html=/nowhere/at/all.html'], 'cannot write /nowhere/at/all.html: ENOENT'],
])('wrong usage is one line: %s', async (words, said) => {
  const { exitCode, stdout, stderr } = await ports(...words)
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`ports: ${said}`)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(stdout).toBe('')
})
