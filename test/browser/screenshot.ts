/** Makes docs/report.png, the picture in the README: `node test/browser/screenshot.ts`. The page is one of a real run. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { lab, PROJECT } from '../lab-command.ts'
import { namespaced } from '../namespace.ts'
import { findChromium, look, startChromium } from './browser.ts'
import { hideBuild } from './in-page.ts'

const WIDTH = 1200
const BELOW = 8

const program = findChromium()
if (program === null) throw new Error('there is no Chromium here')
const folder = mkdtempSync(join(tmpdir(), 'socket-labs-picture-'))
try {
  const file = join(folder, 'report.html')
  // In a network of its own the documents' port is free.
  const { exitCode, stderr } = await lab(['05-address-in-use', '--report', `html=${file}`], {
    prefix: namespaced(),
    timeoutMs: 100_000,
  })
  if (exitCode !== 0) throw new Error(`the lab ended with ${exitCode}: ${stderr}`)
  const browser = await startChromium(program)
  const { page } = await look(browser, file, { viewport: { width: WIDTH, height: 1000 }, colorScheme: 'light' })
  await page.evaluate(hideBuild)
  const drawing = await page.locator('figure').first().boundingBox()
  if (drawing === null) throw new Error('nothing is drawn')
  const height = Math.ceil(drawing.y + drawing.height + BELOW)
  await page.screenshot({
    path: join(PROJECT, 'docs/report.png'),
    fullPage: true,
    clip: { x: 0, y: 0, width: WIDTH, height },
  })
  await browser.close()
} finally {
  rmSync(folder, { recursive: true })
}
