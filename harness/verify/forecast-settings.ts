/**
 * Which setting changes which answer. Each row was seen by running the lab under that setting in a network namespace.
 * Acts with a network of their own are not concerned: a new network has the settings of a fresh kernel.
 */

import type { SettingForecast } from '../domain/forecast.ts'
import type { Machine } from '../domain/machine.ts'

type Row = Omit<SettingForecast, 'here'> & { isSo: (values: readonly string[]) => boolean }

/** With fewer ports than this, labs that run side by side have taken them all now and then. */
const FEW_PORTS = 100

/** RFC 6335, section 6. */
const FIRST_DYNAMIC = 49_152

const ROWS: readonly Row[] = [
  {
    settings: ['net.ipv4.ip_unprivileged_port_start'],
    effect: 'no-port-is-privileged',
    lab: '15-privileged-ports',
    checks: ['program-of-ours-listens-on-a-privileged-port'],
    isSo: ([start]) => Number(start) <= 1,
  },
  {
    settings: ['net.ipv4.ip_local_port_range'],
    effect: 'any-client-port',
    lab: '08-ephemeral-ports',
    checks: ['client-can-get-any-port-from-1024-up'],
    isSo: ([range = '']) => rangeOf(range)[0] <= 1024 && rangeOf(range)[1] === 65_535,
  },
  {
    settings: ['net.ipv4.ip_local_port_range'],
    effect: 'dynamic-ports-only',
    lab: '08-ephemeral-ports',
    checks: ['port-that-the-system-chooses-is-a-dynamic-one'],
    isSo: ([range = '']) => rangeOf(range)[0] >= FIRST_DYNAMIC,
  },
  {
    settings: ['net.ipv4.ip_local_port_range'],
    effect: 'client-ports-run-out',
    lab: '',
    checks: [],
    isSo: ([range = '']) => rangeOf(range)[1] - rangeOf(range)[0] + 1 < FEW_PORTS,
  },
  {
    settings: ['net.ipv4.ip_nonlocal_bind'],
    effect: 'address-of-another-host',
    lab: '05-address-in-use',
    checks: ['listener-starts-on-an-address-that-is-not-local'],
    isSo: ([isAllowed]) => isAllowed === '1',
  },
]

/** Only where the machine has the setting. */
export function foretellSettings({ settings }: Machine): SettingForecast[] {
  return ROWS.flatMap(({ isSo, ...row }) => {
    const values = row.settings.map((name) => settings.find((setting) => setting.name === name)?.value ?? null)
    const known = values.filter((value) => value !== null)
    return known.length < values.length ? [] : [{ ...row, here: isSo(known) }]
  })
}

function rangeOf(text: string): [number, number] {
  const [first = NaN, last = NaN] = text.split(' ').map(Number)
  return [first, last]
}
