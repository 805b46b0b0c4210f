// The model instructions: text files with named slots, handed in, so that any runtime can bring them along.

export const promptNames = ['system', 'catalog', 'user', 'repair'] as const
/** The files of `prompts/` by name, without their ending. */
export type Prompts = Readonly<Record<(typeof promptNames)[number], string>>

/**
 * A prompt with its slots filled: `{{name}}` is replaced, `{{#name}} … {{/name}}` kept only when the text is not empty.
 * Throws when a slot has no text or a text no slot: both are mistakes of ours.
 */
export function fillSlots(template: string, texts: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(texts))
  const textOf = (slot: string) => {
    const text = texts[slot]
    if (text === undefined) throw new Error(`prompt slot "${slot}" has no text`)
    unused.delete(slot)
    return text
  }
  const kept = template.replace(/\{\{#(\w+)\}\}\n([\s\S]*?)\{\{\/\1\}\}\n/g, (_, slot: string, part: string) =>
    textOf(slot) === '' ? '' : part,
  )
  const filled = kept.replace(/\{\{(\w+)\}\}/g, (_, slot: string) => textOf(slot))
  if (unused.size > 0) throw new Error(`prompt has no slot for ${[...unused].join(', ')}`)
  return filled.trim()
}
