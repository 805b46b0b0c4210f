import type { Calculation, Definition } from '../../src/definition/schema.ts'
import { firstTimeKey } from '../../src/definition/time.ts'
import type { CatalogView } from '../api/client.ts'
import { Button } from '../ui/Button.tsx'
import styles from './builder.module.css'
import { CountInput } from './CountInput.tsx'
import {
  addsUp,
  type CalculationFn,
  calculationOf,
  calculationWords,
  circleFree,
  functionsFor,
  ordersBy,
} from './calculations.ts'
import { type FieldChoice, free } from './choices.ts'
import { add, replace } from './edits.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { FormulaInput } from './FormulaInput.tsx'
import { LabelInput } from './LabelInput.tsx'
import { isNumber, outputsOf } from './outputs.ts'
import { Entries, Entry, Part } from './Part.tsx'

type Props = { catalog: CatalogView; definition: Definition; onChange: (definition: Definition) => void }

/** Columns that are computed of other columns: by a formula, or by a function across the rows. */
export function CalculationsPart({ catalog, definition, onChange }: Props) {
  const outputs = outputsOf(catalog, definition)
  const numbers = outputs.filter((one) => isNumber(one) && one.group !== 'Groups')
  const [first] = numbers
  const functions = functionsFor(definition, numbers)
  const addOne = (calculation: Omit<Calculation, 'id'>, base: string) => {
    const id = free(base, [...outputs.map(({ path }) => path), ...definition.calculations.map((one) => one.id)])
    onChange(add(definition, 'calculations', { id, ...calculation }))
  }
  const pivoted = definition.pivot !== null
  return (
    <Part title="Calculations" part="calculations">
      <Entries part="calculations" definition={definition} onChange={onChange}>
        {definition.calculations.map((calculation, index) => (
          <Entry
            key={calculation.id}
            {...{ part: 'calculations', index, definition, onChange }}
            name={calculation.label ?? calculation.id}
          >
            <One
              {...{ calculation, index, definition, outputs }}
              onChange={(next) => onChange(replace(definition, 'calculations', index, next))}
            />
          </Entry>
        ))}
      </Entries>
      <div className={styles.row}>
        <Button
          disabled={pivoted || first === undefined}
          onClick={() => first && addOne({ label: 'Formula', formula: first.path }, 'formula')}
        >
          Add a formula
        </Button>
        <select
          className={styles.select}
          aria-label="Add a calculation"
          value=""
          disabled={pivoted || functions.length === 0}
          onChange={(event) => {
            const fn = event.target.value as CalculationFn
            const made = calculationOf(fn, definition, numbers)
            if (made) addOne(made, fn === 'percent_of_total' ? 'share' : fn)
          }}
        >
          <option value="">Add a calculation</option>
          {functions.map((fn) => (
            <option key={fn} value={fn}>
              {calculationWords[fn]}
            </option>
          ))}
        </select>
      </div>
      {pivoted && <p className={styles.hint}>Not together with values as columns.</p>}
    </Part>
  )
}

type OneProps = {
  calculation: Calculation
  index: number
  definition: Definition
  outputs: readonly FieldChoice[]
  onChange: (calculation: Calculation) => void
}

function One({ calculation, index, definition, outputs, onChange }: OneProps) {
  const { fn, formula, of = '', over, size, label, id } = calculation
  const usable = outputs.filter(({ path }) => circleFree(definition, id, path))
  const name = <LabelInput value={label ?? id} onChange={(next) => onChange({ ...calculation, label: next })} />
  if (formula !== undefined || fn === undefined) {
    const names = usable.map((one) => ({ name: one.path, label: one.label, type: one.type }))
    return (
      <>
        {name}
        <FormulaInput
          label={`Formula of ${label ?? id}`}
          value={formula ?? ''}
          names={names}
          path={['calculations', index]}
          onChange={(next) => onChange({ ...calculation, formula: next })}
        />
      </>
    )
  }
  const numbers = usable.filter((one) => isNumber(one) && one.group !== 'Groups')
  const changeFn = (next: CalculationFn) => {
    const made = calculationOf(next, definition, numbers, of)
    if (made) onChange({ id, ...(label !== undefined && { label }), ...made })
  }
  const keys = outputs.filter(({ group }) => group === 'Groups')
  return (
    <>
      {label !== undefined && name}
      <select
        className={styles.select}
        aria-label="Function"
        value={fn}
        onChange={(event) => changeFn(event.target.value as CalculationFn)}
      >
        {[...new Set([fn, ...functionsFor(definition, numbers)])].map((one) => (
          <option key={one} value={one}>
            {calculationWords[one]}
          </option>
        ))}
      </select>
      <FieldSelect
        label="Of which number"
        fields={fn === 'percent_of_total' ? numbers.filter(({ path }) => addsUp(definition, path)) : numbers}
        value={of}
        onChange={({ path }) => onChange({ ...calculation, of: path })}
      />
      {ordersBy(fn) && keys.length > 1 && (
        <FieldSelect
          label="Along which group"
          fields={keys}
          value={over ?? firstTimeKey(definition) ?? ''}
          onChange={({ path }) => {
            const { within: _within, ...rest } = calculation
            onChange({ ...rest, over: path })
          }}
        />
      )}
      {fn === 'moving_average' && (
        <CountInput
          before="over"
          after="rows"
          value={size}
          max={366}
          onChange={(rows) => onChange({ ...calculation, size: Math.max(2, rows ?? 2) })}
        />
      )}
    </>
  )
}
