/** Comparison of all leases of a relationship with those of the partner: started, followed, stopped, and repaired. */
import { Controller, Inject } from '@nestjs/common'
import {
  cancelTableComparison,
  getTableComparison,
  repairTableComparison,
  startTableComparison,
} from '@tandem/api-contract'
import type { Problem, TableComparison } from '@tandem/api-contract'
import type { ServerConfiguration } from '../../configuration/server-configuration.ts'
import { HttpProblem } from '../../http/http-problem.ts'
import { commandIdOf } from '../../http/idempotency.interceptor.ts'
import { CONFIGURATION } from '../../http/injection-tokens.ts'
import { Route } from '../../http/route.decorator.ts'
import type { RouteInput } from '../../http/route.decorator.ts'
import { TableComparisons } from './table-comparisons.ts'

@Controller()
export class TableComparisonsController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(TableComparisons) private readonly comparisons: TableComparisons,
  ) {}

  @Route(getTableComparison)
  get({ params }: RouteInput<typeof getTableComparison>): TableComparison {
    this.insistOnRelationship(params.name)
    return this.comparisons.view(params.name)
  }

  @Route(startTableComparison)
  start({ params, principal }: RouteInput<typeof startTableComparison>): TableComparison {
    this.insistOnRelationship(params.name)
    this.insistOnNone(params.name)
    this.comparisons.start(params.name, principal.name)
    return this.comparisons.view(params.name)
  }

  @Route(cancelTableComparison)
  async cancel({ params }: RouteInput<typeof cancelTableComparison>): Promise<TableComparison> {
    this.insistOnRelationship(params.name)
    if (!this.comparisons.isRunning(params.name)) {
      throw refused('table-comparison-not-running', {
        detail: 'No comparison of these leases runs on this server.',
        remedy: 'There is nothing to stop; what was found by the last one stays.',
      })
    }
    await this.comparisons.cancel(params.name)
    return this.comparisons.view(params.name)
  }

  @Route(repairTableComparison)
  async repair(input: RouteInput<typeof repairTableComparison>): Promise<TableComparison> {
    const { params, body, principal, request } = input
    this.insistOnRelationship(params.name)
    this.insistOnNone(params.name)
    if (this.comparisons.repairable(params.name) === 0) {
      throw refused('nothing-to-repair', {
        detail: 'The last comparison found no lease that differs and has a record here.',
        remedy: 'Compare first; what only the partner has is repaired on its own console, or by a resync.',
      })
    }
    const { reason } = body
    await this.comparisons.repair(params.name, { commandId: commandIdOf(request), by: principal.name, reason })
    return this.comparisons.view(params.name)
  }

  private insistOnNone(name: string): void {
    if (this.comparisons.isRepairing(name)) {
      throw refused('table-comparison-running', {
        detail: 'The partner is just being told again of these leases.',
        remedy: 'Begin when that is done; it takes some seconds.',
      })
    }
    if (!this.comparisons.isRunning(name)) return
    throw refused('table-comparison-running', {
      detail: 'A comparison of these leases runs on this server, and there is one at a time.',
      remedy: `Follow it at /api/v1/relationships/${name}/table-comparison; begin when it has ended, or stop it.`,
    })
  }

  private insistOnRelationship(name: string): void {
    const names = this.configuration.engine.relationships.map((relationship) => relationship.name)
    if (names.includes(name)) return
    throw new HttpProblem('not-found', {
      detail: `This server has no relationship named ${name}.`,
      remedy: names.length === 0 ? 'It has none at all.' : `It has: ${names.join(', ')}.`,
      fields: [{ field: 'params.name', message: 'names no relationship' }],
    })
  }
}

function refused(
  refusal: NonNullable<Problem['refusal']>,
  { detail, remedy }: { readonly detail: string; readonly remedy: string },
): HttpProblem {
  return new HttpProblem('refused', {
    detail,
    remedy,
    refusal,
    fields: [{ field: 'params.name', message: detail }],
  })
}
