/** A password that is handed to somebody: typed, or made up and shown to be copied. */
import { Password } from '@tandem/api-contract'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { CheckField, TextField } from '../../ui/field.tsx'
import { madeUpPassword } from './made-up-password.ts'

export interface PasswordWish {
  readonly password: string
  readonly isTemporary: boolean
}

export const noPassword: PasswordWish = { password: '', isTemporary: true }

export interface PasswordForAnotherProps {
  readonly wish: PasswordWish
  readonly change: (wish: PasswordWish) => void
  readonly asked: boolean
}

export function isGoodPassword({ password }: PasswordWish): boolean {
  return Password.safeParse(password).success
}

export function PasswordForAnother({ wish, change, asked }: PasswordForAnotherProps) {
  const makeUp = (): void => {
    change({ ...wish, password: madeUpPassword((octets) => crypto.getRandomValues(octets)) })
  }
  return (
    <>
      <div className="made-up">
        <TextField
          label="Password"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          hint="At least 12 characters. Hand it over yourself: it is not shown again."
          value={wish.password}
          onChange={(event) => change({ ...wish, password: event.target.value })}
          error={asked && !isGoodPassword(wish) ? 'Too short.' : undefined}
        />
        <div className="row">
          <Button size="small" onPress={makeUp}>
            Make one up
          </Button>
          {isGoodPassword(wish) && <CopyButton text={wish.password} what="the password" />}
        </div>
      </div>
      <CheckField checked={wish.isTemporary} change={(isTemporary) => change({ ...wish, isTemporary })}>
        Has to be replaced at the next sign-in
      </CheckField>
    </>
  )
}
