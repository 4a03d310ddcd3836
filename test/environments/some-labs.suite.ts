/**
 * Settings of the system that concern some labs, under which none of them fails. A setting holds for one network
 * namespace, and acts with a network of their own have the kernel's defaults. So only labs with an act in the machine's
 * network are run, and of them only those which the setting could touch; which ones is read off the labs.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { findLabs } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import type { AnyAct } from '../../harness/domain/lab.ts'
import type { LoadedLab } from '../../harness/domain/loaded-lab.ts'
import { namespaced, noNamespace } from '../namespace.ts'
import { expectSound, runLabs } from '../run-all.ts'

const labs = await Promise.all(findLabs().map((id) => loadLab(id)))

/** The labs with an act in the machine's network of which this is true. */
function labsWith(isConcerned: (act: AnyAct, loaded: LoadedLab) => boolean): string[] {
  const concerned = labs.filter((loaded) =>
    Object.values(loaded.lab.acts).some((act) => act.network !== 'own' && isConcerned(act, loaded)),
  )
  return concerned.map(({ id }) => id)
}

/** All that stands in the files of a lab. */
function textOf({ folder, id }: LoadedLab): string {
  const files = readdirSync(join(folder, id)).filter((name) => name.endsWith('.ts'))
  return files.map((name) => readFileSync(join(folder, id, name), 'utf8')).join('\n')
}

const outcomesOf = ({ checks }: AnyAct) => Object.values(checks).flatMap(({ outcomes }) => outcomes)

async function expectSoundUnder(setting: string, concerned: readonly string[]): Promise<void> {
  expect(concerned.length).toBeGreaterThan(1)
  expectSound(await runLabs(concerned, { prefix: namespaced(setting) }), [], ['another-user'])
}

describe.skipIf(noNamespace)(`in a network namespace${noNamespace ? ` (skipped: ${noNamespace})` : ''}`, () => {
  test('with a hundred ports for clients, of which 8080 is one', async () => {
    // Every client gets its port from there.
    await expectSoundUnder(
      'sysctl -qw net.ipv4.ip_local_port_range="8030 8130"',
      labsWith(() => true),
    )
  })

  test('with a hundred ports for clients elsewhere', async () => {
    await expectSoundUnder(
      'sysctl -qw net.ipv4.ip_local_port_range="40000 40100"',
      labsWith(({ requires }) => requires?.includes('ephemeral-range') === true),
    )
  })

  test('with bindv6only set', async () => {
    await expectSoundUnder(
      'sysctl -qw net.ipv6.bindv6only=1',
      labsWith(({ requires }) => requires?.includes('ipv6-loopback') === true),
    )
  })

  test('with every port allowed to every user, and addresses that are not local', async () => {
    await expectSoundUnder(
      'sysctl -qw net.ipv4.ip_unprivileged_port_start=0 net.ipv4.ip_nonlocal_bind=1 net.ipv6.ip_nonlocal_bind=1',
      labsWith((act) => outcomesOf(act).some((outcome) => outcome === 'EACCES' || outcome === 'EADDRNOTAVAIL')),
    )
  })

  test('with no connection kept in TIME-WAIT', async () => {
    await expectSoundUnder(
      'sysctl -qw net.ipv4.tcp_max_tw_buckets=0',
      labsWith((_act, loaded) => /TIME[-_]WAIT/.test(textOf(loaded))),
    )
  })
})
