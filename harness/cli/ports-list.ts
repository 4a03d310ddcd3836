/** The list of ports: services, from where they are reached, what deserves a look, and how the lines are read. */

import type { PortsView } from '../domain/ports-view.ts'
import { portsView } from '../ports/view.ts'
import type { Layout } from '../report/layout.ts'
import { createLayout } from '../report/layout.ts'
import { wantsColor } from './color.ts'
import type { PortsOptions } from './ports-options.ts'
import { screenOf } from './ports-output.ts'
import { tell } from './ports-page.ts'
import type { Handed } from './ports-subject.ts'
import { findHanded } from './ports-subject.ts'
import { EXIT_INCONCLUSIVE, UsageError } from './usage.ts'

/** Longer lines of text are hard to read, however wide the terminal is. The table may be wider. */
const WIDEST = 100

export async function performList(options: PortsOptions): Promise<void> {
  const handed = await findHanded(options)
  const screen = screenOf()
  const color = wantsColor(options.color, process.env, screen)
  const layout = createLayout({ columns: screen.columns, color, widest: WIDEST })
  const { text, shown, advice } =
    handed === null ? await onMachine(options, layout) : await onHanded(handed, options, layout)
  await tell(options.page, text, async (seen) => {
    const { portsHtml } = await import('../report/html/ports-list.ts')
    return portsHtml(shown, { advice, seen: handed === null ? seen : { ...seen, host: null } })
  })
}

/** What goes to standard output, and what a page is made of. */
type Told = { text: Iterable<string>; shown: Parameters<PortsHtml>[0]; advice: Advice }
type PortsHtml = (typeof import('../report/html/ports-list.ts'))['portsHtml']
type Advice = { text: string; command: string | null } | null

async function onHanded(all: readonly Handed[], options: PortsOptions, layout: Layout): Promise<Told> {
  // The readers are loaded where there is something to read.
  const { readListings } = await import('../listing/recognise.ts')
  const shown = all.map(({ name, text }) => {
    if (text.trimStart().startsWith('{'))
      throw new UsageError(`${name} is JSON, no listing; for a snapshot: --diff FILE`)
    return { name, view: portsView(readListings(text)) }
  })
  if (shown.every(({ view }) => view.listings.length === 0)) process.exitCode = EXIT_INCONCLUSIVE
  const [only, ...more] = shown
  if (only !== undefined && more.length === 0) {
    return { text: await inForm(only.view, options, layout), shown, advice: null }
  }
  if (options.form === 'json') throw new UsageError('--json tells of one listing at a time; name one file')
  const texts = await Promise.all(shown.map(({ view }) => inForm(view, options, layout)))
  const names = all.map(({ name }) => name)
  return { text: eachNamed(names, texts, options.form), shown, advice: null }
}

function* eachNamed(names: readonly string[], texts: readonly Iterable<string>[], form: string): Generator<string> {
  for (const [index, name] of names.entries()) {
    if (index > 0) yield '\n\n'
    yield form === 'markdown' ? `# ${name}\n\n` : `==> ${name} <==\n`
    yield* texts[index] ?? []
  }
}

/** What is a matter of the listing in a paste is a matter of this user's rights here: it is said with what to do. */
async function onMachine(options: PortsOptions, layout: Layout): Promise<Told> {
  const { lookAtMachine } = await import('../ports/machine.ts')
  const look = await lookAtMachine(options.from)
  const view = portsView({ listings: [look.listing], unread: [] }, look.about)
  // JSON says what the listing cannot say, and leaves it to its reader what to do.
  if (options.form === 'json' && options.page === null) return plainly(view, options, layout)
  const rights = (await import('./ports-rights.ts')).onRights(look)
  if (rights === null) return plainly(view, options, layout)
  const { advice, command, blind } = rights
  const told = { ...view, listings: view.listings.map((listing) => ({ ...listing, blind })) }
  const shown = [{ name: null, view: told }]
  const whatToDo = { text: advice, command }
  if (options.form === 'json') return { text: await inForm(view, options, layout), shown, advice: whatToDo }
  const text = await inForm(told, options, layout)
  const line = options.form === 'text' ? layout.paragraph(advice, '') : `${advice}\n`
  const last = `\n${line}${command === null ? '' : `\n    ${command}\n`}`
  return { text: followed(text, last), shown, advice: whatToDo }
}

async function plainly(view: PortsView, options: PortsOptions, layout: Layout): Promise<Told> {
  return { text: await inForm(view, options, layout), shown: [{ name: null, view }], advice: null }
}

function* followed(text: Iterable<string>, last: string): Generator<string> {
  yield* text
  yield last
}

async function inForm(view: PortsView, { form, connections }: PortsOptions, layout: Layout): Promise<Iterable<string>> {
  const most = connections ? Infinity : undefined
  switch (form) {
    case 'json':
      return [(await import('../report/ports-json.ts')).portsJson(view)]
    case 'markdown':
      return (await import('../report/ports-markdown.ts')).portsMarkdown(view, most)
    case 'text':
      return (await import('../report/ports-text.ts')).portsText(layout, view, most)
  }
}
