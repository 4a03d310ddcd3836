/**
 * Resolves the imports between the harness's files, and those within execa, without asking the disk. Node looks for the
 * file, for symbolic links on the way to it, and for the package.json above it, at every import: some 30 ms of CPU in
 * every process of the harness. A relative import that names its whole file leaves nothing to be found. No result
 * changes: a file that is missing is told when it is read.
 *
 * The launcher loads this, and `--require` does where the harness starts itself again.
 */
'use strict'

const Module = require('module')
const path = require('path')
const url = require('url')

const ROOT = path.resolve(__dirname, '..', '..')

/** For an importing file below this URL: how its relative imports end, and which kind of module they name. */
const KNOWN = [
  { below: below('harness'), end: '.ts', format: 'module-typescript' },
  { below: below('node_modules', 'execa'), end: '.js', format: 'module' },
]

Module.registerHooks({
  resolve(specifier, context, otherwise) {
    const importer = context.parentURL
    if (importer === undefined || specifier[0] !== '.') return otherwise(specifier, context)
    const known = KNOWN.find((one) => specifier.endsWith(one.end) && importer.startsWith(one.below))
    if (known === undefined) return otherwise(specifier, context)
    return { url: new URL(specifier, importer).href, format: known.format, shortCircuit: true }
  },
})

function below(...names) {
  return url.pathToFileURL(path.join(ROOT, ...names)).href + '/'
}
