/**
 * The one place that imports execa. Importing it costs about a tenth of a second, so it is loaded on first use;
 * `void execa()` early lets that overlap with other work.
 */

let loading: Promise<typeof import('execa')> | undefined

/** The `execa` function, loaded once. */
export async function execa(): Promise<(typeof import('execa'))['execa']> {
  loading ??= import('execa')
  return (await loading).execa
}
