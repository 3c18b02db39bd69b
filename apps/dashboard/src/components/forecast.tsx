/** When a pool runs out, with an icon where it is soon; and the first of all pools. */
import type { Pool, PoolForecast } from '@tandem/api-contract'
import { Link } from 'react-router'
import { paths } from '../paths.ts'
import { useNow } from '../ui/clock.ts'
import { Icon } from '../ui/icon.tsx'
import { Moment } from '../ui/moment.tsx'
import {
  firstToRunOut,
  forecastLook,
  noneRunsOutWords,
  outcomeWords,
  rateWords,
  supplyWords,
} from './forecast-words.ts'
import type { Condition } from './forecast-words.ts'
import { leaseKindWords } from './lease-state.tsx'
import './forecast.css'

export function Forecast({ forecast, brief = false }: { readonly forecast: PoolForecast; readonly brief?: boolean }) {
  const { tone, icon } = forecastLook(forecast, useNow())
  return (
    <span
      className={`forecast${tone === undefined ? '' : ` tone-${tone} forecast-soon`}`}
      title={`New clients get ${supplyWords(forecast)}; ${rateWords(forecast)}`}
    >
      {icon !== undefined && <Icon name={icon} />}
      {forecast.outcome === 'runs-out' && forecast.at !== null ? (
        <Moment at={forecast.at} show={brief ? 'roughly-until' : 'roughly-until-and-clock'} />
      ) : (
        <span>{outcomeWords[forecast.outcome === 'runs-out' ? 'not-enough-data' : forecast.outcome]}</span>
      )}
    </span>
  )
}

export interface TimePressureProps {
  readonly pools: readonly Pool[]
  /** Undefined: of several relationships, or of none. */
  readonly partnerName: string | undefined
}

/** How long it goes on like this: the first pool to run out, now and if the partner were declared down. */
export function TimePressure({ pools, partnerName = 'the partner' }: TimePressureProps) {
  const mayDeclare = pools.some(({ forecast }) => forecast.ifPartnerDown !== null)
  return (
    <dl className="time-pressure">
      <Pressed name="First to run out" pools={pools} condition="present" />
      {mayDeclare && <Pressed name={`If ${partnerName} were down`} pools={pools} condition="ifPartnerDown" />}
    </dl>
  )
}

interface PressedProps {
  readonly name: string
  readonly pools: readonly Pool[]
  readonly condition: Condition
}

function Pressed({ name, pools, condition }: PressedProps) {
  const first = firstToRunOut(pools, condition)
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {first === undefined ? (
          <span className="muted">{noneRunsOutWords(pools, condition)}</span>
        ) : (
          <>
            <Forecast forecast={first.forecast} brief />
            <Link to={paths.pool(first.pool.id)} title={first.pool.id}>
              <span className="only-heard">{leaseKindWords[first.pool.kind]}es </span>
              {first.pool.subnetId}
            </Link>
          </>
        )}
      </dd>
    </>
  )
}
