/** Programs of others on this machine: they take a port, or answer in the place of a lab's server. */

import type { Server } from 'node:net'
import { createServer } from 'node:net'

import { afterEach, expect, test } from 'vitest'

import { lab } from '../lab-command.ts'
import { namespaced, noNamespace } from '../namespace.ts'

let stranger: Server | undefined
afterEach(() => void stranger?.close())

/** Null where somebody else already has the port: that is a stranger, too. */
async function take(port: number): Promise<Server | null> {
  const server = createServer((client) => client.end('not your server\n'))
  return await new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen(port, () => resolve(server))
  })
}

test('where 8080 is taken, a lab uses another port, passes, and says so', async () => {
  stranger = (await take(8080)) ?? undefined
  const { exitCode, stdout } = await lab(['04'])
  expect(stdout).toMatch(/Act 1 of 4: .*, port 1\d{4}/)
  expect(stdout.replaceAll('\n', ' ')).toContain('The documents use port 8080. Here ')
  expect(exitCode).toBe(0)
})

test('where a port was asked for and is taken, the lab is inconclusive and says who has it', async () => {
  const port = 18_999
  stranger = (await take(port)) ?? undefined
  const { exitCode, stdout } = await lab(['04', '--port', String(port)])
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`port ${port} cannot be used:`)
  expect(exitCode).toBe(3)
})

test.skipIf(noNamespace)(
  `a stranger that takes the port in the middle is not told as the system's behaviour${noNamespace ? `: ${noNamespace}` : ''}`,
  async () => {
    // In a namespace of its own a program grabs every port that the lab leaves free for a moment.
    const grabber = `${process.execPath} -e '
    const net = require("node:net")
    const grab = () => {
      const server = net.createServer()
      server.on("error", () => setTimeout(grab, 1))
      server.listen(8080, "127.0.0.1", () => setTimeout(() => server.close(grab), 40))
    }
    setTimeout(grab, 600)
  ' & trap "kill $!" EXIT`
    const { stdout, exitCode } = await lab(['04'], {
      prefix: namespaced(grabber).map((part) => part.replace('exec "$@"', '"$@"')),
    })
    expect(stdout).not.toContain('FAIL')
    expect([0, 3]).toContain(exitCode)
  },
)
