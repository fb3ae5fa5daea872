import { type Decider, fold } from '../decider.ts';
import { Refusal, type RefusalFacts } from '../refusal.ts';

/** What came of a command; each method fails the test if it came otherwise. */
export interface Outcome<Event> {
  /** Exactly these events, in this order, field by field (a field that is `undefined` counts as left out). */
  then(events: readonly Event[]): void;
  /** A refusal with this code, and with exactly these facts if they are given. */
  thenRefused(code: string, facts?: RefusalFacts): void;
  /** No event, and no refusal. */
  thenNothing(): void;
}

/**
 * Tests an aggregate in its own words:
 * `given(decider, events).when(command).then(events)`, `.thenRefused(code, facts)`, `.thenNothing()`.
 */
export const given = <State, Command, Event>(
  decider: Decider<State, Command, Event>,
  events: readonly Event[] = [],
): { when(command: Command): Outcome<Event> } => ({
  when(command) {
    const state = fold(decider, decider.initialState, events);
    const decided = attempt(() => decider.decide(command, state));
    return {
      then: (expected) => expect(decided).toEqual({ events: expected }),
      thenRefused: (code, facts) =>
        expect(decided).toEqual({
          refused: { code, facts: facts ?? ('refused' in decided ? decided.refused.facts : {}) },
        }),
      thenNothing: () => expect(decided).toEqual({ events: [] }),
    };
  },
});

type Decided<Event> =
  | { readonly events: readonly Event[] }
  | { readonly refused: { readonly code: string; readonly facts: RefusalFacts } };

function attempt<Event>(decide: () => readonly Event[]): Decided<Event> {
  try {
    return { events: decide() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: { code: error.code, facts: error.facts } };
  }
}
