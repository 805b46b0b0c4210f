/** Text in colours, or as it is where nobody would see them. */
export type Style = {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly accent: (text: string) => string
  readonly warn: (text: string) => string
}

const paint = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`
const asIs = (text: string) => text

export const coloured: Style = { bold: paint(1, 22), dim: paint(2, 22), accent: paint(32, 39), warn: paint(33, 39) }
export const plain: Style = { bold: asIs, dim: asIs, accent: asIs, warn: asIs }
