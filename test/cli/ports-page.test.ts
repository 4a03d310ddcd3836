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

test('who holds what is drawn: a frame spans the addresses at which a socket is found, and lies below one that it overlaps', async () => {
  const file = join(folder, 'overlap.txt')
  const overlap = 'tcp   LISTEN 0      128        127.0.0.1:22         0.0.0.0:*     users:(("rival",pid=13,fd=3))\n'
  writeFileSync(file, readFileSync(LISTING, 'utf8').replace(/^udp/m, `${overlap}udp`))
  const { stdout } = await ports(file, '--report', 'html')
  const { text, tags } = readPage(`${stdout}\n`)
  const words = text.replaceAll(/\s+/g, ' ')
  // Columns: 127.0.0.1, every other IPv4 address, every IPv6 address.
  expect(words).toContain('127.0.0.1 every other IPv4 address every IPv6 address TCP 22 sshd (512) 0.0.0.0')
  expect(words).toContain('rival (13) also in the reach of 0.0.0.0')
  expect(words).toContain('node (900) ::, IPv4 too')
  const spans = tags.flatMap(({ attributes }) => attributes['colspan'] ?? [])
  expect(spans.toSorted()).toEqual(['2', '2', '2', '2', '3'])
  expect(tags.filter(({ attributes }) => attributes['rowspan'] === '2')).toHaveLength(1)
})

test('no row is lost: what is folded away on the page is there', async () => {
  const file = join(folder, 'many.txt')
  const client = (port: number) =>
    `tcp   ESTAB  0      0          192.0.2.7:22     198.51.100.4:${port}  users:(("sshd",pid=1200,fd=4))\n`
  const many = Array.from({ length: 40 }, (_, index) => client(50_000 + index)).join('')
  const service = (port: number) =>
    `tcp   LISTEN 0      128          0.0.0.0:${port}         0.0.0.0:*     users:(("a",pid=1,fd=3),("b",pid=2,fd=3),("c",pid=3,fd=3),("d",pid=4,fd=3))\n`
  const open = Array.from({ length: 50 }, (_, index) => service(7000 + index)).join('')
  const unread = Array.from({ length: 30 }, (_, index) => `tcp   LISTEN unread-${index}\n`).join('')
  writeFileSync(file, readFileSync(LISTING, 'utf8') + many + open + unread)
  const { stdout } = await ports(file, '--report', 'html')
  const { text } = readPage(`${stdout}\n`)
  for (const part of ['198.51.100.4:50039', 'unread-29', '1,2,3,4', 'a,b,c,d']) expect(text).toContain(part)
  // Once in the picture, and once in the table below it.
  expect(text.match(/\b7048\b/g)?.length).toBeGreaterThanOrEqual(2)
})

test('what should be open beside what is, as a page', async () => {
  const file = join(folder, 'expect.html')
  const { exitCode, stdout } = await ports('--expect', EXPECTED, LISTING, '--report', `html=${file}`)
  expect(exitCode).toBe(1)
  expect(stdout).toContain('What is open is not what was expected.')
  const { title, text } = readPage(readFileSync(file, 'utf8'))
  expect(title).toBe('Not as expected: Ports, as they are and as they should be')
  for (const word of ['tcp 1 (line 1)', 'redis-server', 'From what was handed in, read 20'])
    expect(text).toContain(word)
  writeFileSync(EXPECTED, 'tcp 22\ntcp 23\nudp 68\ntcp 5432\ntcp 6379\ntcp 8080\n')
  const met = await ports('--expect', EXPECTED, LISTING, '--report', 'html')
  expect(met.exitCode).toBe(0)
  expect(readPage(`${met.stdout}\n`).title).toMatch(/^As expected/)
})

test('a look at this machine says where and when it was', async () => {
  const { stdout } = await ports('--report', 'html')
  const { text } = readPage(`${stdout}\n`)
  expect(text).toMatch(/Node \d+\.\d+\.\d+ .*libuv .*\. 20\d\d-\d\d-\d\d \d\d:\d\d UTC\./)
  expect(text).toContain('Where this was seen')
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
