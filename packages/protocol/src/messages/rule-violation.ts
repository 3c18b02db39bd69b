/** One way in which a well-formed message breaks the rules on what it must carry. */

export interface RuleViolation {
  readonly kind: 'missing' | 'forbidden' | 'repeated' | 'forbidden-value'
  readonly optionCode: number
  /** The options that hold the place of the fault, outermost first; absent at the top of the message. */
  readonly within?: readonly number[]
  readonly detail: string
}
