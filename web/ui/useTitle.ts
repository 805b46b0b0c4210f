import { useEffect } from 'react'

/** What the tab of the browser and the history call this screen, while it is shown. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title === undefined) return
    document.title = `${title} · Tablewright`
    return () => {
      document.title = 'Tablewright'
    }
  }, [title])
}
