/** The heading of an act: its title, its port, and what a reader must know beforehand. */

import type { ActHeader } from '../domain/event.ts'
import { OWN_NETWORK } from '../words/networks.en.ts'
import type { Layout } from './layout.ts'

export function actHeading({ paint, paragraph }: Layout, act: ActHeader, indent: string): string {
  const { number, of, title, port, notes, network } = act
  const where = port === null ? '' : `, port ${port}`
  const heading = paint(['bold', 'cyan'], paragraph(`Act ${number} of ${of}: ${title}${where}`, indent))
  const quiet = network === 'own' ? paint('dim', paragraph(OWN_NETWORK, indent)) : ''
  return heading + notes.map((note) => paragraph(note, indent)).join('') + quiet
}
