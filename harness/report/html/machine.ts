/** The machine on which it was seen, as far as answers depend on it. */

import type { HostFacts } from '../../domain/evidence.ts'
import type { Machine, Trial } from '../../domain/machine.ts'
import { hostInWords } from '../../words/en.ts'
import { filesInWords, machineWords, settingInWords, tableWords, userInWords } from '../../words/html.en.ts'
import { folded, list, table } from './boxes.ts'
import { facts } from './check.ts'
import type { Markup, Part } from './markup.ts'
import { markup, NOTHING } from './markup.ts'

/** What every run knows of its machine, and where it was kept the machine in full. */
export function machineHtml(host: HostFacts, machine: Machine | null): Markup {
  const { ephemeralRange, superuser } = host
  return markup`${facts([
    [machineWords.system, hostInWords(host)],
    ...(ephemeralRange === null ? [] : [[machineWords.clientPorts, ephemeralRange.join(' to ')] as const]),
    ...(superuser === null ? [] : [[machineWords.user, userInWords(superuser)] as const]),
    ...(machine === null ? [] : factsOf(machine)),
  ])}${machine === null ? NOTHING : settingsHtml(machine)}`
}

function factsOf({ system, runtime, loopback, openFiles, cores }: Machine): (readonly [string, Part])[] {
  const interfaces = loopback.map(({ name, isUp, addresses }) =>
    [name, isUp ? machineWords.up : machineWords.down, ...addresses].join(' '),
  )
  return [
    ...optional(machineWords.distribution, system.distribution),
    ...(system.surroundings.length === 0 ? [] : [[machineWords.surroundings, list(system.surroundings)] as const]),
    ...optional(machineWords.interposed, runtime.interposed.map(({ name, value }) => `${name}=${value}`).join(' ')),
    [machineWords.loopback, interfaces.join('; ')],
    ...(openFiles === null ? [] : [[machineWords.openFiles, filesInWords(openFiles)] as const]),
    [machineWords.cores, cores],
  ]
}

function settingsHtml({ settings, protocols, rights, tools, capabilities }: Machine): Markup {
  const lacking = Object.entries(capabilities).flatMap(([name, why]) => (why === null ? [] : [`${name}: ${why}`]))
  const set = settings.map(({ name, value, usual }) => ({
    cells: [markup`<code>${name}</code>`, settingInWords(value), usual ?? ''],
    kind: usual !== null && value !== null && value !== usual ? 'apart' : '',
  }))
  const installed = tools.map(({ name, version, why }) => ({
    cells: [name, version ?? why],
    kind: version === null ? 'quiet' : '',
  }))
  return markup`<h3>${machineWords.settings}</h3>
${table(machineWords.settings, SETTING_COLUMNS, set)}
<div class="columns"><div><h3>${machineWords.protocols}</h3>
${trials(protocols)}</div><div><h3>${machineWords.rights}</h3>
${trials(rights)}</div></div>
${lacking.length === 0 ? NOTHING : markup`<h3>${machineWords.lacking}</h3>\n${list(lacking)}`}${folded(
    machineWords.tools,
    table(machineWords.tools, TOOL_COLUMNS, installed),
  )}`
}

const SETTING_COLUMNS = [{ heading: tableWords.setting }, { heading: tableWords.value }, { heading: tableWords.usual }]
const TOOL_COLUMNS = [
  { heading: tableWords.tool, kind: 'name' },
  { heading: tableWords.version, kind: 'wide' },
] as const

function trials(all: Readonly<Record<string, Trial>>): Markup {
  return list(
    Object.entries(all).map(
      ([name, { works, how }]): Part =>
        markup`<strong>${name}</strong>: ${works ? machineWords.works : machineWords.worksNot}. <span class="notes">${how}</span>`,
    ),
  )
}

function optional(name: string, value: string | null): (readonly [string, string])[] {
  return value === null || value === '' ? [] : [[name, value]]
}
