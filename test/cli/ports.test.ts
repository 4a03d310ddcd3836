/** `npm run ports` with real sockets: this machine, listings that are handed in, wrong usage, and how it ends. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { execa } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'

import { readPortsOptions } from '../../harness/cli/ports-options.ts'
import { UsageError } from '../../harness/cli/usage.ts'
import { lab, PROJECT } from '../lab-command.ts'
import { bindUdp, listen } from '../listing/real-sockets.ts'
import { namespaced, noNamespace } from '../namespace.ts'

const PORTS = { command: 'harness/cli/ports.ts' }
const folder = mkdtempSync(join(tmpdir(), 'ports-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Told = {
  version: number
  listings: {
    format: string
    rows: number
    services: {
      port: number
      protocols: string[]
      sockets: { protocol: string; family: string; address: string; takesIPv4: boolean | null; pids: number[] }[]
      processes: { pid: number; user: string | null }[]
      reach: { kind: string }
    }[]
    unread: { line: number }[]
  }[]
}

async function told(args: readonly string[] = []): Promise<Told> {
  const { exitCode, stdout, stderr } = await lab(['--json', ...args], PORTS)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout) as Told
}

/** Runs it with this text on standard input, through a pipe. */
function withInput(input: string | Buffer, args: readonly string[] = []) {
  const words = [join(PROJECT, PORTS.command), ...args]
  return execa(process.execPath, words, { cwd: PROJECT, reject: false, input, env: { npm_lifecycle_event: undefined } })
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const SS = `State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=700,fd=3))
LISTEN 0      511        127.0.0.1:3000      0.0.0.0:*    users:(("node",pid=800,fd=21))
`

const skipped = noNamespace ? ` (skipped: ${noNamespace})` : ''

describe('this machine', () => {
  test('a service is told with its process, its user, and from where it is reached', async () => {
    const { port } = await listen({ port: 0, host: '127.0.0.1' })
    const { listings } = await told()
    const service = listings[0]?.services.find((one) => one.port === port)
    expect(service).toMatchObject({ protocols: ['tcp'], reach: { kind: 'this-machine' } })
    expect(service?.sockets).toMatchObject([{ family: 'IPv4', address: '127.0.0.1', pids: [process.pid] }])
    expect(service?.processes[0]?.user).not.toBeNull()
  })

  test('whether an IPv6 socket takes IPv4 is told', async () => {
    const both = await listen({ port: 0, host: '::' })
    const six = await listen({ port: 0, host: '::', ipv6Only: true })
    const { listings } = await told()
    const takesIPv4 = (port: number) => listings[0]?.services.find((one) => one.port === port)?.sockets[0]?.takesIPv4
    expect([takesIPv4(both.port), takesIPv4(six.port)]).toEqual([true, false])
  })

  test.for(['kernel', 'proc', 'ss', 'lsof', 'netstat'])('%s tells of the same sockets', async (source, { skip }) => {
    const { port } = await listen({ port: 0, host: '127.0.0.1' })
    const udp = await bindUdp('127.0.0.1', 0)
    const { exitCode, stdout, stderr } = await lab(['--json', '--from', source], PORTS)
    skip(stderr.includes('is not here'), stderr)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { listings } = JSON.parse(stdout) as Told
    for (const number of [port, udp.address().port]) {
      const sockets = listings[0]?.services.find((one) => one.port === number)?.sockets
      // A receiver on a number out of the range of clients is no service: the harness takes numbers below it.
      expect(sockets).toMatchObject([{ address: '127.0.0.1', pids: [process.pid] }])
    }
  })

  test('the language of the machine changes nothing', async () => {
    const { port } = await listen({ port: 0, host: '127.0.0.1' })
    const turkish = { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }
    const { stdout } = await lab([], { ...PORTS, env: turkish })
    expect(stdout).toMatch(new RegExp(`tcp .* 127\\.0\\.0\\.1 +${port} .* LISTEN `))
  })
})

describe('a listing that is handed in', () => {
  test('over standard input', async () => {
    const { exitCode, stdout, stderr } = await withInput(SS, ['--json'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { listings } = JSON.parse(stdout) as Told
    expect(listings.map(({ format, services }) => [format, services.map(({ port }) => port)])).toEqual([
      ['ss', [22, 3000]],
    ])
  })

  test('a file, and several, each under its name', async () => {
    const [one, two] = [file('one.txt', SS), file('two.txt', SS)]
    expect((await told([one])).listings).toHaveLength(1)
    const { stdout } = await lab([one, two], PORTS)
    expect(stdout).toMatch(new RegExp(`^==> ${one} <==\n[^]*\n==> ${two} <==\n`))
  })

  test('- stands for standard input', async () => {
    const { stdout } = await withInput(SS, ['-', '--markdown'])
    expect(stdout).toContain('| tcp | IPv4 | 127.0.0.1 | 3000 |')
  })

  test('PowerShell writes UTF-16', async () => {
    const text = `Proto  Local Address  Foreign Address  State  PID\r\nTCP  0.0.0.0:135  0.0.0.0:0  LISTENING  992\r\n`
    const { listings } = await told([file('windows.txt', Buffer.from(`\ufeff${text}`, 'utf16le'))])
    expect(listings[0]?.services.map(({ port }) => port)).toEqual([135])
  })

  test('an empty pipe means this machine, and that is said', async () => {
    const { exitCode, stdout, stderr } = await withInput('\n')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('nothing came') as string })
    expect(stdout).toContain('Proto')
  })

  test('what is no listing is inconclusive, and every line of it is shown', async () => {
    const { exitCode, stdout } = await withInput('one thing\nanother thing\n')
    expect(exitCode).toBe(3)
    expect(stdout).toContain('one thing')
    expect(stdout).toContain('another thing')
  })

  test('a line that cannot be read makes no error', async () => {
    const { exitCode, stdout } = await withInput(`${SS}LISTEN 0 128 0.0.0.0:99999 0.0.0.0:*\n`, ['--json'])
    expect(exitCode).toBe(0)
    expect((JSON.parse(stdout) as Told).listings[0]?.unread.map(({ line }) => line)).toEqual([4])
  })

  test('a pipe that says nothing is waited for, and not in silence', async () => {
    const child = spawn(process.execPath, [join(PROJECT, PORTS.command)], { cwd: PROJECT })
    const [said] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string]
    expect(said).toContain('waiting for a listing on standard input')
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT'])
  })

  test('a reader that goes ends it', async () => {
    const row = 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=700,fd=3))\n'
    const many = file(
      'many.txt',
      SS + Array.from({ length: 9000 }, (_, at) => row.replace(':22 ', `:${at + 1} `)).join(''),
    )
    const script = `"$0" harness/cli/ports.ts "$1" | head -1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = await execa('bash', ['-c', script, process.execPath, many], {
      cwd: PROJECT,
      reject: false,
    })
    expect(stderr).toBe('')
    expect(stdout.split('\n')).toEqual([expect.stringContaining('ss') as string, '141'])
  })

  // In a network in which nothing ever changes, nothing is written either.
  test.skipIf(noNamespace)(`a reader that goes ends a watch that has nothing to say${skipped}`, async () => {
    const script = `"$0" harness/cli/ports.ts --watch | head -1; echo "\${PIPESTATUS[0]}"`
    const [unshare, ...rest] = [...namespaced(), 'bash', '-c', script, process.execPath]
    const { stdout } = await execa(unshare, rest, { cwd: PROJECT, reject: false })
    expect(stdout.split('\n')).toEqual([expect.stringContaining('Watching 0 services') as string, '141'])
  })
})

describe('wrong usage is one line, and exit code 2', () => {
  test.for([
    [['--bogus'], /no option --bogus; there are --who, /],
    [['--who'], /--who needs a port/],
    [['--who', '70000'], /--who takes a port, a whole number from 1 to 65535, not '70000'/],
    [['--snapshot', ''], /--snapshot needs the name of a file/],
    [['--json', '--markdown'], /choose one/],
    [['--who', '80', '--watch'], /--who and --watch are two things to do/],
    [['--for', '2'], /--for goes with --watch/],
    [['--watch', '--for', '0'], /--for takes a number of seconds/],
    [['--watch', 'file.txt'], /it reads no file/],
    [['--ports', '1-10'], /--ports goes with --scan/],
    [['--scan', '::1', '127.0.0.1'], /one address at a time/],
    [['--from', 'nmap'], /--from takes one of kernel, proc, ss, /],
    [['--from', 'ss', 'file.txt'], /choose one/],
    [['--diff', 'one.json', 'two.txt', 'three.txt'], /--diff takes one listing/],
    [['--who', '80', '--connections'], /--connections goes with/],
    [['--snapshot', 'file.json', '--markdown'], /--markdown goes with/],
  ] as const)('%j', ([args, problem]) => {
    const read = () => readPortsOptions(args, {})
    expect(read).toThrow(UsageError)
    expect(read).toThrow(problem)
  })

  test.for([
    [['--bogus'], /^ports: there is no option --bogus/],
    [['--snapshot', '/nowhere/at/all.json'], /cannot write/],
    [['--diff', '/nowhere/at/all.json'], /there is no file/],
    [['/nowhere/at/all.txt'], /there is no file \/nowhere\/at\/all\.txt/],
    [[tmpdir()], /it is a folder/],
  ] as const)('as it is told: %j', async ([args, problem]) => {
    const { exitCode, stdout, stderr } = await lab(args, PORTS)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(problem)
    expect(stderr.split('\n')).toHaveLength(1)
  })

  test('a file that is no text', async () => {
    const { exitCode, stderr } = await lab([process.execPath], PORTS)
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `ports: ${process.execPath} is no text` })
  })

  test('an option that npm kept for itself', async () => {
    const env = { npm_lifecycle_event: 'ports', npm_config_markdown: 'true' }
    const { exitCode, stderr } = await lab([], { ...PORTS, env })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('npm run ports -- --markdown')
  })

  test('--scan, which npm takes for four letters', async () => {
    const { exitCode, stderr } = await execa('npm', ['run', 'ports', '--scan', '127.0.0.1'], {
      cwd: PROJECT,
      reject: false,
    })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('npm run ports -- --scan 127.0.0.1')
  })
})

describe('changes', () => {
  test('a snapshot, what has changed since, and what is expected', async () => {
    const kept = join(folder, 'kept.json')
    expect((await withInput(SS, ['--snapshot', kept])).exitCode).toBe(0)
    const now = SS.replace('127.0.0.1:3000 ', '  0.0.0.0:3000 ')
    const diff = await withInput(now, ['--diff', kept])
    expect(diff.exitCode).toBe(0)
    expect(diff.stdout).toContain('3000')
    expect((await withInput(SS, ['--expect', kept])).exitCode).toBe(0)
    expect((await withInput(now, ['--expect', kept])).exitCode).toBe(1)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('--watch tells what opens while it looks, as NDJSON too', async () => {
    const child = spawn(process.execPath, [join(PROJECT, PORTS.command), '--watch', '--json', '--for', '20'], {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    const seen = async (part: string) => {
      while (!text.includes(part)) text += String((await once(child.stdout, 'data'))[0])
    }
    await seen('"begun"')
    const { port } = await listen({ port: 0, host: '127.0.0.1' })
    await seen(`"port":${port}`)
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
    expect(text).toContain('"kind":"opened"')
  })
})
