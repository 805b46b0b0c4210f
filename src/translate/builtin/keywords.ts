// The function words and phrases of questions about tables: what each asks for, apart from any catalog.
// In: nothing. Out: a table of phrases (lower case, words apart by one space), each with its class and data.
import type { AggregateFn, CompareOp } from '../../definition/schema.ts'

/** A quality that an adjective compares, as words that names of fields may hold, best first; `-` turns the direction round. */
export type Dimension = readonly string[]

export type Keyword =
  | {
      readonly k:
        | 'cmd'
        | 'polite'
        | 'det'
        | 'pron'
        | 'possessive'
        | 'prep'
        | 'be'
        | 'have'
        | 'do'
        | 'modal'
        | 'there'
        | 'filler'
    }
  | { readonly k: 'wh'; readonly word: 'what' | 'which' | 'who' | 'whose' | 'where' | 'when' | 'how' | 'why' }
  | {
      readonly k:
        | 'howmany'
        | 'howmuch'
        | 'count'
        | 'distinct'
        | 'all'
        | 'any'
        | 'each'
        | 'per'
        | 'and'
        | 'or'
        | 'but'
        | 'comma'
        | 'both'
        | 'either'
        | 'also'
    }
  | {
      readonly k:
        | 'neither'
        | 'not'
        | 'without'
        | 'except'
        | 'rel'
        | 'than'
        | 'as'
        | 'only'
        | 'yesno'
        | 'times'
        | 'exactly'
        | 'corresponding'
    }
  | { readonly k: 'agg'; readonly fn: AggregateFn }
  | {
      readonly k: 'super'
      readonly dir: 'asc' | 'desc'
      readonly dims: Dimension
      readonly count?: true
      readonly adj: string
    }
  | { readonly k: 'cmp'; readonly op: CompareOp; readonly dims?: Dimension; readonly than?: true }
  | { readonly k: 'between' | 'contains' | 'starts' | 'ends' | 'equals' | 'named' | 'empty' | 'full' }
  | { readonly k: 'order' | 'asc' | 'desc' | 'alpha' | 'fromto' | 'groupby' | 'top' | 'bottom' }
  | { readonly k: 'share' | 'running' | 'versus' | 'growth' | 'rankfn' | 'totals' }
  | { readonly k: 'among' | 'rest' | 'times_n' | 'once' | 'twice' | 'average_cmp' }

type Phrase = readonly [phrase: string, keyword: Keyword]
const phrases: Phrase[] = []
const all = (text: string, keyword: Keyword) => {
  for (const phrase of text.split(',')) phrases.push([phrase.trim(), keyword])
}

