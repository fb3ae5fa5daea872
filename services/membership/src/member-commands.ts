import { type Decider, fold } from '@phancong/event-sourcing';
import { memberDecider } from './member.ts';
import type { MemberCommand } from './member-command.ts';
import type { MemberEvent } from './member-event.ts';
import type { Member } from './member-state.ts';

/** The same rules for several commands at once: all that they cause, or the refusal of the first that may not happen. */
export const memberCommandsDecider: Decider<Member | undefined, MemberCommand | readonly MemberCommand[], MemberEvent> =
  {
    ...memberDecider,
    decide: (given, before) => {
      if ('type' in given) return memberDecider.decide(given, before);
      const events: MemberEvent[] = [];
      let state = before;
      for (const command of given) {
        const next = memberDecider.decide(command, state);
        state = fold(memberDecider, state, next);
        events.push(...next);
      }
      return events;
    },
  };
