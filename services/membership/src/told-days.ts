import { type Day, Refusal } from '@phancong/event-sourcing';

/**
 * What has not come yet cannot be told: it may still come otherwise. Ends that are planned are no such days.
 * @param days by the field that gives them; an absent one says nothing
 * @throws Refusal `day-in-future`
 */
export function refuseFuture(today: Day, days: Readonly<Record<string, Day | null | undefined>>): void {
  for (const [field, on] of Object.entries(days)) {
    if (on !== undefined && on !== null && on > today) {
      throw new Refusal('invalid', 'day-in-future', { field, on, today });
    }
  }
}

/** @throws Refusal `admitted-before-birth`; it does not tell the birth date, which is personal */
export function refuseBeforeBirth(birthDate: Day | null | undefined, admittedOn: Day): void {
  if (birthDate !== undefined && birthDate !== null && admittedOn < birthDate) {
    throw new Refusal('invalid', 'admitted-before-birth', { on: admittedOn });
  }
}
