import { useNavigate } from '@tanstack/react-router'
import type { Definition } from '../../src/definition/schema.ts'
import { Button } from '../ui/Button.tsx'
import { keepWork } from './handover.ts'

type Props = { definition: Definition; prompt?: string; open?: readonly string[]; label?: string }

/** Takes a definition into the builder, where every part of it has a control. */
export function EditInBuilder({ definition, prompt, open, label = 'Edit in builder' }: Props) {
  const navigate = useNavigate()
  const go = async () => {
    keepWork({ definition, ...(prompt !== undefined && { prompt }), ...(open && { open }) })
    await navigate({ to: '/build', search: {} })
  }
  return <Button onClick={() => void go()}>{label}</Button>
}
