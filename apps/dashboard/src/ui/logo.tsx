/** The mark of the product, drawn in the page: a file would have to be fetched again, also from a server that is gone. */
export interface LogoProps {
  /** Where no word beside it says so. */
  readonly name?: string
}

export function Logo({ name }: LogoProps) {
  return (
    <svg className="logo" viewBox="0 0 32 32" {...(name === undefined ? { 'aria-hidden': true } : { role: 'img' })}>
      {name !== undefined && <title>{name}</title>}
      <rect width="32" height="32" rx="7" fill="#12324f" />
      <circle cx="11" cy="16" r="6" fill="none" stroke="#7cc4ff" strokeWidth="3" />
      <circle cx="21" cy="16" r="6" fill="none" stroke="#63d6a3" strokeWidth="3" />
    </svg>
  )
}
