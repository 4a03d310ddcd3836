/** Reads one listing of 100,000 rows, and prints how long that took and what each row holds in memory, as JSON. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { readListings } from '../../harness/listing/recognise.ts'
import { FORMS, listingOf } from './ports-forms.ts'

const [form = '', rows = '100000'] = process.argv.slice(2)
const make = FORMS[form]
if (make === undefined) throw new Error(`no form ${form}; there are ${Object.keys(FORMS).join(', ')}`)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const text = listingOf(make, Number(rows))
// V8 compiles what is called often: the first thousand rows are not what is measured.
readListings(listingOf(make, 2000))
collectGarbage()
const before = process.memoryUsage().heapUsed
const since = performance.now()
const { listings, unread } = readListings(text)
const ms = performance.now() - since
collectGarbage()
const bytes = process.memoryUsage().heapUsed - before
const read = listings.reduce(
  (sum, one) => sum + one.rows.length + one.hosts.reduce((all, { ports }) => all + ports.length, 0),
  0,
)
const lost = unread.length + listings.reduce((sum, one) => sum + one.unread.length, 0)
process.stdout.write(JSON.stringify({ form, listings: listings.length, read, lost, ms, bytesPerRow: bytes / read }))
