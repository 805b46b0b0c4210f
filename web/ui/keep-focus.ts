/** What changes its order in the page loses the focus: it is given back, or to a neighbour if it can no longer be pressed. */
export function keepFocus(element: HTMLElement): void {
  requestAnimationFrame(() => {
    const able = element.matches(':disabled')
      ? element.parentElement?.querySelector<HTMLElement>('button:not(:disabled)')
      : element
    able?.focus()
  })
}

/** Gives the focus of a menu that closes to what opened it, unless something else was chosen meanwhile. */
export function giveBackFocus(opener: HTMLElement | null): void {
  const now = document.activeElement
  if (now === null || now === document.body || now.closest('[popover]') !== null) opener?.focus({ preventScroll: true })
}
