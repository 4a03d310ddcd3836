/**
 * services: tells the names for ports that this machine keeps in /etc/services, the services database.
 * By hand: npm run program services
 */

import { existsSync, readFileSync } from 'node:fs'

import { say } from '../../harness/program.ts'

process.title = 'services'

say.running()
const lines = existsSync('/etc/services') ? readFileSync('/etc/services', 'latin1').split('\n') : []
const services = lines.flatMap((line) => {
  const [, name, port, protocol] = /^([\w.+-]+)\s+(\d+)\/(\w+)/.exec(line) ?? []
  return name && port && protocol ? [[name, Number(port), protocol]] : []
})
say.saw('services', services)
