/** Port numbers from the names that a listing prints when it is not asked for numbers (`-P`, `-n`). */

import { readFileSync } from 'node:fs'
import type { Protocol } from '../domain/endpoint.ts'
import { registeredNames } from './registered-names.ts'

/** Keys are `http-alt/tcp`. */
export type ServiceNames = ReadonlyMap<string, number>

/** Reads the text of services(5), where a line may give aliases and the first line for a name wins. */
export function readServiceNames(text: string): ServiceNames {
  const services = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [name, number, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    const [port, protocol] = (number ?? '').split('/')
    if (protocol === undefined || !/^\d+$/.test(port ?? '')) continue
    for (const key of [name, ...aliases])
      if (!services.has(`${key}/${protocol}`)) services.set(`${key}/${protocol}`, Number(port))
  }
  return services
}

let known: ServiceNames | undefined

/** This system's own names, read when the first name is met, and behind them the registered ones. */
function namesKnownHere(): ServiceNames {
  known ??= new Map([...registeredNames(), ...systemServiceNames()])
  return known
}

/** None where the system has no such file. */
function systemServiceNames(): ServiceNames {
  try {
    return readServiceNames(readFileSync('/etc/services', 'utf8'))
  } catch {
    return new Map()
  }
}

/** The number of a printed port: `8080`, `http-alt`, or `*` (no port: 0). `null` for an unknown name. */
export function readPort(text: string, protocol: Protocol, services?: ServiceNames): number | null {
  if (text === '*') return 0
  if (/^\d+$/.test(text)) return Number(text) <= 65_535 ? Number(text) : null
  const names = services ?? namesKnownHere()
  return names.get(`${text}/${protocol}`) ?? names.get(`${text.toLowerCase()}/${protocol}`) ?? null
}
