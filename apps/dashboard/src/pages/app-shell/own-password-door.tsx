/** Before everything else: a password that somebody else chose is replaced by one's own. */
import type { Session } from '@tandem/api-contract'
import { ChangePasswordForm } from '../../features/change-password/change-password-form.tsx'
import { SignOutButton } from '../../features/sign-out/sign-out-button.tsx'
import { Logo } from '../../ui/logo.tsx'
import { usePageTitle } from '../../ui/page.tsx'
import '../../ui/door.css'

export function OwnPasswordDoor({ session }: { readonly session: Session }) {
  usePageTitle('Choose your password')
  return (
    <main className="door">
      <div className="door-card">
        <div className="door-brand">
          <Logo />
          <div>
            <h1>Choose your password</h1>
            <p className="muted small">
              {session.operator.name} on {session.serverName}
            </p>
          </div>
        </div>
        <p>The password that you signed in with was chosen by somebody else. Replace it by one that only you know.</p>
        <ChangePasswordForm name={session.operator.name} act="Set it and go on" />
      </div>
      <SignOutButton />
    </main>
  )
}
