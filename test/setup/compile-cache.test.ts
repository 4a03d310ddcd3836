/** Where the launcher has compiled code kept. It is code that we run: nobody else may write there. */
import * as fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'

import { bundleThisNode, describeBundled, root, told } from './project.ts'

describeBundled('the compile cache', () => {
  const inModules = () => path.join(root, 'node_modules', '.cache', 'socket-labs')
  const inTemporary = () => path.join(root, `socket-labs-${process.getuid?.()}`)
  /** Not ours to write to; for root, who may write everywhere, somebody else's. */
  const closeModules = () => {
    if (process.getuid?.() === 0) fs.chownSync(path.join(root, 'node_modules'), 65534, 65534)
    else fs.chmodSync(path.join(root, 'node_modules'), 0o555)
  }
  const cacheOf = async (env = {}) => (await told(['lab'], { env })).NODE_COMPILE_CACHE

  test('stands in node_modules, closed to others, and is used', async () => {
    bundleThisNode()
    expect(await cacheOf()).toBe(inModules())
    expect(fs.statSync(inModules()).mode & 0o777).toBe(0o700)
    expect(fs.readdirSync(inModules())).not.toEqual([])
  })

  test("is the user's own where there is one", async () => {
    expect(await cacheOf({ NODE_COMPILE_CACHE: path.join(root, 'own') })).toBe(path.join(root, 'own'))
    expect(fs.existsSync(inModules())).toBe(false)
  })

  test('stands in the temporary folder where node_modules cannot be written', async () => {
    closeModules()
    expect(await cacheOf()).toBe(inTemporary())
    expect(fs.statSync(inTemporary()).mode & 0o777).toBe(0o700)
  })

  test.each([
    ['others may write to it', () => (fs.mkdirSync(inTemporary()), fs.chmodSync(inTemporary(), 0o777))],
    ['it is a link', () => fs.symlinkSync(os.homedir(), inTemporary())],
    ['it is a file', () => fs.writeFileSync(inTemporary(), '')],
  ])('is done without where %s', async (_, arrange) => {
    closeModules()
    arrange()
    expect(await cacheOf()).toBeUndefined()
  })
})
