/** A button, in the few looks that the console has. */
import { Button as AriaButton } from 'react-aria-components'
import type { ButtonProps as AriaButtonProps } from 'react-aria-components'
import './controls.css'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  readonly look?: 'primary' | 'danger' | 'danger-quiet' | 'plain'
  readonly size?: 'small' | 'icon'
}

export function Button({ look, size, ...rest }: ButtonProps) {
  const names = ['button', look === undefined ? '' : `button-${look}`, size === undefined ? '' : `button-${size}`]
  return <AriaButton {...rest} className={names.filter((name) => name !== '').join(' ')} />
}
