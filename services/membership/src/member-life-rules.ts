import type { MemberLife } from '@phancong/contracts';
import { Refusal } from '@phancong/event-sourcing';
import { conflictsWith } from './entry.ts';
import { entryFor, leftOn, type Member } from './member-state.ts';

/**
 * Who leaves on a day is no longer there on it, so nothing else can have happened on that day or later.
 * @param state what was written down so far, to name the entry that stands against it
 * @param life the life that would be told
 * @throws Refusal when the life cannot have been
 */
export function refuseImpossibleLife(state: Member, life: MemberLife): void {
  const { admittedOn, officialOn, exemptions, stays } = life;
  const from = stays[0]?.from;
  const left = leftOn(life);
  if (from === undefined) return;
  if (from < admittedOn) throw new Refusal('invalid', 'before-admission', { on: from, from: admittedOn });
  if (left !== undefined && left <= from) throw conflictsWith(entryFor(state, left, 'MemberLeft'));
  if (officialOn !== undefined) {
    if (officialOn <= admittedOn) {
      throw new Refusal('invalid', 'official-not-after-admission', { officialOn, admittedOn });
    }
    if (left !== undefined && left <= officialOn)
      throw conflictsWith(entryFor(state, officialOn, 'MemberOfficialised'));
  }
  for (const exemption of exemptions) {
    if (exemption.from < from || (left !== undefined && left <= exemption.from)) {
      throw conflictsWith(entryFor(state, exemption.from, 'MemberExempted'));
    }
  }
  const ended = state.exemptionsEnded.find((on) => left !== undefined && left <= on);
  if (ended !== undefined) throw conflictsWith(entryFor(state, ended, 'MemberExemptionEnded'));
}
