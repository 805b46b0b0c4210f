// A format of a column's own beside the usual one. Apart from all else, so that the page can read it without the language.
import type { Format } from './schema.ts'

/** A format of one's own over the usual one: who asks for no decimals still means money, or a share. Another style begins anew. */
export function ownOver(usual: Format | undefined, own: Format | undefined): Format | undefined {
  if (usual === undefined || own === undefined) return own ?? usual
  const styleOf = ({ style, currency }: Format) => style ?? (currency === undefined ? undefined : 'money')
  return own.style === undefined || styleOf(own) === styleOf(usual) ? { ...usual, ...own } : own
}
