import { useNavigate } from '@tanstack/react-router'
import type { Definition } from '../../src/definition/schema.ts'
import { Button } from '../ui/Button.tsx'
import { beginWork, keepWork, type Work } from './handover.ts'

/** Opens the builder with what is given to it. */
export function useBuilder(): (work: Work) => void {
  const navigate = useNavigate()
  return (work) => {
    keepWork(beginWork(work))
    void navigate({ to: '/build', search: work.table ? { table: work.table.id } : {} })
  }
}

type Props = {
  definition: Definition
  prompt?: string
  open?: readonly string[]
  label?: string
  kind?: 'quiet' | 'outline'
  /** Of which table, where there are several. */
  of?: string
}

/** Takes a definition into the builder, where every part of it has a control. */
export function EditInBuilder({ definition, prompt, open, label = 'Edit in builder', kind = 'outline', of }: Props) {
  const build = useBuilder()
  const go = () => build({ definition, ...(prompt !== undefined && { prompt }), ...(open && { open }) })
  return (
    <Button kind={kind} onClick={go} aria-label={of && `${label}: ${of}`}>
      {label}
    </Button>
  )
}
