import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Definition } from '../../../src/definition/schema.ts'
import { answerJsonSchema, readAnswer } from '../../../src/translate/llm/answer.ts'
import { adaptSchema, anthropicRules, openaiRules } from '../../../src/translate/llm/schema.ts'
import { arbitraryDefinition } from '../../setup/arbitrary-definition.ts'
import { accepts, anthropicProblems, conform, openaiProblems } from '../../setup/strict-schema.ts'

const vendors = [
  { vendor: 'OpenAI', rules: openaiRules, problems: openaiProblems },
  { vendor: 'Anthropic', rules: anthropicRules, problems: anthropicProblems },
]

function answerWith(definition: unknown) {
  return {
    reading: 'r',
    outcome: 'table',
    definition,
    assumptions: [],
    confidence: 0.9,
    notUnderstood: [],
    reason: '',
    suggestions: [],
  }
}

describe.each(vendors)('the schema sent to $vendor', ({ rules, problems }) => {
  const schema = adaptSchema(answerJsonSchema(), rules)

  it('holds nothing that the strict mode refuses', () => {
    expect(problems(schema)).toEqual([])
  })

  it('holds only keywords of the list', () => {
    const seen = new Set<string>()
    const walk = (one: unknown, named: boolean): void => {
      if (typeof one !== 'object' || one === null) return
      for (const [key, part] of Object.entries(one)) {
        if (!named && !Array.isArray(one)) seen.add(key)
        if (key !== 'enum' && key !== 'required') walk(part, !named && (key === 'properties' || key === '$defs'))
      }
    }
    walk(schema, false)
    expect([...seen].filter((keyword) => !rules.keywords.has(keyword))).toEqual([])
  })

  it('is the same text every time, so that the vendor can keep its grammar', () => {
    expect(JSON.stringify(adaptSchema(answerJsonSchema(), rules))).toBe(JSON.stringify(schema))
  })

  it('can carry every valid definition, which comes back as it was', () => {
    fc.assert(
      fc.property(arbitraryDefinition(), (definition) => {
        const written = conform(schema, answerWith(definition))
        expect(accepts(schema, written)).toBe(true)
        const read = readAnswer(JSON.parse(JSON.stringify(written)))
        expect(Definition.parse(read?.definition)).toEqual(definition)
      }),
      { numRuns: 300 },
    )
  })
})

describe('an answer of a model without a strict mode', () => {
  it('is read in its plain form too, whatever the definition', () => {
    fc.assert(
      fc.property(arbitraryDefinition(), (definition) => {
        const read = readAnswer(JSON.parse(JSON.stringify(answerWith(definition))))
        expect(Definition.parse(read?.definition)).toEqual(definition)
      }),
      { numRuns: 200 },
    )
  })

  it('is read when it is the bare definition', () => {
    const read = readAnswer({ dataSources: ['donations'], limit: 3 })
    expect(read).toMatchObject({ outcome: 'table', definition: { dataSources: ['donations'], limit: 3 } })
  })

  it('keeps values that look like JSON or like nothing', () => {
    const filters = {
      all: [
        { field: 'note', op: 'eq', value: '{"a": 1}' },
        { field: 'note', op: 'ne', value: '' },
      ],
    }
    const read = readAnswer(answerWith({ dataSources: ['donations'], filters: JSON.stringify(filters) }))
    expect(read?.definition).toEqual({ dataSources: ['donations'], filters })
  })

  it('may use short forms that can mean one thing only', () => {
    const condition = { field: 'amount', op: 'gt', value: 5 }
    const short = {
      dataSources: ['donations'],
      columns: ['amount'],
      sortBy: ['amount'],
      filters: [condition, condition],
      having: [],
    }
    expect(readAnswer(answerWith(short))?.definition).toEqual({
      dataSources: ['donations'],
      columns: [{ field: 'amount' }],
      sortBy: [{ field: 'amount' }],
      filters: { all: [condition, condition] },
    })
  })

  it('is no answer when it is something else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const read = readAnswer(json)
        if (read === undefined) return
        expect(['table', 'partly', 'cannot']).toContain(read.outcome)
      }),
    )
    expect(readAnswer({ hello: 'world' })).toBeUndefined()
    expect(readAnswer('cannot')).toBeUndefined()
  })
})
