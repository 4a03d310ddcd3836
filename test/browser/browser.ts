/** A real browser that looks at pages: Debian's Chromium, or the one that CHROMIUM names. */

import { accessSync, constants } from 'node:fs'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The program, or null where there is none. */
export function findChromium(): string | null {
  return PLACES.find((place): place is string => place !== undefined && isExecutable(place)) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export async function startChromium(executablePath: string): Promise<Browser> {
  // The sandbox of Chromium refuses to start as root, and needs what containers often forbid. The pages are our own.
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

export type Seen = { page: Page; complaints: string[]; requests: string[] }

/** Opens a file, and listens to whatever the browser says of it and asks for. */
export async function look(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Seen> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(`file://${file}`)
  return { page, complaints, requests }
}
