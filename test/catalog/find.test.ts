import { join } from 'node:path'

import { afterAll, afterEach, expect, test, vi } from 'vitest'

import {
  findLabFolders,
  findLabs,
  findPrograms,
  labsFolder,
  OWN_LABS,
  programFile,
} from '../../harness/catalog/find.ts'
import { LabsFolder, PROJECT } from './labs-folder.ts'

const labs = new LabsFolder()
afterAll(() => labs.delete())
afterEach(() => vi.unstubAllEnvs())

labs.write('02-b/lab.ts', '')
labs.write('01-a/lab.ts', '')
labs.write('1-short/lab.ts', '')
labs.write('03-Capital/lab.ts', '')
labs.write('04-trailing-/lab.ts', '')
labs.write('05/lab.ts', '')
labs.write('.hidden/lab.ts', '')
labs.write('06-a-file', '')
labs.write('programs/other.ts', '')
labs.write('programs/server1.ts', '')
labs.write('programs/notes.md', '')

test('labs are found by the names of their folders, in the order of their numbers', () => {
  expect(findLabs(labs.path)).toEqual(['01-a', '02-b'])
})

test('a folder with another name is no lab, but is not overlooked', () => {
  const others = ['03-Capital', '04-trailing-', '05', '1-short']
  expect(findLabFolders(labs.path)).toEqual(['01-a', '02-b', ...others].sort())
})

test('programs are found without what is none', () => {
  expect(findPrograms(labs.path)).toEqual(['other', 'server1'])
  expect(findPrograms(labs.file('01-a'))).toEqual([])
})

test('a program beside the labs comes before one of the project, which comes before none', () => {
  expect(programFile('server1', labs.path)).toBe(labs.file('programs', 'server1.ts'))
  expect(programFile('server2', labs.path)).toBe(join(OWN_LABS, 'programs/server2.ts'))
  expect(programFile('nobody', labs.path)).toBe(labs.file('programs', 'nobody.ts'))
})

test('SOCKET_LABS_FOLDER names the folder; empty, it names the own one', () => {
  vi.stubEnv('SOCKET_LABS_FOLDER', labs.path)
  expect(labsFolder()).toBe(labs.path)
  vi.stubEnv('SOCKET_LABS_FOLDER', '')
  expect(labsFolder()).toBe(join(PROJECT, 'labs'))
})
