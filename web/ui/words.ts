import { readerLocale } from '../api/locale.ts'

const number = (n: number): string => n.toLocaleString(readerLocale)

/** How many rows there are, and how many of them are here where that is not all. */
export function countOf(shown: number, all: number): string {
  const rows = all === 1 ? '1 row' : `${number(all)} rows`
  return shown < all ? `The first ${number(shown)} of ${rows}` : rows
}

/** With a capital and a full stop. */
export function asSentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}

const LONG = 80
/** A name that lists may cut, for its title; undefined for one that always has room. */
export const longName = (name: string): string | undefined => (name.length > LONG ? name : undefined)
