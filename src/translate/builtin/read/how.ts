// What "how" asks for: the quality behind "how old", "how long", "how far".
// In: the adjective. Out: words that names of fields may hold, best first; undefined for other words.

const HOW_WORDS: Readonly<Record<string, readonly string[]>> = {
  old: ['age', 'birth', 'born', 'year'],
  long: ['duration', 'length', 'long', 'time', 'runtime', 'hours', 'days', 'minutes'],
  tall: ['height', 'tall'],
  high: ['height', 'elevation', 'altitude', 'high'],
  big: ['size', 'area', 'capacity', 'population', 'enrollment'],
  large: ['size', 'area', 'capacity', 'population', 'enrollment'],
  heavy: ['weight'],
  far: ['distance', 'mileage'],
  fast: ['speed'],
  expensive: ['price', 'cost', 'fee', 'rate'],
  wide: ['width'],
  deep: ['depth'],
  often: ['frequency'],
}

/** The quality an adjective behind "how" asks for. */
export function howDimensions(word: string): readonly string[] | undefined {
  return Object.hasOwn(HOW_WORDS, word) ? HOW_WORDS[word] : undefined
}
