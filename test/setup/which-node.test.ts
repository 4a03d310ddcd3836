/** The launcher takes the bundled Node where it runs, else the one it is read by, else says what is missing. */
import { expect, test } from 'vitest'

import {
  BINARY,
  PACKAGE,
  bundle,
  bundleThisNode,
  describeBundled,
  outcome,
  pretend,
  ready,
  run,
  start,
  told,
  write,
} from './project.ts'

describeBundled('which Node', () => {
  test('the bundled one, started by another one', async () => {
    bundle()
    const said = await told(['lab', '04-dual-stack', '--report', 'brief'])
    expect(said).toMatchObject({ SOCKET_LABS_NODE: 'bundled', SOCKET_LABS_LAUNCHER_FD: '3', isMain: true })
    expect(said.args).toEqual(['04-dual-stack', '--report', 'brief'])
  })

  test('the bundled one, in the process that is it already', async () => {
    bundleThisNode()
    const child = start(['lab', 'graceful'])
    expect(await ready(child)).toBe(child.pid)
    child.kill('SIGTERM')
    expect(await outcome(child)).toMatchObject({ err: '', code: 143 })
  })

  test('and what it is told there', async () => {
    bundleThisNode()
    const said = await told(['lab', '04'], { env: { SOCKET_LABS_NODE_WHY: 'old', SOCKET_LABS_LAUNCHER_FD: '9' } })
    expect(said).toMatchObject({ SOCKET_LABS_NODE: 'bundled', isMain: true, args: ['04'] })
    expect(said).not.toHaveProperty('SOCKET_LABS_NODE_WHY')
    expect(said).not.toHaveProperty('SOCKET_LABS_LAUNCHER_FD')
  })

  test.each([
    ['its interpreter is not there, as on Alpine', () => write(BINARY, '#!/not/there\n', 0o755), 'ENOENT'],
    ['it may not be executed, as on a noexec mount', () => bundle(undefined, 0o644), 'EACCES'],
    ['its C library is too old', () => bundle("echo 'version GLIBC_2.28 not found' >&2; exit 1"), 'GLIBC_2.28'],
    ['it crashes', () => bundle('kill -ILL $$'), 'SIGILL'],
    ['it was left out', () => {}, `${PACKAGE} is not installed`],
  ])('the system one where %s', async (_, arrange, why) => {
    arrange()
    const said = await told(['lab', '04'])
    expect(said).toMatchObject({ SOCKET_LABS_NODE: 'system', isMain: true, args: ['04'] })
    expect(said.SOCKET_LABS_NODE_WHY).toContain(why)
  })

  test.each([
    ['20.11.1', undefined],
    ['22.17.0', 'strip'],
    ['23.5.0', false],
  ])('none where only %s is there: one line, exit code 2', async (version, typescript) => {
    const { out, err, code } = await run(['lab'], { node: pretend(version, typescript) })
    expect({ out, code }).toEqual({ out: '', code: 2 })
    expect(err).toMatch(/^socket-labs: Node 22\.18 or newer is needed, found [^\n]+\n$/)
    expect(err).toContain(version)
  })

  test.each(['22.18.0', '24.0.0'])('%s will do', async (version) => {
    await told(['lab'], { node: pretend(version, 'strip') })
  })

  test('the bundled one refuses NODE_OPTIONS: one line that says so', async () => {
    bundle(
      `[ -z "$NODE_OPTIONS" ] || { echo 'node: --old is not allowed' >&2; exit 9; }; exec '${process.execPath}' "$@"`,
    )
    const { err, code } = await run(['lab'], { env: { NODE_OPTIONS: '--no-deprecation' } })
    expect(err).toMatch(/^socket-labs: .*NODE_OPTIONS \(node: --old is not allowed\): unset it\n$/)
    expect(code).toBe(2)
  })

  test.each([bundle, bundleThisNode])('says nothing of what is experimental in Node (%o)', async (arrange) => {
    arrange()
    expect(await run(['lab', 'warn'])).toMatchObject({ err: '', code: 0 })
  })
})
