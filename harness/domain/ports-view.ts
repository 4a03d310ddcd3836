/** What the layouts of `npm run ports` show of each listing, as plain data: what it says, what that means, how it is read. */

import type { LeftOut, Blind, ListingFormat, ScannedHost, UnreadLine } from './look.ts'
import type { ClientRow, Service } from './service.ts'

/** What can be explained of a listing. Each has its words in `harness/words/`; only what occurs is explained. */
export const TOPICS = [
  // How a line of each form is read.
  'lsof-line',
  'lsof-listen',
  'lsof-udp',
  'lsof-arrow',
  'lsof-star',
  'lsof-command-cut',
  'lsof-fields',
  'ss-line',
  'ss-listen',
  'ss-unconn',
  'ss-connected',
  'ss-wildcards',
  'ss-old-wildcards',
  'ss-users',
  'netstat-line',
  'netstat-udp',
  'netstat-process',
  'netstat-dash',
  'netstat-ipv6-wildcard',
  'netstat-bsd-line',
  'netstat-bsd-family',
  'netstat-windows-line',
  'netstat-windows-udp',
  'fstat-line',
  'fstat-arrow',
  'sockstat-line',
  'proc-line',
  'proc-state',
  'nmap-open',
  'nmap-closed',
  'nmap-filtered',
  'nmap-open-or-filtered',
  'nmap-unfiltered',
  'nmap-service',
  'nmap-not-shown',
  'nmap-one-address',
  // What the rows mean, whatever printed them.
  'udp-has-no-listen',
  'wildcard',
  'loopback',
  'one-address',
  'device',
  'loopback-device',
  'link-local',
  'multicast',
  'dual-stack',
  'ipv6-only',
  'several-processes',
  'several-sockets',
  'tcp-and-udp',
  'specific-beside-wildcard',
  'connection',
  'closing',
  'perhaps-client',
  'client-of-a-server',
  'not-listening',
  'no-port',
  'names-for-addresses',
] as const

export type Topic = (typeof TOPICS)[number]

/** One thing to be explained, with some of what it is about as the listing has it: `TCP 22`, `apache2`. */
export type Explained = { topic: Topic; examples: string[] }

/** One listing and what it means. The services are in the order of their numbers. */
export type ListingView = {
  format: ListingFormat
  /** The command as a person would type it, where it is known. */
  command: string | null
  /** The lines of a pasted text, from 1; `null` for a look at this machine. */
  lines: { from: number; to: number } | null
  /** How many rows were read. */
  rows: number
  services: Service[]
  clients: ClientRow[]
  /** Of a scan. */
  hosts: ScannedHost[]
  explained: Explained[]
  blind: Blind[]
  leftOut: LeftOut[]
  unread: UnreadLine[]
}

/** Everything that was read. `unread`: lines that stand outside every listing. */
export type PortsView = { listings: ListingView[]; unread: UnreadLine[] }
