/** A key for each thing asked for: the same for a second try, another once anything of it is changed. */
export function wishes(): (wanted: string) => string {
  const keys = new Map<string, string>()
  return (wanted) => {
    const key = keys.get(wanted) ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), String).join('-')
    keys.set(wanted, key)
    return key
  }
}
