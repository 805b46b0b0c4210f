// English word forms, small and without a dictionary: what two spellings of one word have in common.
// In: one lower-case word. Out: its base form (grammar only) or its stem (derivation too).
// Refused: nothing; an unknown word is returned as it is.
import { singular } from '../../catalog/words.ts'

/** Past tenses and participles whose base cannot be computed. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  (
    'taught:teach took:take taken:take written:write wrote:write sung:sing sang:sing won:win held:hold had:have has:have ' +
    'made:make bought:buy sold:sell paid:pay given:give gave:give went:go gone:go came:come became:become began:begin ' +
    'begun:begin born:birth built:build driven:drive drove:drive flown:fly flew:fly ran:run rode:ride ridden:ride ' +
    'seen:see saw:see sent:send spent:spend spoken:speak spoke:speak stood:stand done:do did:do does:do was:be were:be ' +
    'is:be are:be been:be being:be am:be known:know knew:know led:lead left:leave lent:lend lost:lose met:meet put:put ' +
    'read:read said:say shown:show taken:take thought:think told:tell understood:understand worn:wear chosen:choose ' +
    'chose:choose drawn:draw eaten:eat ate:eat fell:fall fallen:fall felt:feel fought:fight found:find got:get ' +
    'gotten:get grew:grow grown:grow kept:keep died:die dead:die lay:lie lain:lie hit:hit cost:cost set:set shot:shoot ' +
    'swam:swim swum:swim threw:throw thrown:throw beaten:beat beat:beat broke:break broken:break brought:bring ' +
    'dying:die living:live lived:live lives:live wives:wife children:child people:person men:man women:woman ' +
    'better:good best:good worse:bad worst:bad further:far older:old oldest:old elder:old eldest:old hosted:host ' +
    'using:use used:use owned:own owns:own cities:city highest:high lowest:low largest:large smallest:small longest:long shortest:short'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)

const PAST = new Set(
  'taught took taken wrote written sang sung won held made bought sold paid gave given went gone came became began begun built drove driven flew flown ran rode ridden saw seen sent spent spoke spoken stood knew known led left lent lost met said thought told wore worn chose chosen drew drawn ate eaten fell fallen grew grown kept died swam swum threw thrown beat beaten broke broken brought'.split(
    ' ',
  ),
)

/** Whether the word is an irregular past tense or participle ("gave", "taught"). */
export function isPast(word: string): boolean {
  return PAST.has(word)
}

/** The base form of a word: plural, -ing, -ed and irregular forms undone ("nominated" → "nominate", "boxes" → "box"). */
export function lemma(word: string): string {
  const known = IRREGULAR.get(word)
  if (known !== undefined) return known
  const one = singular(word)
  // "ratings" are what one rating is: one base for both.
  if (one !== word) return one.length > 5 && one.endsWith('ing') ? lemma(one) : one
  if (word.length > 5 && word.endsWith('ing')) return restoreE(word.slice(0, -3))
  if (word.length > 4 && word.endsWith('ied')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && word.endsWith('ed') && !word.endsWith('eed')) return restoreE(word.slice(0, -2))
  return word
}

/** Undoes a doubled consonant ("plann" → "plan") and puts back a silent e ("us" → "use", "nominat" → "nominate"). */
function restoreE(base: string): string {
  if (/([bdgmnprt])\1$/.test(base)) return base.slice(0, -1)
  if (
    /(at|iz|is|as|os|us|v|c|g|dl|bl|pl|gl|tl|ur|ir|ar|rs|ns|lu|cu|qu|iv)$/.test(base) &&
    !/(aw|ow|oat|eat|ait|eet|ear|air|oor|our|ing|ang|ong)$/.test(base)
  )
    return `${base}e`
  return base
}

const SUFFIXES = [
  'ations',
  'ation',
  'ments',
  'ment',
  'ities',
  'ity',
  'ships',
  'ship',
  'ances',
  'ance',
  'ences',
  'ence',
  'ions',
  'ion',
  'ings',
  'ing',
  'ers',
  'ors',
  'ists',
  'ants',
  'ents',
  'er',
  'or',
  'ist',
  'ant',
  'ent',
  'ives',
  'ive',
  'als',
  'al',
  'ical',
  'ically',
  'ally',
  'ly',
  'ness',
  'ous',
  'ies',
  'es',
  'ed',
  's',
  'ee',
  'ees',
  'y',
  'e',
].sort((a, b) => b.length - a.length)

/** The two sides of one deed, which a stem would make one: who employs and who is employed, who pays and who is paid. */
const OTHER_SIDE = new Set(['employer', 'payer', 'donee', 'lessor', 'licensor', 'mortgagor', 'grantor', 'trainer'])

/** A rough common stem of related words: "director", "directed", "direction" → "direct"; at least four letters stay. */
export function stem(word: string): string {
  if (OTHER_SIDE.has(word)) return word
  let base = IRREGULAR.get(word) ?? word
  for (let round = 0; round < 2; round += 1) {
    const suffix = SUFFIXES.find((one) => base.endsWith(one) && base.length - one.length >= (one.length > 1 ? 3 : 4))
    if (suffix === undefined) break
    base = base.slice(0, -suffix.length)
    if (/([bdgmnprt])\1$/.test(base)) base = base.slice(0, -1)
  }
  return base
}
