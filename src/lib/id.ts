const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH_OF_TIME = 10
const LENGTH_OF_CHANCE = 16

/** A new id such as `tbl_01k…`: 26 characters after the prefix, in the order of time, 80 bits of chance. */
export function newId(prefix: string, now: number = Date.now()): string {
  const chance = crypto.getRandomValues(new Uint8Array(LENGTH_OF_CHANCE))
  return `${idFrom(prefix, now)}${[...chance].map((byte) => ALPHABET[byte % 32]).join('')}`
}

/** What no id of that time or later comes before. */
export function idFrom(prefix: string, now: number): string {
  let time = ''
  for (let rest = now; time.length < LENGTH_OF_TIME; rest = Math.floor(rest / 32)) {
    time = `${ALPHABET[rest % 32]}${time}`
  }
  return `${prefix}_${time}`
}

/** A secret in base32 after a prefix; 40 characters hold 200 bits. */
export function newSecret(prefix: string, length = 40): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  return `${prefix}_${[...bytes].map((byte) => ALPHABET[byte % 32]).join('')}`
}
