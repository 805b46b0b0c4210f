import { readerLocale } from '../api/locale.ts'

const number = (n: number): string => n.toLocaleString(readerLocale)

/** "1 row", "1,200 rows". */
export const rowCount = (rows: number): string => (rows === 1 ? '1 row' : `${number(rows)} rows`)

/** How many rows there are, and how many of them are here where that is not all. */
export function countOf(shown: number, all: number): string {
  return shown < all ? `The first ${number(shown)} of ${rowCount(all)}` : rowCount(all)
}

/** With a capital and a full stop. */
export function asSentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}

const LONG = 80
/** A name that lists may cut, for its title; undefined for one that always has room. */
export const longName = (name: string): string | undefined => (name.length > LONG ? name : undefined)
