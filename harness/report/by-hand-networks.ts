/** Adds to the commands of an act those that make its networks, and those that bring each terminal into its own. */

import { networkCommands as way, networkCommandsOverIPv6 as wayOverIPv6 } from '../words/networks.en.ts'

/** A command, the terminal in which it is typed, and whether that is on the second host. */
export type TypedCommand = { terminal: number; command: string; onNeighbour: boolean }

/** `here`: the terminal for what blocks none, on the act's own host. */
export function withNetworks(commands: readonly TypedCommand[], here: number): TypedCommand[] {
  const there = commands.find(({ onNeighbour }) => onNeighbour)
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
    if (typed === there) join(typed.terminal)
    goTo(typed.terminal, typed.onNeighbour)
    lines.push(typed)
  }
  return lines
}
