/** Makes any text fit to stand in HTML, XML and SVG, between tags and within the quotes of an attribute. */

import { plain } from '../plain.ts'

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters and half surrogates, which no XML may hold, are written out as `\u001b`; line ends and tabs stay. */
export function escape(text: string): string {
  return plain(text).replace(/[&<>"']/g, (one) => REFERENCES[one] ?? one)
}
