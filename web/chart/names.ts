import type { Chart } from '../../src/placing/choose-chart.ts'

/** What a kind of chart is called. */
export const chartNames: Readonly<Record<Chart['kind'], string>> = {
  number: 'Figures',
  line: 'Line',
  lines: 'Lines',
  bar: 'Bars',
  stacked: 'Stacked',
  layers: 'Stacked',
  scatter: 'Points',
}
