/** What changes its order in the page loses the focus: it is given back, or to a neighbour if it can no longer be pressed. */
export function keepFocus(element: HTMLElement): void {
  requestAnimationFrame(() => {
    const able = element.matches(':disabled')
      ? element.parentElement?.querySelector<HTMLElement>('button:not(:disabled)')
      : element
    able?.focus()
  })
}
