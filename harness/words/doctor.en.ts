/** The words of `npm run doctor` about the machine itself. */

import type { MachineNames } from '../domain/forecast.ts'
import type { SandboxFacts } from '../domain/graded.ts'
import type { InstalledTool, LoopbackInterface, Machine, Setting } from '../domain/machine.ts'
import { SYSTEM_NAMES } from '../domain/os.ts'
import { asJoined } from './phrases.en.ts'

export const doctorTitles = {
  names: 'Names',
  system: 'System',
  runtime: 'Runtime',
  loopback: 'Loopback',
  settings: 'Settings',
  tools: 'Tools',
  rights: 'Rights',
  sandbox: 'Sandbox for handed-in programs',
  labs: 'Labs',
  remedies: 'To get the rest',
  effects: 'What a setting changes',
}

export const columnWords = { setting: 'setting', value: 'here', usual: 'usual' }

export const yes = 'yes'
export const no = 'no'
export const NOTHING = '(nothing)'

export function namesInWords({ host, user, addresses }: MachineNames): string[] {
  return [
    `The host is called ${host}.`,
    user === null ? 'The user has no name.' : `The user is ${user}.`,
    addresses.length === 0 ? 'It has no addresses.' : `Its addresses are ${asJoined(addresses)}.`,
  ]
}

export function systemInWords({ system, cores, openFiles }: Machine): string[] {
  const { os, kernel, architecture, distribution, surroundings } = system
  const name = `${SYSTEM_NAMES[os] ?? os} ${kernel} on ${architecture}, ${cores === 1 ? '1 core' : `${cores} cores`}`
  return [
    distribution === null ? `${name}.` : `${distribution}, ${name}.`,
    ...surroundings.map((one) => `This process is in ${one}.`),
    ...(surroundings.length === 0 ? ['No container, no WSL and no namespace was recognised around this process.'] : []),
    openFiles === null
      ? 'How many files a process may open is not known.'
      : openFiles.soft === openFiles.hard
        ? `A process may open ${openFiles.soft} files.`
        : `A process may open ${openFiles.soft} files, and may raise that to ${openFiles.hard}.`,
  ]
}

export function runtimeInWords({ node, nodeOrigin, libuv, interposed }: Machine['runtime']): string[] {
  const origin = nodeOrigin === 'bundled' ? 'brought along' : "the machine's own"
  return [
    `Node ${node.replace(/^v/, '')} (${origin}), libuv ${libuv}.`,
    ...interposed.map(({ name, value }) => `Between programs and the system stands ${name}: ${value}.`),
  ]
}

export function loopbackInWords({ name, isUp, addresses }: LoopbackInterface): string {
  const has = addresses.length === 0 ? 'no address' : asJoined(addresses)
  return `${name} is ${isUp ? 'up' : 'down'}, with ${has}.`
}

export const noLoopbackInWords = 'No loopback interface was found.'

export const protocolNames: Record<keyof Machine['protocols'], string> = {
  ipv4: 'IPv4',
  ipv6: 'IPv6',
  'dual-stack': 'dual-stack',
  '127.0.0.2': '127.0.0.2',
}

export const rightNames: Record<keyof Machine['rights'], string> = {
  'privileged-ports': 'ports below 1024',
  'user-namespaces': 'user namespaces',
  'packet-filter': 'packet filter',
  'another-user': 'another user',
}

export function sandboxInWords({ kind, promises }: SandboxFacts, isLinux: boolean): string[] {
  const install = isLinux && kind !== 'bubblewrap' ? ['What to install: bubblewrap, 0.7 or newer.'] : []
  if (kind === 'none') {
    const why = promises.map(({ how }) => how).join('; ')
    return [`There is none here: ${why}.`, ...install]
  }
  const kept = promises.filter((one) => one.kept).length
  return [`Made by ${kind}, and tried: ${kept} of ${promises.length} promises are kept.`, ...install]
}

export function usualInWords({ usual }: Setting): string {
  return usual === null ? 'depends' : usual === '' ? NOTHING : usual
}

export function settingsInWords(unusual: number, known: number): string {
  if (known === 0) return 'No setting of this system could be read.'
  return unusual === 0 ? 'Every setting has its usual value.' : 'Marked with * is what is not usual.'
}

export function installedInWords(tools: readonly InstalledTool[]): string {
  return `${asJoined(tools.map(({ name, version }) => `${name} ${version}`))}.`
}

export function absentInWords(tools: readonly InstalledTool[]): string {
  return `Not installed: ${asJoined(tools.map(({ name }) => name))}.`
}

export function unfitInWords({ name, why }: InstalledTool): string {
  return `${name} is there, and is not what is needed: ${why}.`
}
