/** What `npm run doctor` tells, section by section, for every form in which people read it. */

import type { DoctorReport, Forecast, LabForecast } from '../domain/forecast.ts'
import type { SandboxFacts } from '../domain/graded.ts'
import type { Machine, Trial } from '../domain/machine.ts'
import {
  effectInWords,
  effectsInWords,
  filterInWords,
  keptBackInWords,
  labsInWords,
  nothingHelpsInWords,
  remedyInWords,
  skippedIn,
  skipInWords,
  unsureIn,
} from '../words/doctor-forecast.en.ts'
import type { Wanting } from '../words/doctor-forecast.en.ts'
import {
  absentInWords,
  columnWords,
  doctorTitles,
  installedInWords,
  loopbackInWords,
  namesInWords,
  no,
  noLoopbackInWords,
  NOTHING,
  protocolNames,
  rightNames,
  runtimeInWords,
  sandboxInWords,
  settingsInWords,
  systemInWords,
  unfitInWords,
  usualInWords,
  yes,
} from '../words/doctor.en.ts'
import type { Format } from './layout.ts'
import { sentence } from './plain.ts'
import type { Column, TableRow } from './table.ts'

/** A line of a list: what it is about, and what is said of it. */
export type Item = { label: string; text: string; format?: Format }

export type Part =
  { text: string } | { command: string } | { items: Item[] } | { columns: readonly Column[]; rows: TableRow[] }

/** `isLong`: a page may fold it away. */
export type Section = { title: string; isLong: boolean; parts: Part[] }

export function doctorSections({ machine, forecast, names, sandbox }: DoctorReport): Section[] {
  const { runtime, loopback, protocols, rights } = machine
  const sections = [
    section(doctorTitles.names, names === null ? [] : namesInWords(names).map(asText)),
    section(doctorTitles.system, systemInWords(machine).map(asText)),
    section(doctorTitles.runtime, runtimeInWords(runtime).map(asText)),
    section(doctorTitles.loopback, [
      ...(loopback.length === 0 ? [noLoopbackInWords] : loopback.map(loopbackInWords)).map(asText),
      trialList(protocols, protocolNames),
      ...filterInWords(forecast.filter).map(asText),
    ]),
    section(doctorTitles.settings, settingParts(machine), true),
    section(doctorTitles.effects, effectParts(forecast), true),
    section(doctorTitles.tools, toolParts(machine)),
    section(doctorTitles.rights, [trialList(rights, rightNames)]),
    section(doctorTitles.sandbox, sandbox ? sandboxParts(sandbox, machine) : []),
    section(doctorTitles.labs, labParts(forecast)),
    section(doctorTitles.remedies, remedyParts(forecast)),
  ]
  return sections.filter(({ parts }) => parts.length > 0)
}

function section(title: string, parts: Part[], isLong = false): Section {
  return { title, isLong, parts }
}

function asText(text: string): Part {
  return { text }
}

function trialList<K extends string>(trials: Record<K, Trial>, names: Record<K, string>): Part {
  const items = (Object.entries(trials) as [K, Trial][]).map(([key, { works, how }]) => ({
    label: names[key],
    text: `${works ? yes : no}: ${sentence(how)}`,
    ...(works ? {} : { format: 'yellow' as const }),
  }))
  return { items }
}

/** What is not usual is marked, for readers without colour too. */
function settingParts({ settings }: Machine): Part[] {
  const known = settings.filter(({ value }) => value !== null)
  const isUnusual = (value: string | null, usual: string | null) => usual !== null && value !== usual
  const rows = known.map((setting) => {
    const { name, value, usual } = setting
    const isMarked = isUnusual(value, usual)
    return {
      cells: [isMarked ? '*' : '', name, value === '' || value === null ? NOTHING : value, usualInWords(setting)],
      ...(isMarked ? { format: 'yellow' as const } : {}),
    }
  })
  const unusual = known.filter(({ value, usual }) => isUnusual(value, usual)).length
  const { setting, value, usual } = columnWords
  const columns = ['', setting, value, usual].map((heading) => ({ heading }))
  return [asText(settingsInWords(unusual, known.length)), ...(rows.length > 0 ? [{ columns, rows }] : [])]
}

const ABSENT = 'not installed'

function toolParts({ tools }: Machine): Part[] {
  const here = tools.filter(({ version }) => version !== null)
  const absent = tools.filter(({ why }) => why === ABSENT)
  const unfit = tools.filter(({ version, why }) => version === null && why !== ABSENT)
  return [
    ...(here.length > 0 ? [asText(installedInWords(here))] : []),
    ...(absent.length > 0 ? [asText(absentInWords(absent))] : []),
    ...unfit.map((one) => asText(unfitInWords(one))),
  ]
}

/** What is kept is counted, and what is not is told. */
function sandboxParts(sandbox: SandboxFacts, { system }: Machine): Part[] {
  const told = sandboxInWords(sandbox, system.os === 'linux')
  const broken = sandbox.kind === 'none' ? [] : sandbox.promises.filter(({ kept }) => !kept)
  const items = broken.map(({ what, how }) => ({
    label: what,
    text: `${no}: ${sentence(how)}`,
    format: 'yellow' as const,
  }))
  return [...told.map(asText), ...(items.length > 0 ? [{ items }] : [])]
}

function labParts(forecast: Forecast): Part[] {
  const { labs } = forecast
  const items = [...reasons(labs, true), ...reasons(labs, false)]
  const told = [...labsInWords(forecast), ...keptBackInWords(forecast.filter)]
  return [...told.map(asText), ...(items.length > 0 ? [{ items }] : [])]
}

/** One for each capability that is lacking, with the labs that want it. */
function reasons(labs: readonly LabForecast[], isSure: boolean): Item[] {
  const found = new Map<string, { why: string; wanting: Wanting[] }>()
  for (const { lab, checks, skips, unsure } of labs) {
    for (const skip of isSure ? skips : unsure) {
      const reason = found.get(skip.capability) ?? { why: skip.why, wanting: [] }
      found.set(skip.capability, reason)
      reason.wanting.push({ lab, skipped: skip.checks.length, checks })
    }
  }
  return [...found].map(([label, { why, wanting }]) => ({ label, text: skipInWords(why, wanting, isSure) }))
}

function remedyParts({ labs, remedies }: Forecast): Part[] {
  const isWhole = labs.every((lab) => skippedIn(lab) + unsureIn(lab) === 0)
  if (remedies.length === 0 && isWhole) return []
  if (remedies.length === 0) return [asText(nothingHelpsInWords)]
  return remedies.flatMap((remedy) => {
    const { command } = remedy
    return [
      asText(`${remedyInWords(remedy)}${command === null ? '.' : ':'}`),
      ...(command === null ? [] : [{ command }]),
    ]
  })
}

function effectParts({ settings }: Forecast): Part[] {
  if (settings.length === 0) return []
  const items = settings.map((setting) => ({
    ...effectInWords(setting),
    ...(setting.here ? { format: 'yellow' as const } : {}),
  }))
  return [asText(effectsInWords), { items }]
}
