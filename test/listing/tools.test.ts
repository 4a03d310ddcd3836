/** Tools that are not what their name says, and sockets that come and go while they look. */

import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { askLsof, askNetstat, askSs } from '../../harness/listing/ask.ts'
import { listSockets } from '../../harness/listing/list.ts'
import { bindUdp, listen, pretend } from './real-sockets.ts'

const hasTables = existsSync('/proc/net/tcp')

describe('a tool of the same name that is another', () => {
  it.each([
    ['lsof', askLsof, String.raw`printf '1\t/bin/busybox\t0\t/dev/null\n'`, 'lsof: it prints other columns than lsof'],
    [
      'lsof',
      askLsof,
      'echo "lsof: unacceptable port specification in: -i x" >&2; exit 1',
      'lsof: lsof: unacceptable port',
    ],
    ['lsof', askLsof, 'echo COMMAND PID USER NAME; kill -9 $$', 'lsof was ended by SIGKILL'],
    ['ss', askSs, 'echo hello', 'ss: it prints other columns than the ss of iproute2'],
    [
      'ss',
      askSs,
      'echo State Recv-Q Send-Q; echo "Cannot open netlink socket" >&2; exit 1',
      'ss: Cannot open netlink socket',
    ],
    ['ss', askSs, 'exit 255', 'ss: it ended with exit code 255'],
    [
      'netstat',
      askNetstat,
      `echo "netstat: invalid option -- 'p'" >&2; exit 1`,
      "netstat: netstat: invalid option -- 'p'",
    ],
    [
      'netstat',
      askNetstat,
      'echo Active Internet connections; echo Proto Recv-Q Send-Q  Local',
      "netstat: it prints other columns than Linux's",
    ],
  ])('(%s) is absent, with the reason', async (name, ask, script, reason) => {
    pretend(name, script)
    expect(await ask({ port: 8080 })).toEqual({
      absent: { source: name, reason: expect.stringContaining(reason) as string },
    })
  })

  it.each(['exit 1', 'echo "lsof: WARNING: cannot stat() /x" >&2; echo "      Output may be incomplete." >&2; exit 1'])(
    'is not what an lsof is that finds nothing (%s)',
    async (script) => {
      pretend('lsof', script)
      expect(await askLsof({ port: 8080 })).toMatchObject({ listing: { source: 'lsof', rows: [], printed: [] } })
    },
  )

  it('is found out where it shows another listener than the kernel does', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    const heading = 'COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME'
    pretend('lsof', `echo '${heading}'; echo 'node 1 root 3u IPv4 7 0t0 TCP 127.0.0.9:${port} (LISTEN)'`)
    const { shown, disagreements } = await listSockets({ port })
    expect(shown.source).toBe('lsof')
    if (hasTables) expect(disagreements.join()).toContain(`TCP 127.0.0.9:${port} (IPv4) is shown by lsof, and not by`)
  })

  it('is named by the command that a person would type', async () => {
    const typed = await Promise.all([
      askLsof({ port: 8080 }),
      askSs({ port: 8080 }),
      askNetstat({ port: 8080, protocol: 'tcp' }),
    ])
    const commands = ['lsof +c 0 -nP -i :8080', "ss -tunap 'sport = :8080'", "netstat -tnapW | grep -E 'Proto|:8080 '"]
    for (const [index, answer] of typed.entries()) {
      if ('listing' in answer) expect(answer.listing.command).toBe(commands[index])
      else expect(answer.absent.reason).toMatch(/ENOENT|columns|option|protocol/)
    }
  })
})

describe.skipIf(!hasTables)('sockets that come while the tools look', () => {
  /** Adds a UDP socket to the port again and again, so that no two looks at it are alike. */
  async function addSockets(port: number, count: number): Promise<void> {
    for (let added = 0; added < count; added += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      await bindUdp('127.0.0.1', port, true)
    }
  }

  it('make the tools look again', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    pretend('netstat', 'sleep 0.3; exit 1')
    const [{ shown, others }] = await Promise.all([listSockets({ port }, 'ss'), addSockets(port, 1)])
    for (const { rows } of [shown, ...others]) {
      expect(rows.map(({ protocol }) => protocol).toSorted()).toEqual(['tcp', 'udp'])
    }
  })

  it('are not taken for a disagreement when they never end', async () => {
    const { port } = await listen({ host: '127.0.0.1', port: 0 })
    pretend('netstat', 'sleep 0.2; exit 1')
    const [{ disagreements }] = await Promise.all([listSockets({ port }), addSockets(port, 60)])
    expect(disagreements).toEqual([
      `The sockets of port ${port} changed during each of 3 looks: the listings are not compared.`,
    ])
  })
})
