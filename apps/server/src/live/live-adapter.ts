/** The standard WebSocket adapter with a door: who may not come in is refused before the upgrade, and no token is read from the URL. */
import type { IncomingMessage } from 'node:http'
import type { INestApplicationContext } from '@nestjs/common'
import { WsAdapter } from '@nestjs/platform-ws'
import { originVerdict } from '../http/origin-check.ts'
import { rememberPrincipal } from '../http/principal.ts'
import type { RequestLimits } from '../http/request-limits.ts'
import type { Access } from '../sessions/access.ts'

/** A client says little: to resume, and what it wants. */
const MESSAGE_OCTETS_MAX = 4_096

type Refuse = (admitted: boolean, status?: number, reason?: string) => void

export class LiveAdapter extends WsAdapter {
  constructor(
    application: INestApplicationContext,
    private readonly access: Access,
    private readonly limits: RequestLimits,
    private readonly ownTls: boolean,
  ) {
    super(application)
  }

  override create(port: number, options: Record<string, unknown> = {}): ReturnType<WsAdapter['create']> {
    const verifyClient = ({ req }: { readonly req: IncomingMessage }, answer: Refuse): void => {
      this.admit(req).then(
        (status) => answer(status === 101, status === 101 ? undefined : status),
        () => answer(false, 503),
      )
    }
    return super.create(port, { ...options, maxPayload: MESSAGE_OCTETS_MAX, verifyClient })
  }

  private async admit(request: IncomingMessage): Promise<101 | 401 | 403 | 429> {
    const address = request.socket.remoteAddress
    if (!this.limits.ofAddress(address).admitted) return 429
    const origin = originVerdict(request.headers, this.ownTls)
    if (origin === 'foreign') return 403
    const principal = await this.access.authenticate(request.headers)
    if (!this.limits.ofCaller(principal, address).admitted) return 429
    if (principal === undefined) return 401
    // A browser always names the origin of a WebSocket; what has a cookie and no origin is nothing that we know.
    if (principal.via === 'cookie' && origin !== 'own') return 403
    rememberPrincipal(request, principal)
    return 101
  }
}
