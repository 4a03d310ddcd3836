/** The name of a new lab: what was typed, with a number that no lab has. */

import { isLabName } from '../catalog/find.ts'
import { freeNumber } from '../catalog/inconsistencies.ts'
import { UsageError } from './usage.ts'

const NAME = /^(?:(\d\d)-)?([a-z0-9]+(?:-[a-z0-9]+)*)$/
const LONGEST_NAME = 40

/** @throws UsageError where the name cannot be had, with one that can or with what is allowed. */
export function chooseId(words: readonly string[], folders: readonly string[]): string {
  const [word, ...more] = words
  if (word === undefined) throw new UsageError('it needs a name, such as my-port: npm run lab:new my-port')
  if (more.length > 0) throw new UsageError(`it takes one name; join the words with hyphens: ${words.join('-')}`)
  const [, number, name] = NAME.exec(word) ?? []
  if (name === undefined || word.length > LONGEST_NAME) {
    const allowed = `a name is words in lower case with hyphens between them, at most ${LONGEST_NAME} letters in all`
    throw new UsageError(`'${word.slice(0, 60)}' is no name of a lab; ${allowed}: my-port or 31-my-port`)
  }
  const labs = folders.filter(isLabName)
  const next = freeNumber(labs)
  if (next === undefined) throw new UsageError('all numbers from 01 to 99 are taken')
  const namesake = labs.find((id) => id.slice(3) === name)
  if (namesake !== undefined) throw new UsageError(`there is a lab of that name: ${namesake}; take another name`)
  const holder = labs.find((id) => id.slice(0, 2) === number)
  if (holder !== undefined) throw new UsageError(`${holder} has the number ${number}; ${next} is free`)
  return `${number ?? next}-${name}`
}
