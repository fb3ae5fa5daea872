import type { AssignmentTerms, MemberLife } from '@phancong/contracts';
import { commandIdFrom } from '@phancong/event-sourcing';
import { given } from '@phancong/event-sourcing/testing';
import { type BookCommand, bookDecider, type Correct } from './assignment-book.ts';
import type { BookEvent } from './book-event.ts';
import type { Group } from './group.ts';
import { defaultPolicy } from './policy.ts';
import { assignmentId, day, groupId, groupOf, lifeOf, memberId, org, stay, tree } from './testing/example.ts';

const member = memberId('lan');
const assignment = assignmentId('a1');
const team = groupOf('team', { kind: 'workers' });
const circumstances = (life: MemberLife, to?: string) => ({
  ...{ life, tree },
  successors: to === undefined ? [] : [{ on: day('2009-01-01'), to: memberId(to) }],
});
const made = (on: string, id = 'a1', group = 'team'): BookEvent => ({
  ...{ type: 'AssignmentMade', occurredAt: day(on), member, assignment: assignmentId(id), group: groupId(group) },
  ...{ groupKind: 'workers', origin: 'assigned', role: 'direct', cell: org('weaving'), content: ['tay nghề'] },
});
const ended = (on: string, cause?: 'member-left' | 'member-moved' | 'group-closed'): BookEvent => ({
  ...{ type: 'AssignmentEnded', occurredAt: day(on), member, assignment },
  ...(cause === undefined ? { reason: 'xong' } : { cause }),
});
const suspended = (on: string, until?: string): BookEvent => ({
  ...{ type: 'AssignmentSuspended', occurredAt: day(on), member, assignment, reason: 'ốm' },
  ...(until !== undefined && { until: day(until) }),
});
const terms = (from: string, until?: string, more?: Partial<AssignmentTerms>): AssignmentTerms => ({
  ...{ assignment, group: groupId('team'), groupKind: 'workers', origin: 'assigned', suspensions: [], ...more },
  ...{ from: day(from), ...(until !== undefined && { until: day(until) }) },
});
const correct = (fields: Partial<Correct>): BookCommand => ({
  ...{ type: 'correct', member, assignment, reason: 'ghi nhầm ngày', circumstances: circumstances(lifeOf('lan')) },
  ...{ group: team, policy: defaultPolicy, ...fields },
});
const corrected = (to: AssignmentTerms, more?: object): BookEvent => ({
  ...{ type: 'AssignmentCorrected', occurredAt: to.from, member, assignment, terms: to },
  ...{ cell: org('weaving'), role: 'direct', reason: 'ghi nhầm ngày', ...more },
});
const book = (...events: readonly BookEvent[]) => given(bookDecider, events);

describe('correcting an assignment', () => {
  it('says the whole of it again', () => {
    book(made('2005-01-01'))
      .when(correct({ from: day('2005-02-01') }))
      .then([corrected(terms('2005-02-01'))]);
    book(made('2005-01-01'), ended('2006-01-01'))
      .when(correct({ endedOn: day('2007-01-01') }))
      .then([corrected(terms('2005-01-01', '2007-01-01'))]);
    book(made('2005-01-01'), ended('2006-01-01'))
      .when(correct({ endedOn: null }))
      .then([corrected(terms('2005-01-01'))]);
    book(made('2005-01-01'))
      .when(correct({ role: 'core', massOrganisation: 'Công đoàn', content: ['đoàn viên'] }))
      .then([corrected(terms('2005-01-01'), { role: 'core', massOrganisation: 'Công đoàn', content: ['đoàn viên'] })]);
  });

  it('that changes nothing does nothing', () =>
    book(made('2005-01-01'))
      .when(correct({ from: day('2005-01-01') }))
      .thenNothing());

  it('takes an assignment away that never was', () =>
    book(made('2005-01-01'))
      .when(correct({ endedOn: day('2005-01-01') }))
      .then([corrected(terms('2005-01-01', '2005-01-01'))]));

  it('keeps of the suspensions what lies within', () =>
    book(made('2005-01-01'), suspended('2005-02-01', '2005-03-01'), suspended('2005-06-01'))
      .when(correct({ from: day('2005-02-10'), endedOn: day('2005-05-01') }))
      .then([
        corrected(
          terms('2005-02-10', '2005-05-01', { suspensions: [{ from: day('2005-02-10'), until: day('2005-03-01') }] }),
        ),
      ]));

  it('stays within the days of the member, of the place and of the group', () => {
    const left = circumstances(lifeOf('lan', [stay('weaving', '2004-01-01', '2006-01-01')]));
    const away = lifeOf('lan', [stay('weaving', '2004-01-01', '2006-01-01'), stay('physics', '2006-01-01')]);
    const closed: Group = { ...team, closed: { on: day('2006-01-01'), revision: 1 } };
    const until = { endedOn: day('2007-01-01') };
    const refused = (fields: Partial<Correct>, code: string) =>
      book(made('2005-01-01'), ended('2005-06-01')).when(correct(fields)).thenRefused(code);
    refused({ from: day('2003-01-01') }, 'member-not-in-cell');
    refused({ ...until, circumstances: left }, 'member-not-in-cell');
    refused({ ...until, circumstances: circumstances(away) }, 'member-moved');
    refused({ ...until, group: closed }, 'group-not-open');
    refused({ from: day('2005-12-01') }, 'ends-before-it-begins');
  });

  it('to a day on which the policy advises against it needs a reason', () => {
    const came = circumstances(
      lifeOf('lan', [stay('physics', '2004-01-01', '2005-01-01'), stay('weaving', '2005-01-01')]),
    );
    const from = { from: day('2004-06-01'), circumstances: came };
    book(made('2005-01-01')).when(correct(from)).thenRefused('mismatch', { mismatches: 'elsewhere' });
    const override = { reason: 'biệt phái' };
    book(made('2005-01-01'))
      .when(correct({ ...from, override }))
      .then([
        corrected(terms('2004-06-01'), { cell: 'physics', override: { ...override, mismatches: ['elsewhere'] } }),
      ]);
  });

  it('does not make two of one', () =>
    book(made('2005-01-01'), ended('2006-01-01'), made('2006-01-01', 'a2'))
      .when(correct({ endedOn: null }))
      .thenRefused('conflicts-with-later-entry', { type: 'AssignmentMade', occurredAt: '2006-01-01', revision: 2 }));

  it('is what later entries are measured by', () => {
    const told = [made('2005-01-01'), ended('2006-01-01'), corrected(terms('2005-01-01', '2008-01-01'))];
    const suspend = (on: string): BookCommand => ({
      ...{ type: 'suspend', member, assignment, on: day(on), reason: 'ốm' },
    });
    book(...told)
      .when(suspend('2007-01-01'))
      .then([suspended('2007-01-01')]);
    book(...told)
      .when(suspend('2008-01-01'))
      .thenRefused('assignment-not-active');
  });
});

