/** A labelled field with its hint and its error. */
import { useId } from 'react'
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import './controls.css'

interface Described {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
}

function useDescription({ hint, error }: Described): {
  readonly id: string
  readonly describedBy: string | undefined
  readonly notes: React.ReactNode
} {
  const id = useId()
  const ids = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean)
  return {
    id,
    describedBy: ids.length === 0 ? undefined : ids.join(' '),
    notes: (
      <>
        {hint !== undefined && (
          <span id={`${id}-hint`} className="field-hint">
            {hint}
          </span>
        )}
        {error !== undefined && (
          <span id={`${id}-error`} className="field-error">
            {error}
          </span>
        )}
      </>
    ),
  }
}

type TextFieldProps = Described & Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'>

export function TextField({ label, hint, error, ...input }: TextFieldProps) {
  const { id, describedBy, notes } = useDescription({ label, hint, error })
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} className="input" aria-describedby={describedBy} aria-invalid={error !== undefined} />
      {notes}
    </div>
  )
}

type TextAreaProps = Described & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'id'>

export function TextArea({ label, hint, error, ...input }: TextAreaProps) {
  const { id, describedBy, notes } = useDescription({ label, hint, error })
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        {...input}
        id={id}
        className="input"
        aria-describedby={describedBy}
        aria-invalid={error !== undefined}
      />
      {notes}
    </div>
  )
}

export interface Choice {
  readonly value: string
  readonly word: string
}

type SelectFieldProps = Described & { readonly choices: readonly Choice[] } & Omit<
    SelectHTMLAttributes<HTMLSelectElement>,
    'className' | 'id'
  >

export function SelectField({ label, hint, error, choices, ...select }: SelectFieldProps) {
  const { id, describedBy, notes } = useDescription({ label, hint, error })
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select {...select} id={id} className="input" aria-describedby={describedBy} aria-invalid={error !== undefined}>
        {choices.map(({ value, word }) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
      {notes}
    </div>
  )
}

export interface CheckFieldProps {
  readonly checked: boolean
  readonly change: (checked: boolean) => void
  readonly disabled?: boolean
  readonly children: ReactNode
}

export function CheckField({ checked, change, disabled = false, children }: CheckFieldProps) {
  return (
    <label className="check check-plain">
      <input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => change(event.target.checked)} />
      <span>{children}</span>
    </label>
  )
}
