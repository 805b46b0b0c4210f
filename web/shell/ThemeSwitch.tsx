import { useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'

type Theme = 'light' | 'dark'

/** Light or dark; until somebody chooses, the system's choice. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(currentTheme)
  const other: Theme = theme === 'dark' ? 'light' : 'dark'
  const toggle = () => {
    document.documentElement.dataset.theme = other
    try {
      localStorage.setItem('theme', other)
    } catch {
      // Without storage the choice lasts until the page is left.
    }
    setTheme(other)
  }
  return (
    <Button
      kind="quiet"
      shape="round"
      onClick={toggle}
      aria-label={`Switch to the ${other} theme`}
      title={`Switch to the ${other} theme`}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </Button>
  )
}

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
