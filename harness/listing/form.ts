/** A form of listing, as data: how its lines are known, and who reads them. */

import type { LeftOut, ListingFormat, ScannedHost, UnreadLine } from '../domain/look.ts'
import type { SocketRow } from '../domain/socket-row.ts'
import type { Asked } from './asked.ts'

/** What a reader makes of the lines of one listing. */
export type FormReading = {
  rows: SocketRow[]
  unread: UnreadLine[]
  /** Of a scan. */
  hosts?: ScannedHost[]
  /** The command that made the listing, where the listing itself tells it (`nmap -oX`). */
  command?: string
  leftOut?: LeftOut[]
  /** What the listing itself tells of the question that it answers (a heading with `only servers`). */
  asked?: Asked
}

/**
 * Lines come without what a terminal or a mail put around them, and without trailing blanks; leading blanks are kept.
 * Every function is called for each line of long texts: its time must grow with the line's length and no faster.
 */
export type Form = {
  format: ListingFormat
  /**
   * Whether a listing of this form begins here: its first heading. `previous` is the line before that was not empty, or
   * `''`; with it, a heading of two lines knows its second line, which begins nothing.
   */
  begins(line: string, previous: string): boolean
  /** Whether the line alone can only be a row of this form: by it a listing without heading is known. */
  isRow(line: string): boolean
  /** Whether a line inside a listing of this form is surely one of its own, row or not. Asked first; without it `isRow` is. */
  holds?(line: string): boolean
  /** Whether a further heading continues the listing that has these headings, instead of beginning another one. */
  joins?(heading: string, headings: readonly string[]): boolean
  /** Whether the listing ends after this line. */
  ends?(line: string): boolean
  /**
   * Reads one listing, from its first heading or row. All lines up to the next listing are in it, so those that are
   * neither row nor heading nor left out must come back as unread. Line `index` is number `first + index` of the text.
   * `command` is what was typed, where the paste has it.
   */
  read(lines: readonly string[], first: number, command: string | null): FormReading
}
