import { readerLocale } from '../api/locale.ts'

/** "1 row", "1,200 rows". */
export const rowCount = (rows: number): string => (rows === 1 ? '1 row' : `${rows.toLocaleString(readerLocale)} rows`)
