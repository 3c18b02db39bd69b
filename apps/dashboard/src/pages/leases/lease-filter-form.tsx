/** Narrows the leases; what is chosen goes to the URL. */
import { LeaseKind, LeaseSort, leaseSorts, leaseStates } from '@tandem/api-contract'
import { useEffect, useId, useState } from 'react'
import type { FormEvent } from 'react'
import { leaseKindWords, leaseStateWord } from '../../components/lease-state.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { filterText, furtherFields } from './lease-filter.ts'
import type { FilterField, FilterText } from './lease-filter.ts'
import { leaseSortWords } from './lease-order.ts'

export interface LeaseFilterFormProps {
  readonly text: FilterText
  readonly sort: LeaseSort
  readonly subnetIds: readonly string[]
  readonly apply: (text: FilterText, sort: LeaseSort) => void
  /** Of the field `query.duid` and so on, as the server said. */
  readonly errors: Readonly<Partial<Record<FilterField, string>>>
}

const empty = filterText(new URLSearchParams())

export function LeaseFilterForm({ text, sort, subnetIds, apply, errors }: LeaseFilterFormProps) {
  const [typed, setTyped] = useState(text)
  // The URL is the truth: a link or the back button changes the fields too.
  useEffect(() => setTyped(text), [text])
  const change = (field: FilterField, value: string): FilterText => {
    const next = { ...typed, [field]: value }
    setTyped(next)
    return next
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    apply(typed, sort)
  }
  const choose = (field: FilterField) => (value: string) => apply(change(field, value), sort)
  return (
    <form className="filter" role="search" aria-label="Leases" onSubmit={submit}>
      <TextField
        label="Address or prefix"
        placeholder="2001:db8::1 or 2001:db8::/64"
        spellCheck={false}
        value={typed.address}
        error={errors.address}
        onChange={(event) => change('address', event.target.value)}
      />
      <TextField
        label="Client DUID, any part"
        placeholder="00:03:00:01:…"
        spellCheck={false}
        value={typed.duid}
        error={errors.duid}
        onChange={(event) => change('duid', event.target.value)}
      />
      <Choice
        label="Subnet"
        value={typed.subnet}
        choices={subnetIds.map((id) => ({ value: id, word: id }))}
        choose={choose('subnet')}
      />
      <Choice
        label="State"
        value={typed.state}
        choices={leaseStates.map((state) => ({ value: state, word: leaseStateWord(state) }))}
        choose={choose('state')}
      />
      <Choice
        label="Kind"
        value={typed.kind}
        choices={LeaseKind.options.map((kind) => ({ value: kind, word: leaseKindWords[kind] }))}
        choose={choose('kind')}
      />
      <OrderChoice sort={sort} choose={(next) => apply(typed, next)} />
      <div className="filter-acts">
        <Button type="submit" look="primary">
          Find
        </Button>
        <Button onPress={() => apply(empty, sort)}>Clear</Button>
      </div>
      <Further typed={typed} errors={errors} change={change} />
    </form>
  )
}

interface OrderChoiceProps {
  readonly sort: LeaseSort
  readonly choose: (sort: LeaseSort) => void
}

function OrderChoice({ sort, choose }: OrderChoiceProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>Order</label>
      <select id={id} className="input" value={sort} onChange={(event) => choose(LeaseSort.parse(event.target.value))}>
        {leaseSorts.map((each) => (
          <option key={each} value={each}>
            {leaseSortWords[each].choice}
          </option>
        ))}
      </select>
    </div>
  )
}

interface FurtherProps {
  readonly typed: FilterText
  readonly errors: LeaseFilterFormProps['errors']
  readonly change: (field: FilterField, value: string) => unknown
}

const further: Readonly<
  Record<(typeof furtherFields)[number], { readonly label: string; readonly placeholder: string }>
> = {
  hostName: { label: 'Host name, any part', placeholder: 'desk-17' },
  relay: { label: 'What the relay said, any part', placeholder: 'port-1/7 or 00:1a:2b' },
  iaid: { label: 'IAID', placeholder: '1' },
}

function Further({ typed, errors, change }: FurtherProps) {
  const isUsed = furtherFields.some((field) => typed[field] !== '')
  const [open, setOpen] = useState(isUsed)
  return (
    <details
      className="filter-further"
      open={open || isUsed}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>Host name, relay, IAID</summary>
      <div>
        {furtherFields.map((field) => (
          <TextField
            key={field}
            label={further[field].label}
            placeholder={further[field].placeholder}
            spellCheck={false}
            {...(field === 'iaid' ? { inputMode: 'numeric' as const } : {})}
            value={typed[field]}
            error={errors[field]}
            onChange={(event) => change(field, event.target.value)}
          />
        ))}
      </div>
    </details>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly choices: readonly { readonly value: string; readonly word: string }[]
  readonly choose: (value: string) => void
}

function Choice({ label, value, choices, choose }: ChoiceProps) {
  const id = useId()
  const known = value === '' || choices.some((choice) => choice.value === value)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">All</option>
        {!known && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.word}
          </option>
        ))}
      </select>
    </div>
  )
}
