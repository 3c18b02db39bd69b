/** Whoever handed service over takes it back, also of a server that forgot, or remembered, that it was (decision 0089). */
import type { ServerProcess } from '../world/server-process.ts'
import type { World } from '../world/world.ts'

export function takeBack(world: World, server: ServerProcess): void {
  const isAway = server.store.endpoint('pair')?.handedOver !== undefined
  if (isAway && server.isRunning && !server.isSuspended) world.operator.service(server, 'take-back')
}
