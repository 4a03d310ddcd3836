import { join } from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { OWN_LABS } from '../../harness/catalog/find.ts'
import { loadLab } from '../../harness/catalog/load.ts'
import { LabsFolder } from './labs-folder.ts'

const labs = new LabsFolder()
afterAll(() => labs.delete())

describe('a sound lab', () => {
  labs.addLab('01-sound')

  test('is loaded with its words, its claims and the lines of its checks', async () => {
    const lab = await loadLab('01-sound', labs.path)
    expect(lab).toMatchObject({ id: '01-sound', defect: null, file: 'labs/01-sound/lab.ts' })
    expect(lab.narration.title).toBe('A server that listens, and a client that dials it')
    expect(lab.claims['C1']).toMatchObject({ document: 'cafe' })
    const text = labs.read('01-sound', 'lab.ts').split('\n')
    const ids = Object.keys(lab.lab.acts['firstAct']?.checks ?? {})
    expect(ids).toHaveLength(2)
    for (const id of ids) expect(text[(lab.lines[id] ?? 0) - 1]).toContain(`'${id}': {`)
  })

  test('starts the programs of the project where it has none of its own', async () => {
    const lab = await loadLab('01-sound', labs.path)
    expect(lab.programFile('server1')).toBe(join(OWN_LABS, 'programs/server1.ts'))
  })
})

describe('a lab that cannot run says why, and still counts', () => {
  const broken = (id: string, breakIt: (id: string) => void) => {
    labs.addLab(id)
    breakIt(id)
    return id
  }

  test.each([
    [broken('02-no-words', (id) => labs.remove(id, 'narration.en.ts')), 'narration.en.ts is missing'],
    [broken('03-no-lab', (id) => labs.remove(id, 'lab.ts')), 'lab.ts is missing'],
    [broken('04-number', (id) => labs.write(`${id}/lab.ts`, 'export default 7\n')), 'the id is undefined'],
    [
      broken('05-null', (id) => labs.write(`${id}/lab.ts`, 'export default { id: null, acts: { a: null } }\n')),
      'the id is null',
    ],
    [broken('06-throws', (id) => labs.write(`${id}/lab.ts`, "throw new Error('early')\n")), 'Error: early'],
    [
      broken('07-silent', (id) => labs.edit(`${id}/narration.en.ts`, "'timed-out': {", "'timed-in': {")),
      "outcome 'timed-out'",
    ],
  ])('%s: %s', async (id, why) => {
    const lab = await loadLab(id, labs.path)
    expect(lab.defect).toContain(why)
    expect(Object.values(lab.lab.acts).flatMap(({ checks }) => Object.keys(checks)).length).toBeGreaterThan(0)
  })

  test('where only words are missing, its own checks are the ones that are inconclusive', async () => {
    const lab = await loadLab('07-silent', labs.path)
    expect(Object.keys(lab.lab.acts['firstAct']?.checks ?? {})).toContain('silent-client-reaches-server')
  })

  test('two labs with one number are both defective', async () => {
    const twins = new LabsFolder()
    try {
      twins.addLab('08-one')
      twins.addLab('08-other')
      for (const id of ['08-one', '08-other']) {
        expect((await loadLab(id, twins.path)).defect).toMatch(/08-one|08-other.*have the same number/)
      }
    } finally {
      twins.delete()
    }
  })

  test('it is listed with its defect, and running it ends with exit code 3', async () => {
    expect((await labs.run('harness/cli/lab.ts')).stdout).toContain(
      'cannot run: labs/03-no-lab/lab.ts:1: lab.ts is missing',
    )
    const { exitCode, stdout } = await labs.run('harness/cli/lab.ts', '02')
    expect(exitCode).toBe(3)
    expect(stdout).toContain('narration.en.ts is missing')
  })
})
