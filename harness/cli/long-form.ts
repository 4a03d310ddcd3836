/** Says which labs `--full` changes, where it does not change all of them. */

import type { LoadedLab } from '../domain/loaded-lab.ts'
import { asJoined } from '../words/phrases.en.ts'

export function whoHasNoLongForm(command: string, labs: readonly LoadedLab[]): string {
  const hasLongForm = ({ lab }: LoadedLab) => Object.values(lab.acts).some(({ longForm }) => longForm === true)
  const [having, lacking] = [labs.filter(hasLongForm), labs.filter((one) => one.defect === null && !hasLongForm(one))]
  if (lacking.length === 0) return ''
  const changed = having.length === 0 ? 'nothing' : `only ${asJoined(having.map(({ id }) => id))}`
  const [first] = lacking
  const who = lacking.length === 1 && first ? `${first.id} has` : `${lacking.length} of these labs have`
  return `${command}: ${who} no long form: --full changes ${changed}\n`
}