describe('settling a book', () => {
  const settle = (life: MemberLife, more?: { to?: string; group?: Group }): BookCommand => ({
    ...{ type: 'settle', member, circumstances: circumstances(life, more?.to), seed: 'm1', policy: defaultPolicy },
    groups: new Map([[groupId('team'), more?.group ?? team]]),
  });
  const left = lifeOf('lan', [stay('weaving', '2004-01-01', '2009-01-01')]);

  it('has nothing to do while all is as it was', () =>
    book(made('2005-01-01'))
      .when(settle(lifeOf('lan')))
      .thenNothing());

  it('cuts what the member left, also what was to begin later, and once', () => {
    const both = [made('2005-01-01'), made('2010-01-01', 'a2')];
    const cuts: BookEvent[] = [
      ended('2009-01-01', 'member-left'),
      { ...ended('2010-01-01', 'member-left'), assignment: assignmentId('a2') },
    ];
    book(...both)
      .when(settle(left))
      .then(cuts);
    book(...both, ...cuts)
      .when(settle(left))
      .thenNothing();
  });

  it('is never refused, whatever was recorded of later days', () => {
    const told = [made('2005-01-01'), suspended('2010-01-01'), ended('2011-01-01')];
    book(...told)
      .when(settle(left))
      .then([ended('2009-01-01', 'member-left')]);
  });

  it('leaves days before the cut open to late entries, and makes those after it void', () => {
    const told = [made('2005-01-01'), suspended('2010-01-01'), ended('2009-01-01', 'member-left')];
    const end: BookCommand = { type: 'end', member, assignment, on: day('2008-01-01'), reason: 'xong' };
    book(...told)
      .when(end)
      .then([ended('2008-01-01')]);
    book(...told)
      .when({ ...end, on: day('2009-01-01') })
      .thenRefused('assignment-not-active');
  });

  it('hands over to the successor', () =>
    book(made('2005-01-01'))
      .when(settle(left, { to: 'binh' }))
      .then([
        {
          ...{ type: 'AssignmentHandedOver', occurredAt: day('2009-01-01'), member, assignment, to: memberId('binh') },
          ...{ successor: assignmentId(commandIdFrom('successor', 'm1', 'a1')), cause: 'member-left' },
        },
      ]));

  it('ends what belongs to a closed group', () =>
    book(made('2005-01-01'))
      .when(settle(left, { group: { ...team, closed: { on: day('2008-01-01'), revision: 1 } } }))
      .then([ended('2008-01-01', 'group-closed')]));

  it('gives back what was cut when that turns out to be wrong, with what was decided since', () => {
    const cut = [made('2005-01-01'), ended('2011-01-01'), ended('2009-01-01', 'member-left')];
    const back = { cause: 'circumstances-changed', reason: undefined };
    book(...cut)
      .when(settle(lifeOf('lan')))
      .then([corrected(terms('2005-01-01', '2011-01-01'), back)]);
    const longer = lifeOf('lan', [stay('weaving', '2004-01-01', '2010-01-01')]);
    book(...cut)
      .when(settle(longer))
      .then([corrected(terms('2005-01-01', '2010-01-01'), back)]);
  });

  it('gives nothing back that the member has no room for by now, or that someone else took over', () => {
    const again: BookEvent = made('2010-01-01', 'a2');
    book(made('2005-01-01'), ended('2009-01-01', 'member-left'), again)
      .when(settle(lifeOf('lan')))
      .thenNothing();
    const handedOver: BookEvent = {
      ...{ type: 'AssignmentHandedOver', occurredAt: day('2009-01-01'), member, assignment, to: memberId('binh') },
      ...{ successor: assignmentId('b1'), cause: 'member-left' },
    };
    book(made('2005-01-01'), handedOver)
      .when(settle(lifeOf('lan')))
      .thenNothing();
  });

  it('begins later what a correction of the member’s life leaves of it', () =>
    book(made('2005-01-01'))
      .when(settle(lifeOf('lan', [stay('dyeing', '2006-01-01', '2008-01-01')])))
      .then([
        corrected(terms('2006-01-01', '2008-01-01'), {
          ...{ cell: 'dyeing', cause: 'member-came-later', reason: undefined },
        }),
      ]));
});
