import type { LateEntry } from './late-entry.ts';
import { lateFacts } from './late-entry.ts';
import { Logs, type Telling } from '../testing/messages.ts';

const { ids, evolve } = lateFacts({ lateAfterDays: 7, timeZone: 'Asia/Ho_Chi_Minh' });

function told(
  recordedAt: string,
  occurredAt: string,
  rest?: { type: string; [field: string]: unknown },
): LateEntry | undefined {
  const telling: Telling = { type: 'MemberLeft', member: 'an', reason: 'resigned', ...rest, occurredAt };
  const message = new Logs().tell('membership', 'member-an', recordedAt, telling);
  expect(ids(message)).toHaveLength(evolve(undefined, message, message.id) ? 1 : 0);
  return evolve(undefined, message, message.id);
}

describe('an entry', () => {
  it('is late when it is written down more than the days of the policy after it was true', () => {
    expect(told('2010-05-08', '2010-05-01')).toBeUndefined();
    expect(told('2010-05-09', '2010-05-01')).toEqual({
      ...{ what: 'MemberLeft', source: 'membership', member: 'an', by: 'local-operator', delay: 8 },
      ...{ occurredAt: '2010-05-01', recordedAt: '2010-05-09T12:00:00.000Z', recordedOn: '2010-05-09' },
    });
  });

  it('is written down on the day that it is in the zone', () => {
    expect(told('2010-05-08T16:59:59.999Z', '2010-05-01')).toBeUndefined();
    expect(told('2010-05-08T17:00:00.000Z', '2010-05-01')).toMatchObject({ recordedOn: '2010-05-09', delay: 8 });
  });

  it('is not late when it is about a day to come', () => {
    expect(told('2010-05-08', '2010-06-01')).toBeUndefined();
  });

  it('names whom and what it concerns', () => {
    const moved = { type: 'OrganisationMoved', organisation: 'cell', parent: 'north' };
    expect(told('2011-01-01', '2010-05-01', moved)).toMatchObject({ what: 'OrganisationMoved', organisation: 'cell' });
    const trained = { type: 'CandidateTrained', candidate: 'k', introducedBy: 'binh' };
    expect(told('2011-01-01', '2010-05-01', trained)).toMatchObject({ candidate: 'k', member: 'binh' });
  });
});