all(
  'show me, show, list, list out, find, find out, give me, give, return, display, get, get me, tell me, tell, present, retrieve, provide, fetch, print, ' +
    'compute, calculate, determine, identify, report, describe, name, select, output, search, search for, look up, enumerate, state, see, view, need, want, pull up, pull, make, build, create, draw up, bring up, run',
  { k: 'cmd' },
)
all(
  'please, can you, could you, would you, will you, i want to know, i want to see, i want, i need, i would like to see, i would like to know, i would like, we want to know, let me know, let us know, let me see, do you know, i wonder, us, me, ' +
    'hi, hello, hey, thanks, thank you, just, simply, kindly, now, ok, okay, so, a table of, a list of, the list of, list of, a table with, table of, a report of, a report on, report on, report of, an overview of, overview of, a breakdown of, the result, the results, the information of, the data of, the data on, the set of, set of, we need to, we need, help me, by the way, then',
  { k: 'polite' },
)
all('the, a, an, this, these, those, such, certain, given, specific, particular, respective, its own, own', {
  k: 'det',
})
all(
  'it, they, them, him, he, she, i, we, you, one, ones, someone, anyone, somebody, anybody, everyone, each other, themselves',
  { k: 'pron' },
)
all('their, its, his, her, our, my, your', { k: 'possessive' })
all(
  'of, in, on, at, for, by, with, from, to, into, onto, about, within, inside, during, across, through, throughout, via, towards, toward, near, around, regarding, concerning, belonging to, belong to, belongs to, associated with, related to, corresponding to, according to, based on, based in, due to, out of, up, upon, against, behind, as part of, part of, in terms of, on behalf of',
  { k: 'prep' },
)
all('is, are, was, were, be, been, being, am', { k: 'be' })
all('have, has, had, having', { k: 'have' })
all('do, does, did, done', { k: 'do' })
all('can, could, may, might, will, would, should, must, shall', { k: 'modal' })
all(
  'there, there is, there are, there were, there was, are there, is there, were there, was there, exist, exists, are there in total, exist in total, do we have, do we know, do i have, we have, are recorded, is recorded',
  { k: 'there' },
)
all(
  'ever, currently, actually, already, information, info, data, database, record, records, table, tables, row, rows, possible, available in the database, together, respectively, when, currently, then, respectively, well, too, instead, still, yet, even, really, get, got, make, makes, made, take, takes, took, use, uses, used, using, recorded, so far, to date, altogether, thing, things, kind of, kinds of, sorts of, sort of, some of, of which, stored, listed, same, type of person, way, located, named after',
  { k: 'filler' },
)
all('what, whats', { k: 'wh', word: 'what' })
all('which', { k: 'wh', word: 'which' })
all('who, whom', { k: 'wh', word: 'who' })
all('whose', { k: 'wh', word: 'whose' })
all('where', { k: 'wh', word: 'where' })
all('when', { k: 'wh', word: 'when' })
all('how', { k: 'wh', word: 'how' })
all('why', { k: 'wh', word: 'why' })
all(
  'how many, in how many, at how many, on how many, for how many, from how many, to how many, of how many, with how many, by how many',
  { k: 'howmany' },
)
all('how much', { k: 'howmuch' })
all(
  'number of, the number of, numbers of, total number of, the total number of, total numbers of, count, count of, the count of, total count of, count the number of, count the total number of, count how many, a count of, tally, quantity of, total amount of, amount of, the amount of, # of, no of, no. of, count the, frequency of, counts of, number',
  { k: 'count' },
)
all('distinct, different, unique, various, differing, separate', { k: 'distinct' })
all('all, all of, all the, entire, complete list of, every single, full list of, whole', { k: 'all' })
all('any, some, any of, some of, at all, any kind of, a single', { k: 'any' })
all(
  'each, every, each of, every one of, for each, for every, of each, of every, in each, in every, per each, by each, from each, on each, to each, at each, with each, under each, within each, each different, each distinct, all different, for all the different, for all different, for different, in different, across different, each individual, for each of, for each of the, for each of the different, of each of the, in each of, in each of the, for the different, of each different, for all of the different',
  { k: 'each' },
)
all('per', { k: 'per' })
all('and, as well as, along with, together with, and also, plus, in addition to, followed by, &, alongside, and then', {
  k: 'and',
})
all('also, additionally, in addition, as well, too', { k: 'also' })
all('or, or else', { k: 'or' })
all('but, but also, however, while, whereas, yet', { k: 'but' })
phrases.push([',', { k: 'comma' }])
all('both', { k: 'both' })
all('either', { k: 'either' })
all('neither, nor', { k: 'neither' })
all(
  'not, no, never, none of, no longer, not any, have no, has no, had no, lack, lacks, lacking, neither of, not a single, outside, outside of, non',
  { k: 'not' },
)
all('without, without any, free of, missing', { k: 'without' })
all(
  'except, except for, excluding, exclude, other than, apart from, aside from, besides, but not, leaving out, minus',
  { k: 'except' },
)
all(
  'that, which, who, whom, where, in which, on which, at which, for which, to which, from which, of which, by which, with which, with whom, to whom, by whom, for whom, from whom, through which, under which',
  { k: 'rel' },
)
all('than, to be', { k: 'than' })
all('as', { k: 'as' })
all('only, solely, exclusively', { k: 'only' })
all('exactly, precisely', { k: 'exactly' })
all('times, time', { k: 'times' })
all('once', { k: 'once' })
all('twice', { k: 'twice' })
all('corresponding, associated, related, respective, matching', { k: 'corresponding' })
all('among, amongst, out of all', { k: 'among' })

