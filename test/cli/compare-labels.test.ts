import { describe, expect, test } from 'vitest'

import { readCompared } from '../../harness/cli/compare-labels.ts'

const labels = (...words: string[]) => readCompared(words).map(({ label }) => label)

describe('a run is called', () => {
  test('by the name of its file', () => {
    expect(labels('runs/debian.json', 'macos.JSON', 'old.evidence')).toEqual(['debian', 'macos', 'old.evidence'])
  })

  test('by what a person says before the sign', () => {
    expect(readCompared(['my mac=a.json', 'b.json'])).toEqual([
      { label: 'my mac', file: 'a.json' },
      { label: 'b', file: 'b.json' },
    ])
    expect(readCompared(['x=a=b.json'])).toEqual([{ label: 'x', file: 'a=b.json' }])
  })

  test('by its file where a slash stands before the sign', () => {
    expect(readCompared(['./a=b.json'])).toEqual([{ label: 'a=b', file: './a=b.json' }])
  })

  test('with its folder where two files have one name, and with a number where that is alike too', () => {
    expect(labels('mac/run.json', 'wsl/run.json', 'c.json')).toEqual(['mac/run', 'wsl/run', 'c'])
    expect(labels('/a/x/run.json', '/b/x/run.json')).toEqual(['x/run (1)', 'x/run (2)'])
    expect(labels('same=a.json', 'same=b.json')).toEqual(['same (1)', 'same (2)'])
  })
})
