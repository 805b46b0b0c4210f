// `npm run bench`: every benchmark, one after the other.
await import('./export.ts')
await import('./translate.ts')
await import('./sweep.ts')