all('average, mean, avg, the average, on average, averages, averaged, average of, the average of, typical', {
  k: 'agg',
  fn: 'avg',
})
all(
  'total, sum, sum of, the sum of, total of, combined, overall, aggregate, the total, totals, summed, sum up, altogether, cumulative total, in total',
  { k: 'agg', fn: 'sum' },
)
all('maximum, max, maximal, the maximum, maximums', { k: 'agg', fn: 'max' })
all('minimum, min, minimal, the minimum, minimums', { k: 'agg', fn: 'min' })
all('median, the median', { k: 'agg', fn: 'median' })
all('standard deviation, stddev, standard deviation of', { k: 'agg', fn: 'stddev' })

const AGE: Dimension = [
  'age',
  '-birth',
  '-born',
  '-dob',
  '-birthday',
  '-founded',
  '-built',
  '-established',
  '-open',
  '-year',
  '-date',
  '-opening',
]
/** What "newest" and "since" compare. */
export const DATE: Dimension = ['date', 'time', 'year', 'day', 'created', 'start', 'founded', 'open', 'from']
const BIG: Dimension = [
  'size',
  'area',
  'capacity',
  'population',
  'amount',
  'length',
  'height',
  'value',
  'total',
  'number',
  'quantity',
  'square',
]
const LONG: Dimension = [
  'length',
  'duration',
  'distance',
  'runtime',
  'long',
  'minutes',
  'hours',
  'days',
  'time',
  'weeks',
  'years',
  'size',
]
const COST: Dimension = ['price', 'cost', 'rate', 'fee', 'charge', 'amount', 'value', 'fare', 'budget', 'salary']
const GOOD: Dimension = [
  'rating',
  'score',
  '-rank',
  '-ranking',
  'grade',
  'gpa',
  'points',
  'stars',
  'percentage',
  '-position',
  '-place',
  'result',
  'quality',
]
const adjective = (base: string, dir: 'asc' | 'desc', dims: Dimension, extra = '') => {
  const opposite = dir === 'desc' ? 'gt' : 'lt'
  for (const form of inflect(base).concat(extra === '' ? [] : extra.split(','))) {
    const word = form.trim()
    const isSuper =
      /(est|most)$|^(most|least) |est (rated|ranked|scoring|priced|paid)$|^(best|worst|first|last|top)( |$)/.test(word)
    if (isSuper)
      phrases.push([word, { k: 'super', dir, dims, adj: base }], [`the ${word}`, { k: 'super', dir, dims, adj: base }])
    else
      phrases.push(
        [`${word} than`, { k: 'cmp', op: opposite, dims, than: true }],
        [word, { k: 'cmp', op: opposite, dims }],
      )
  }
}
/** Comparative and superlative of an adjective: "old" → older, oldest; "expensive" → more / most expensive. */
function inflect(base: string): string[] {
  const long = base.length > 7 || /(ive|ous|ful|ent|ant|ly|ular|mon|ed|ing|al|ite|ern)$/.test(base)
  if (long) return [`more ${base}`, `most ${base}`]
  const root = /[^aeiou]y$/.test(base)
    ? `${base.slice(0, -1)}i`
    : /[^aeiou][aeiou][bdgmnt]$/.test(base)
      ? base + base.slice(-1)
      : base.replace(/e$/, '')
  return [`${root}er`, `${root}est`]
}
adjective('old', 'desc', AGE, 'most senior,elder,eldest')
adjective('young', 'asc', AGE)
adjective('high', 'desc', ['height', 'elevation', 'altitude', 'score', 'amount', 'value'], 'topmost')
adjective('low', 'asc', ['height', 'elevation', 'altitude', 'score', 'amount', 'value'])
adjective('large', 'desc', BIG)
adjective('big', 'desc', BIG)
adjective('great', 'desc', BIG)
adjective('small', 'asc', BIG)
adjective('tall', 'desc', ['height', 'tall', 'elevation'])
adjective('long', 'desc', LONG)
adjective('short', 'asc', ['height', ...LONG])
adjective(
  'expensive',
  'desc',
  COST,
  'more costly,most costly,costliest,highest priced,priciest,most pricy,most pricey,pricier,costlier,dearest',
)
adjective('cheap', 'asc', COST, 'lowest priced,less expensive,least expensive,least costly')
adjective('well paid', 'desc', ['salary', 'wage', 'pay', 'income', 'earnings'], 'highest paid,best paid')
adjective('poorly paid', 'asc', ['salary', 'wage', 'pay', 'income', 'earnings'], 'lowest paid,worst paid')
adjective('heavy', 'desc', ['weight', 'mass', 'tonnage'])
adjective('light', 'asc', ['weight', 'mass'])
adjective('fast', 'desc', ['speed', '-time', '-duration', '-laptime', 'pace', 'velocity'], 'quickest,quicker')
adjective('slow', 'asc', ['speed', '-time', '-duration', '-laptime', 'pace', 'velocity'])
adjective('recent', 'desc', DATE, 'most recently,latest,newest,newer,more recently')
adjective('late', 'desc', DATE, 'last')
adjective('early', 'asc', DATE, 'earliest,first,least recent,least recently')
adjective(
  'rich',
  'desc',
  ['worth', 'wealth', 'income', 'revenue', 'assets', 'balance', 'gdp', 'salary', 'money', 'value', 'endowment'],
  'wealthiest,wealthier',
)
adjective('poor', 'asc', ['worth', 'wealth', 'income', 'revenue', 'assets', 'balance', 'gdp', 'salary'])
adjective(
  'good',
  'desc',
  GOOD,
  'best,better,most highly rated,most successful,highest rated,highly rated,top rated,highest ranked,best rated,highest scoring,top scoring',
)
adjective('bad', 'asc', GOOD, 'worst,worse,lowest rated,lowest ranked,most poorly rated,lowest scoring')
adjective('wide', 'desc', ['width', 'wide'])
adjective('narrow', 'asc', ['width', 'wide'])
adjective('deep', 'desc', ['depth', 'deep'])
adjective('far', 'desc', ['distance', 'mileage', 'range', 'miles'], 'farthest,furthest')
adjective('close', 'asc', ['distance', 'mileage'], 'nearest')
adjective('hot', 'desc', ['temperature', 'temp', 'heat'], 'warmest,warmer')
adjective('cold', 'asc', ['temperature', 'temp'], 'coolest,cooler')
adjective('strong', 'desc', ['strength', 'power', 'magnitude', 'speed', 'force'], 'most powerful')
adjective('profitable', 'desc', ['profit', 'profits', 'earnings', 'income', 'margin'])
adjective('populous', 'desc', ['population', 'residents', 'inhabitants'], 'most populated')
adjective('crowded', 'desc', ['attendance', 'population', 'capacity'])
adjective('spacious', 'desc', ['area', 'size', 'capacity', 'square'])
adjective('northern', 'desc', ['latitude'], 'northernmost')
adjective('eastern', 'desc', ['longitude'], 'easternmost')
adjective('southern', 'asc', ['latitude'], 'southernmost')
adjective('western', 'asc', ['longitude'], 'westernmost')
adjective('generous', 'desc', ['amount', 'donation', 'gift'], 'biggest-giving')
adjective('severe', 'desc', ['severity', 'damage', 'magnitude', 'deaths'])
adjective('deadly', 'desc', ['deaths', 'killed', 'fatalities'], 'deadliest,most deadly')

