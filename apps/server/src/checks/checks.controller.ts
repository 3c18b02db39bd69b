/** Looks at both servers, and at what lies between them, now. */
import { Controller, Inject } from '@nestjs/common'
import { listChecks } from '@tandem/api-contract'
import type { CheckList } from '@tandem/api-contract'
import type { ServerConfiguration } from '../configuration/server-configuration.ts'
import { CHANNEL_VIEWS } from '../http/channel-views.ts'
import type { ChannelViews } from '../http/channel-views.ts'
import { CHECK_READER } from '../http/check-reader.ts'
import type { CheckReader } from '../http/check-reader.ts'
import { CONFIGURATION } from '../http/injection-tokens.ts'
import { Route } from '../http/route.decorator.ts'
import { isoOf } from '../http/view-values.ts'
import { checkListOf } from './check-list.ts'
import { configurationCheck } from './configuration-check.ts'

@Controller()
export class ChecksController {
  constructor(
    @Inject(CHECK_READER) private readonly reader: CheckReader,
    @Inject(CHANNEL_VIEWS) private readonly channels: ChannelViews,
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
  ) {}

  @Route(listChecks)
  async list(): Promise<CheckList> {
    const { node, engine } = this.configuration
    const asOf = isoOf(Date.now())
    const names = engine.relationships.map(({ name }) => name)
    const [own, comparisons, partners] = await Promise.all([
      this.reader.read(),
      Promise.all(names.map(async (name) => this.channels.compareConfigurations(name))),
      Promise.all(names.map(async (name) => this.channels.partnerChecks(name))),
    ])
    const server = { serverName: node.name, outcome: 'told', problem: null, asOf } as const
    return checkListOf({ server, own: [...own, ...comparisons.map(configurationCheck)], partners })
  }
}
