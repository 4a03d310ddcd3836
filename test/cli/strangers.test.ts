/** Programs of others: they have a port, or take it in the middle of a lab. Each test has a network of its own. */

import { describe, expect, test } from 'vitest'

import { lab } from '../lab-command.ts'
import { namespaced, noNamespace } from '../namespace.ts'

/** Runs `script`, a stranger's Node program. The lab starts when `ready` succeeds; the stranger ends with it. */
function beside(script: string, ready: string): string[] {
  const stranger = `"$1" -e '${script}' & stranger=$!; until ${ready}; do sleep 0.02; done; shift; "$@"; code=$?; kill $stranger; exit $code`
  return [...namespaced(), 'sh', '-c', stranger, 'sh', process.execPath]
}

const holds = (port: number) =>
  beside(
    `require("node:net").createServer().listen(${port})`,
    `grep -q ":${port.toString(16).toUpperCase()} " /proc/net/tcp6`,
  )

describe.skipIf(noNamespace)(`a stranger on the machine${noNamespace ? ` (skipped: ${noNamespace})` : ''}`, () => {
  test('that has 8080 makes a lab use another port, pass, and say so', async () => {
    const { exitCode, stdout } = await lab(['04'], { prefix: holds(8080) })
    expect(stdout).toMatch(/Act 1 of 4: .*, port 1\d{4}/)
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /The documents use port 8080\. Here node\S* \(process \d+\) uses it, so this lab uses another one\./,
    )
    expect(exitCode).toBe(0)
  })

  test('that has the port which was asked for makes the lab inconclusive, by name', async () => {
    const { exitCode, stdout } = await lab(['04', '--port', '9000'], { prefix: holds(9000) })
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/port 9000 cannot be used: node\S* \(process \d+\) uses it/)
    expect(exitCode).toBe(3)
  })

  test('that takes the port in the middle makes the act run again, and is never told as the behaviour of the system', async () => {
    // It waits until server7 listens, and takes the port as soon as server7 has served its client and ended.
    const grabs = `
      const { readFileSync } = require("node:fs")
      const grab = () => {
        const server = require("node:net").createServer()
        server.on("error", () => setTimeout(grab, 2)).listen(8080, "127.0.0.1")
      }
      const watch = () =>
        readFileSync("/proc/net/tcp6", "latin1").includes(":1F90 ") ? grab() : setTimeout(watch, 2)
      watch()`
    const { stdout, exitCode } = await lab(['04'], { prefix: beside(grabs, 'true') })
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('This act runs again on another port')
    expect(stdout).not.toContain('FAIL')
    expect(exitCode).toBe(0)
  })
})