const countSuper = (text: string, dir: 'asc' | 'desc') => {
  for (const phrase of text.split(',')) {
    const word = phrase.trim()
    for (const full of [word, `the ${word}`])
      phrases.push([full, { k: 'super', dir, dims: [], count: true, adj: word }])
  }
}
countSuper(
  'most number of, most common, most frequent, most frequently, most popular, most often, most commonly, most frequently used, most commonly used, most widely used, most used, ' +
    'highest number of, largest number of, greatest number of, maximum number of, biggest number of, most amount of, largest amount of, greatest amount of, highest amount of, highest count of, most prevalent, most numerous, busiest, most active, most famous, most times, most of the times, most of the time, most numbers of, top number of, highest total number of, max number of, largest count of',
  'desc',
)
countSuper(
  'fewest, least number of, lowest number of, smallest number of, minimum number of, least common, least frequent, least popular, least often, least frequently, least commonly, fewest number of, least amount of, smallest amount of, lowest amount of, lowest count of, min number of, least used, rarest, least famous, least active',
  'asc',
)
all('most, the most', { k: 'super', dir: 'desc', dims: [], adj: 'most' })
all('least, the least, the fewest', { k: 'super', dir: 'asc', dims: [], adj: 'least' })

all(
  'more than, greater than, over, above, exceeding, exceeds, exceed, exceeded, in excess of, higher than, larger than, bigger than, upwards of, >, more, beyond, surpassing, surpasses, better than, beats, greater, outnumber, of over, of above, no less, is over, strictly more than, strictly greater than, of more than',
  { k: 'cmp', op: 'gt' },
)
all(
  'less than, fewer than, under, below, lower than, smaller than, <, beneath, fewer, less, worse than, of under, of below, is under, strictly less than, of less than',
  { k: 'cmp', op: 'lt' },
)
all(
  'at least, no less than, not less than, no fewer than, minimum of, a minimum of, greater than or equal to, more than or equal to, higher than or equal to, >=, not under, not below, no lower than, starting from, or more than, of at least, not lower than, not smaller than, larger than or equal to, bigger than or equal to, above or equal to',
  { k: 'cmp', op: 'gte' },
)
all(
  'at most, no more than, not more than, maximum of, a maximum of, less than or equal to, fewer than or equal to, lower than or equal to, smaller than or equal to, <=, up to, not over, not above, not exceeding, does not exceed, no greater than, of at most, no higher than, below or equal to, no larger than',
  { k: 'cmp', op: 'lte' },
)
all('after, later than, since then, more recent than, subsequent to, following, newer than, on the date after', {
  k: 'cmp',
  op: 'gt',
  dims: DATE,
})
all('before, earlier than, prior to, preceding, older than the year', { k: 'cmp', op: 'lt', dims: DATE })
all('since, starting in, beginning in, from the year, on or after, not before, as of, no earlier than', {
  k: 'cmp',
  op: 'gte',
  dims: DATE,
})
all('until, till, up until, on or before, by the end of, no later than', { k: 'cmp', op: 'lte', dims: DATE })
all('equal to, equals, equal, =, ==, same as, the same as, is exactly, identical to', { k: 'equals' })
all(
  '!=, <>, not equal to, not equal, different from, different than, distinct from, not the same as, unlike, differs from, differ from',
  { k: 'cmp', op: 'ne' },
)
all(
  'between, in between, ranging from, in the range of, in the range, within the range of, within the range, in the range between, from between, range from, ranges from, in range',
  { k: 'between' },
)
all(
  'containing, contains, contain, contained, including the word, includes the word, include the word, including the substring, includes, include, including, included, with the word, with the substring, has the word, have the word, contains the word, containing the word, contain the word, containing the letter, contains the letter, contain the letter, with the letter, includes the letter, contains the substring, containing the substring, contain the substring, has the substring, have the substring, the substring, a substring, as a substring, as substring, as a part, like, similar to, matching, with the phrase, containing the phrase, contain the phrase, contains the phrase, has letter, have letter, contain letter, containing letter, contains letter, the phrase, includes letter, with letter, the letter, in the middle, includes substring, include the substring, in part',
  { k: 'contains' },
)
all(
  'starting with, starts with, start with, beginning with, begins with, begin with, started with, prefixed with, whose first letter is, start with the letter, starts with the letter, starting with the letter, beginning with the letter, begins with the letter, begin with the letter, starting with letter, start with letter, starts with letter, starting by, initial letter, with prefix, with the prefix, has prefix, have prefix, has the prefix, the prefix, prefix, starting with substring',
  { k: 'starts' },
)
all(
  'ending with, ends with, end with, ending in, ends in, end in, ended with, ended in, finishing with, end with the letter, ends with the letter, ending with the letter, ends with letter, ending with letter, with suffix, has suffix, the suffix, suffix',
  { k: 'ends' },
)
all(
  'named, called, titled, entitled, known as, with name, with the name, with title, with the title, name is, whose name is',
  { k: 'named' },
)
all(
  'empty, blank, missing, null, unknown, not specified, unspecified, not given, not set, not filled in, not recorded, unavailable, not available, not provided, undefined, unset, not known',
  { k: 'empty' },
)
all('not empty, not null, not blank, filled in, present, specified, known, recorded, not missing', { k: 'full' })

