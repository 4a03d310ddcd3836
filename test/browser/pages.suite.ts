/** Looks at every page in a real browser: what a reader sees, at which width, in which colours, and with which keys. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { findChromium, look, startChromium } from './browser.ts'
import {
  background,
  cellsOutOfSight,
  firstFoldedStep,
  focused,
  foldedAway,
  headingsOfCells,
  isSeen,
  markReachable,
  openAll,
  screensOfDrawings,
  sticksOut,
  violations,
  widthOfPage,
  wordsOfDrawings,
} from './in-page.ts'
import type { PageName } from './pages.ts'
import { makePages, PAGES } from './pages.ts'

const program = findChromium()
const PHONE = { viewport: { width: 360, height: 740 } }
const DESK = { viewport: { width: 1280, height: 900 } }

describe.skipIf(program === null)('pages in Chromium (skipped where there is none)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'socket-labs-pages-'))
  let browser: Browser
  let files: Record<PageName, string>

  beforeAll(async () => {
    files = await makePages(folder)
    browser = await startChromium(program ?? '')
  }, 300_000)

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  describe.each(PAGES)('%s', (name) => {
    it('asks for nothing but itself, and nothing is wrong with it', async () => {
      const { page, complaints, requests } = await look(browser, files[name], DESK)
      await page.evaluate(openAll)
      expect(complaints).toEqual([])
      // The browser tells of addresses that lie in the page itself too.
      expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([`file://${files[name]}`])
      await page.context().close()
    })

    it('fits a phone of 360 pixels, with everything open', async () => {
      const { page } = await look(browser, files[name], PHONE)
      await page.evaluate(openAll)
      expect(await page.evaluate(widthOfPage)).toBe(360)
      expect(await page.evaluate(sticksOut)).toEqual([])
      await page.context().close()
    })

    it.each([
      ['light', PHONE],
      ['dark', DESK],
    ] as const)('has no violation that axe-core knows, in %s colours', async (colorScheme, size) => {
      // axe-core is a program, which the page forbids: only the tester is let in.
      const { page } = await look(browser, files[name], { ...size, colorScheme, bypassCSP: true })
      await page.evaluate(openAll)
      await page.evaluate(axe.source)
      expect(await page.evaluate(violations)).toEqual([])
      await page.context().close()
    })

    it('is the same without JavaScript', async () => {
      const [plain, usual] = await Promise.all([
        look(browser, files[name], { ...DESK, javaScriptEnabled: false }),
        look(browser, files[name], DESK),
      ])
      const [text, usualText] = await Promise.all([plain, usual].map(({ page }) => page.locator('body').innerText()))
      expect(text).toBe(usualText)
      expect(text).not.toBe('')
      await Promise.all([plain, usual].map(({ page }) => page.context().close()))
    })

    it('is all there by keyboard, in its order, and one sees where one is', async () => {
      const { page } = await look(browser, files[name], PHONE)
      const wanted = await page.evaluate(markReachable)
      const reached: string[] = []
      for (let at = 0; at < wanted.length; at++) {
        await page.keyboard.press('Tab')
        const { order, outline } = await page.evaluate(focused)
        reached.push(order)
        expect(outline).toBe('solid 3px')
      }
      expect(reached).toEqual(wanted)
      await page.context().close()
    })

    it('lets a keyboard pass over what stands before the content', async () => {
      const { page } = await look(browser, files[name], DESK)
      await page.keyboard.press('Tab')
      expect((await page.evaluate(focused)).name).toBe('skip-link')
      await page.keyboard.press('Enter')
      expect((await page.evaluate(focused)).name).toBe('page.main')
      await page.context().close()
    })

    it('is whole on paper: everything is open, and nothing is dark', async () => {
      const { page } = await look(browser, files[name], { ...DESK, colorScheme: 'dark' })
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      expect(await page.evaluate(foldedAway)).toEqual([])
      expect(await page.evaluate(background)).toBe('rgb(255, 255, 255)')
      expect((await page.pdf()).length).toBeGreaterThan(10_000)
      await page.context().close()
    })
  })

  it('has the answers of every machine in sight on a phone, each under its name', async () => {
    const { page } = await look(browser, files.compare, PHONE)
    await page.evaluate(openAll)
    expect(await page.evaluate(cellsOutOfSight)).toEqual([])
    const headings = await page.evaluate(headingsOfCells)
    for (const machine of ['honest', 'lied']) expect(headings.some((one) => one.includes(machine))).toBe(true)
    await page.context().close()
    // Where there is room the columns have the names.
    const desk = await look(browser, files.compare, DESK)
    expect(new Set(await desk.page.evaluate(headingsOfCells))).toEqual(new Set(['none']))
    await desk.page.context().close()
  })

  it.each(['ports', 'who', 'run', 'verify'] as const)(
    'has every cell of a table in sight on a phone: %s',
    async (name) => {
      const { page } = await look(browser, files[name], PHONE)
      await page.evaluate(openAll)
      expect(await page.evaluate(cellsOutOfSight)).toEqual([])
      await page.context().close()
    },
  )

  it.each([
    ['phone', PHONE],
    ['desk', DESK],
  ] as const)('shows the drawings that are made for a %s', async (screen, size) => {
    const { page } = await look(browser, files.run, size)
    await page.evaluate(openAll)
    expect(await page.evaluate(screensOfDrawings)).toEqual([`drawing for-${screen}`])
    await page.context().close()
  })

  it('opens the fold in which a link ends', async () => {
    const { page } = await look(browser, files.run, DESK)
    const step = await page.evaluate(firstFoldedStep)
    expect(await page.evaluate(isSeen, step)).toBe(false)
    await page.goto(`file://${files.run}#${step}`)
    await expect.poll(() => page.evaluate(isSeen, step), { timeout: 30_000 }).toBe(true)
    await page.context().close()
  })

  it('draws what happened, with words for who does not see it', async () => {
    const { page } = await look(browser, files.run, DESK)
    const words = await page.evaluate(wordsOfDrawings)
    expect(words.length).toBeGreaterThan(4)
    for (const one of words) expect(one).toMatch(/\w+ \w+/)
    await page.context().close()
  })
})
