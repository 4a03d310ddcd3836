/** Adds to the commands of an act those that make its networks, and those that bring each terminal into its own. */

import { networkCommands as way, networkCommandsOverIPv6 as wayOverIPv6 } from '../words/networks.en.ts'

/** A command, the terminal in which it is typed, and whether that is on the second host. */
export type TypedCommand = { terminal: number; command: string; onNeighbour: boolean }

/** The addresses of both hosts: of documentation, RFC 5737 and RFC 3849. */
const ON_THE_WIRE = /\b192\.0\.2\.|\b2001:db8:/

/** `here`: the terminal for what blocks none, on the act's own host. */
export function withNetworks(commands: readonly TypedCommand[], here: number): TypedCommand[] {
  const there = commands.find(({ onNeighbour }) => onNeighbour)
  // Also what is typed on the first host may need the wire, such as a scan of the second one's address.
  const first = commands.find(({ onNeighbour, command }) => onNeighbour || ON_THE_WIRE.test(command))
  const known = new Set<number>()
  const lines: TypedCommand[] = []
  const type = (terminal: number, onNeighbour: boolean, words: readonly string[]) =>
    lines.push(...words.map((command) => ({ terminal, onNeighbour, command })))
  const goTo = (terminal: number, onNeighbour: boolean) => {
    if (!known.has(terminal)) type(terminal, onNeighbour, [onNeighbour ? way.enterNeighbour : entry()])
    known.add(terminal)
  }
  const entry = () => (known.size === 0 ? way.make : way.enter)
  const join = (terminal: number) => {
    goTo(here, false)
    known.add(terminal)
    type(terminal, true, [way.makeNeighbour])
    const isOverIPv6 = commands.some(({ command }) => command.includes('2001:db8:'))
    type(here, false, [...way.joinHere, ...(isOverIPv6 ? wayOverIPv6.joinHere : [])])
    type(terminal, true, [...way.joinThere, ...(isOverIPv6 ? wayOverIPv6.joinThere : [])])
  }
  for (const typed of commands) {
    if (typed === first && there) join(there.terminal)
    goTo(typed.terminal, typed.onNeighbour)
    lines.push(typed)
  }
  return lines
}