all(
  'order by, ordered by, sort by, sorted by, sorting by, ordering by, ranked by, rank by, arranged by, arrange by, in order of, in the order of, by order of, order them by, sort them by, order the result by, sort the result by, sort the results by, order the results by, sort the list by, ordered according to, sorted according to, sort, order, sorted, ordered, ranked, arranged, in order, in the order, sort the data by, sort the data first by, in sorted order, sort in, order in, sorted in, ordered in, sorted on, ordered on, listed in order of, in the order by, and order by, ordered first by, sorted first by, sequenced by, sort according to, rank',
  { k: 'order' },
)
all(
  'ascending, in ascending order, ascending order, ascendingly, increasing, in increasing order, increasing order, asc, in an ascending order, in the ascending order, in an increasing order, ascendant, from lowest to highest, from low to high, from smallest to largest, from small to large, from least to most, lowest to highest, smallest first, lowest first, from early to late, in chronological order, chronologically, chronological order, in order of date, low to high, in the increasing order, from the lowest to the highest, from the smallest to the largest, from worst to best, from fewest to most',
  { k: 'asc' },
)
all(
  'descending, in descending order, descending order, descendingly, decreasing, in decreasing order, decreasing order, desc, in a descending order, in an descending order, in the descending order, in a decreasing order, in the decreasing order, from highest to lowest, from high to low, from largest to smallest, from large to small, from most to least, highest to lowest, largest first, highest first, biggest first, in reverse chronological order, from the highest to the lowest, from the largest to the smallest, from the most to the least, high to low, from biggest to smallest, from late to early, from big to small, from best to worst, from recent to old, top first, reverse order, in reverse order, most first, best first',
  { k: 'desc' },
)
all(
  'alphabetical, alphabetically, in alphabetical order, in the alphabetical order, alphabetical order, alphabetic, in alphabetic order, alphabetic order, in lexicographical order, in lexicographic order, lexicographically, lexicographic order, lexicographical order, in ascending alphabetical order, ascending alphabetical order, a to z, a-z, in ascending alphabetic order, in alphabetical ascending order, in an alphabetical order, from a to z',
  { k: 'alpha' },
)
all(
  'in descending alphabetical order, descending alphabetical order, in reverse alphabetical order, reverse alphabetical order, in reversed alphabetical order, in descending alphabetic order, in descending lexicographical order, z to a, reverse lexicographical order, in reverse lexicographical order, from z to a, reversed alphabetical order, in a descending alphabetical order',
  { k: 'desc' },
)
all(
  'group by, grouped by, grouping by, broken down by, break down by, split by, broken out by, breakdown by, segmented by, divided by, partitioned by, organized by, bucketed by, split out by',
  { k: 'groupby' },
)
all('top, the top', { k: 'top' })
all('bottom, the bottom', { k: 'bottom' })
all(
  'share of, percentage of, percent of, proportion of, share, percentage, proportion, percent, fraction of, ratio of, what percentage of, what share of, what percent of, what proportion of, % of',
  { k: 'share' },
)
all(
  'running total, cumulative, running sum, cumulatively, running, cumulative sum, accumulated, year to date running',
  { k: 'running' },
)
all(
  'compared to, compared with, versus, vs, vs., in comparison to, in comparison with, relative to, against, year over year, year-over-year, yoy, month over month, month-over-month, mom, compare to, compare with, compare',
  { k: 'versus' },
)
all(
  'growth, change, increase, decrease, decline, drop in, rise in, growth rate, percent change, percentage change, change from, growth over',
  { k: 'growth' },
)
all(
  'with totals, with a total, with grand total, grand total, with a grand total, include totals, with a total row, and a total row, total row',
  { k: 'totals' },
)

/** Every phrase with its keyword; longer phrases win over shorter ones when a prompt is read. */
export const PHRASES: readonly Phrase[] = phrases
/** Words that ask for a shape rather than for something of the catalog. */
export const GRAMMAR: ReadonlySet<string> = new Set(phrases.flatMap(([phrase]) => phrase.split(' ')))

/** Words that carry no content of their own: they never need to be understood. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'the a an of in on at for by with from to and or is are was were be been being am do does did have has had having that which who whom whose ' +
    'what where when how many much all any some each every there their its his her our my your it they them this these those such as than then so ' +
    'per show list find give return display get tell me us please can could would will i we you not no but also if into up out about over both either ' +
    "'s , . ? ! ; : ( ) - / \" ' & one ones too very just only own same other more most less least"
  ).split(' '),
)
