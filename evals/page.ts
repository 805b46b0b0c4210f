// The evals as a page to look at: each measure with its interval, how it went over the days, and what changed last.
// In: runs, the oldest first, and notes of the latest. Out: one HTML file that needs nothing beside it.
import { type Run, series } from './history.ts'
import type { Share } from './measures.ts'
import { numberLines, shareText, wilson } from './report.ts'

const STYLE = `
:root{color-scheme:light dark;--ink:#1c1b1a;--soft:#6b6661;--line:#e2ddd6;--paper:#fbfaf8;--bar:#c9d8ea;--dot:#1f4e8c;--good:#22703a;--bad:#a3271b}
@media (prefers-color-scheme:dark){:root{--ink:#ece8e2;--soft:#a39d95;--line:#3a3733;--paper:#191817;--bar:#2c4263;--dot:#9dc1f2;--good:#7ccb92;--bad:#f09b90}}
body{margin:0 auto;max-width:64rem;padding:2rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.5rem 0 .25rem}p{margin:.25rem 0 .75rem;color:var(--soft)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:middle}
th{font-weight:500;color:var(--soft);font-size:.85rem}tbody th{min-width:11rem;color:var(--ink);font-weight:400;font-size:1rem}
td.number{white-space:nowrap;font-variant-numeric:tabular-nums}td small{color:var(--soft)}
.good{color:var(--good)}.bad{color:var(--bad)}svg{display:block}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.75rem 0}dt{color:var(--soft)}dd{margin:0}`

/** The page. */
export function historyPage(history: readonly Run[]): string {
  const parts = series(history).map(sectionOf)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evals</title><style>${STYLE}</style></head><body>
<h1>Evals</h1>
<p>How well words become tables. The light bar is the 95 % interval (Wilson), the dot the share. A change is since the run before, in points.</p>
${parts.join('\n')}
</body></html>
`
}

function sectionOf(runs: readonly Run[]): string {
  const latest = runs.at(-1)
  if (latest === undefined) return ''
  const rows = latest.shares.map((share) => {
    const points = runs.flatMap(({ shares }) => shares.find(({ name }) => name === share.name) ?? [])
    return `<tr><th scope="row">${text(share.name)}</th><td>${intervalPicture(share)}</td><td class="number">${valueCell(share)}</td><td>${trendPicture(points)}</td><td class="number">${changeCell(points)}</td></tr>`
  })
  const numbers = numberLines(latest).map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`)
  const days =
    runs.length === 1 ? `one run, ${latest.day}` : `${runs.length} runs, ${runs[0]?.day ?? ''} to ${latest.day}`
  return `<section><h2>${text(latest.of)}, translator ${text(latest.translator)}</h2><p>${text(days)}</p>
<div class="wide"><table><thead><tr><th>measure</th><th>0 to 100 %</th><th>share</th><th>over the runs</th><th>change</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>
<dl>${numbers.join('')}</dl></section>`
}

function valueCell(share: Share): string {
  const [percent, rest = ''] = shareText(share).split(' [')
  return `${text(percent ?? '')}${rest === '' ? '' : ` <small>[${text(rest)}</small>`}`
}

const percentOf = ({ hits, of }: Share) => (of === 0 ? 0 : (100 * hits) / of)

function intervalPicture(share: Share): string {
  const [low, high] = wilson(share.hits, share.of)
  const dot =
    share.of === 0 ? '' : `<circle cx="${fixed(4 + percentOf(share) * 1.5)}" cy="8" r="2.5" fill="var(--dot)"/>`
  return `<svg width="158" height="16" role="img" aria-label="${text(shareText(share))}"><line x1="4" x2="154" y1="8" y2="8" stroke="var(--line)"/><rect x="${fixed(4 + low * 1.5)}" y="2" width="${fixed(Math.max(2, (high - low) * 1.5))}" height="12" rx="2" fill="var(--bar)"/>${dot}</svg>`
}

/** A line over the runs, from the lowest to the highest share but never less than ten points high, so that noise looks small. */
function trendPicture(shares: readonly Share[]): string {
  const points = shares.filter(({ of }) => of > 0).map(percentOf)
  if (points.length < 2) return ''
  const middle = (Math.min(...points) + Math.max(...points)) / 2
  const span = Math.max(10, Math.max(...points) - Math.min(...points))
  const x = (at: number) => 4 + (at * 112) / (points.length - 1)
  const y = (value: number) => 14 - ((value - middle) / span) * 20
  const line = points.map((value, at) => `${fixed(x(at))},${fixed(y(value))}`).join(' ')
  const last = points.length - 1
  const said = `from ${fixed(points[0] ?? 0)} % to ${fixed(points[last] ?? 0)} %`
  return `<svg width="120" height="28" role="img" aria-label="${said}"><polyline points="${line}" fill="none" stroke="var(--soft)" stroke-width="1.5"/><circle cx="${fixed(x(last))}" cy="${fixed(y(points[last] ?? 0))}" r="3" fill="var(--dot)"/></svg>`
}

function changeCell(shares: readonly Share[]): string {
  const [before, now] = shares.slice(-2)
  if (before === undefined || now === undefined) return ''
  const points = Math.round((percentOf(now) - percentOf(before)) * 10) / 10
  if (points === 0) return '0.0'
  const better = points > 0 === (now.want === 'more')
  return `<span class="${better ? 'good' : 'bad'}">${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)} ${better ? 'better' : 'worse'}</span>`
}

const fixed = (value: number) => value.toFixed(1)
const text = (value: string) =>
  value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
