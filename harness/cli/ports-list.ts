/** The list of ports: services, from where they are reached, what deserves a look, and how the lines are read. */

import type { PortsView } from '../domain/ports-view.ts'
import { portsView } from '../ports/view.ts'
import type { Layout } from '../report/layout.ts'
import { createLayout } from '../report/layout.ts'
import { wantsColor } from './color.ts'
import type { PortsOptions } from './ports-options.ts'
import { EXIT_BROKEN_PIPE, screenOf, writeOut } from './ports-output.ts'
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
  const pieces = handed === null ? await onMachine(options, layout) : await onHanded(handed, options, layout)
  if (!(await writeOut(pieces))) process.exitCode = EXIT_BROKEN_PIPE
}

async function onHanded(all: readonly Handed[], options: PortsOptions, layout: Layout): Promise<Iterable<string>> {
  // The readers are loaded where there is something to read.
  const { readListings } = await import('../listing/recognise.ts')
  const views = all.map(({ name, text }) => {
    if (text.trimStart().startsWith('{'))
      throw new UsageError(`${name} is JSON, no listing; for a snapshot: --diff FILE`)
    return portsView(readListings(text))
  })
  if (views.every(({ listings }) => listings.length === 0)) process.exitCode = EXIT_INCONCLUSIVE
  const [only, ...more] = views
  if (only !== undefined && more.length === 0) return inForm(only, options, layout)
  if (options.form === 'json') throw new UsageError('--json tells of one listing at a time; name one file')
  const texts = await Promise.all(views.map((view) => inForm(view, options, layout)))
  return eachNamed(
    all.map(({ name }) => name),
    texts,
    options.form,
  )
}

function* eachNamed(names: readonly string[], texts: readonly Iterable<string>[], form: string): Generator<string> {
  for (const [index, name] of names.entries()) {
    if (index > 0) yield '\n\n'
    yield form === 'markdown' ? `# ${name}\n\n` : `==> ${name} <==\n`
    yield* texts[index] ?? []
  }
}

/** What is a matter of the listing in a paste is a matter of this user's rights here: it is said with what to do. */
async function onMachine(options: PortsOptions, layout: Layout): Promise<Iterable<string>> {
  const { lookAtMachine } = await import('../ports/machine.ts')
  const look = await lookAtMachine(options.from)
  const view = portsView({ listings: [look.listing], unread: [] }, look.about)
  if (options.form === 'json') return inForm(view, options, layout)
  const rights = (await import('./ports-rights.ts')).onRights(look)
  if (rights === null) return inForm(view, options, layout)
  const { advice, command, blind } = rights
  const listings = view.listings.map((listing) => ({ ...listing, blind }))
  const text = await inForm({ ...view, listings }, options, layout)
  const told = options.form === 'text' ? layout.paragraph(advice, '') : `${advice}\n`
  return followed(text, `\n${told}${command === null ? '' : `\n    ${command}\n`}`)
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
