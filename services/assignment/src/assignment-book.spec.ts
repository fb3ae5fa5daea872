import type { MemberLife } from '@phancong/contracts';
import { given } from '@phancong/event-sourcing/testing';
import { type BookCommand, bookDecider, type Lookups } from './assignment-book.ts';
import type { BookEvent } from './book-event.ts';
import type { Group } from './group.ts';
import { defaultPolicy } from './policy.ts';
import { assignmentId, day, groupId, groupOf, lifeOf, memberId, org, stay, tree } from './testing/example.ts';

const member = memberId('lan');
const lookups = (group: Group, life: MemberLife = lifeOf('lan')): Lookups => ({
  circumstances: { life, tree, successors: [] },
  group,
  policy: defaultPolicy,
});
const ward = groupOf('ward');
const entry = (on: string, id = 'a1') => ({ occurredAt: day(on), member, assignment: assignmentId(id) });
const of = (on: string, id = 'a1') => ({ on: day(on), member, assignment: assignmentId(id) });

const made = (on: string, id = 'a1', group = 'ward', more?: object): BookEvent => ({
  ...entry(on, id),
  ...{ type: 'AssignmentMade', group: groupId(group), groupKind: 'residents', origin: 'assigned', role: 'direct' },
  ...{ cell: org('weaving'), content: ['dân số'], ...more },
});
const assign = (on: string, id = 'a1', more?: Partial<Lookups & { override: { reason: string } }>): BookCommand => ({
  ...of(on, id),
  ...{ type: 'assign', role: 'direct', content: ['dân số'], ...lookups(ward), ...more },
});
const suspended = (on: string, until?: string): BookEvent => ({
  ...{ ...entry(on), type: 'AssignmentSuspended', reason: 'đi học' },
  ...(until !== undefined && { until: day(until) }),
});
const resumed = (on: string): BookEvent => ({ ...entry(on), type: 'AssignmentResumed' });
const ended = (on: string, id = 'a1'): BookEvent => ({ ...entry(on, id), type: 'AssignmentEnded', reason: 'xong' });
const registered = (on: string, id = 'r1'): BookEvent => ({
  ...{ ...entry(on, id), type: 'RegistrationMade', group: groupId('ward') },
  ...{ groupKind: 'residents', content: ['môi trường'] },
});
const suspend = (on: string, until?: string): BookCommand => ({
  ...{ ...of(on), type: 'suspend', reason: 'đi học' },
  until: until === undefined ? undefined : day(until),
});
const resume = (on: string): BookCommand => ({ ...of(on), type: 'resume', policy: defaultPolicy });
const end = (on: string): BookCommand => ({ ...of(on), type: 'end', reason: 'xong' });
const book = (...events: readonly BookEvent[]) => given(bookDecider, events);
const later = (type: string, occurredAt: string, revision: number) => ({ type, occurredAt, revision });

describe('assigning', () => {
  it('begins on the day', () =>
    book()
      .when(assign('2005-01-01'))
      .then([made('2005-01-01')]));

  it('asks for a member in a cell and an open group on that day', () => {
    const at = (on: string, group: Group, life?: MemberLife) => book().when(assign(on, 'a1', lookups(group, life)));
    at('2003-12-31', ward).thenRefused('member-not-in-cell', { member, on: '2003-12-31' });
    const left = lifeOf('lan', [stay('weaving', '2004-01-01', '2006-01-01')]);
    at('2006-01-01', ward, left).thenRefused('member-not-in-cell', { member, on: '2006-01-01' });
    const closed = groupOf('ward', { closed: { on: day('2006-01-01'), revision: 1 } });
    at('2006-01-01', closed).thenRefused('group-not-open', { group: 'ward', on: '2006-01-01' });
  });

  it('is refused against the policy, unless the committee says why', () => {
    const lab = groupOf('lab', { kind: 'workers', organisation: org('school'), workUnit: 'Khoa Lý' });
    const fields = { groupKind: 'workers' };
    const override = { reason: 'Đảng viên từng công tác tại khoa' };
    book()
      .when(assign('2005-01-01', 'a1', lookups(lab)))
      .thenRefused('mismatch', { mismatches: 'elsewhere, other-work-unit' });
    book()
      .when(assign('2005-01-01', 'a1', { ...lookups(lab), override }))
      .then([
        made('2005-01-01', 'a1', 'lab', {
          ...fields,
          override: { ...override, mismatches: ['elsewhere', 'other-work-unit'] },
        }),
      ]);
  });

  it('records the reason also when nothing stands against it yet: that may be told later', () => {
    const override = { reason: 'để phòng' };
    book()
      .when(assign('2005-01-01', 'a1', { override }))
      .then([made('2005-01-01', 'a1', 'ward', { override: { ...override, mismatches: [] } })]);
  });

  it('is refused for a group that the member has on that day', () =>
    book(made('2005-01-01'))
      .when(assign('2006-01-01', 'a2'))
      .thenRefused('already-assigned', { group: 'ward', on: '2006-01-01' }));

  it('is possible again from the day on which the other ends, and while it is suspended', () => {
    book(made('2005-01-01'), ended('2006-01-01'))
      .when(assign('2006-01-01', 'a2'))
      .then([made('2006-01-01', 'a2')]);
    book(made('2005-01-01'), suspended('2006-01-01'))
      .when(assign('2006-01-01', 'a2'))
      .then([made('2006-01-01', 'a2')]);
  });

  it('names the later entry that it conflicts with', () =>
    book(made('2006-01-01'))
      .when(assign('2005-01-01', 'a2'))
      .thenRefused('conflicts-with-later-entry', later('AssignmentMade', '2006-01-01', 0)));

  it('stops at the policy’s number, now and in later days', () => {
    const three = ['g1', 'g2', 'g3'].map((group, index) => made(`200${6 + index}-01-01`, `a${index}`, group));
    book(...three)
      .when(assign('2009-01-01', 'a9'))
      .thenRefused('too-many-assignments', { max: 3, on: '2009-01-01' });
    book(...three)
      .when(assign('2005-01-01', 'a9'))
      .thenRefused('conflicts-with-later-entry', later('AssignmentMade', '2008-01-01', 2));
    book(...three, ended('2008-01-01', 'a0'))
      .when(assign('2008-01-01', 'a9'))
      .then([made('2008-01-01', 'a9')]);
  });

  it('takes a new id', () =>
    book(made('2005-01-01', 'a1', 'other'))
      .when(assign('2005-01-01'))
      .thenRefused('already-exists', { id: 'a1' }));

  it('written late ends at once with what is known: the member left', () =>
    book()
      .when(assign('2005-01-01', 'a1', lookups(ward, lifeOf('lan', [stay('weaving', '2004-01-01', '2006-01-01')]))))
      .then([made('2005-01-01'), { ...entry('2006-01-01'), type: 'AssignmentEnded', cause: 'member-left' }]));
});

describe('registering', () => {
  const register: BookCommand = {
    ...of('2005-03-01', 'r1'),
    type: 'register',
    content: ['môi trường'],
    ...lookups(ward),
  };
  const approve = (on: string): BookCommand => ({ ...of(on, 'r1'), type: 'approve', role: 'direct', ...lookups(ward) });
  const decline: BookCommand = { ...of('2005-04-01', 'r1'), type: 'decline', reason: 'Tổ đã đủ người' };
  const declined: BookEvent = { ...entry('2005-04-01', 'r1'), type: 'RegistrationDeclined', reason: 'Tổ đã đủ người' };
  const approved = made('2005-04-01', 'r1', 'ward', {
    ...{ origin: 'self-registered', content: ['môi trường'], registration: 'r1' },
  });

  it('waits for the committee', () =>
    book()
      .when(register)
      .then([registered('2005-03-01')]));

  it('is done once a group at a time', () => {
    book(registered('2005-02-01', 'r0')).when(register).thenRefused('already-registered');
    book(made('2005-01-01')).when(register).thenRefused('already-assigned', { group: 'ward', on: '2005-03-01' });
    book(made('2005-06-01'))
      .when(register)
      .thenRefused('conflicts-with-later-entry', later('AssignmentMade', '2005-06-01', 0));
    book(registered('2004-02-01', 'r1')).when(register).thenRefused('already-exists', { id: 'r1' });
  });

  it('is done by a member who is there', () =>
    book()
      .when({ ...register, ...of('2003-03-01', 'r1') })
      .thenRefused('member-not-in-cell'));

  it('becomes an assignment from the day of approval', () =>
    book(registered('2005-03-01')).when(approve('2005-04-01')).then([approved]));

  it('is declined', () => book(registered('2005-03-01')).when(decline).then([declined]));

  it('is decided once, and not before it was made', () => {
    book(registered('2005-03-01'), approved).when(decline).thenRefused('registration-not-pending', { id: 'r1' });
    book(registered('2005-03-01'), declined).when(approve('2005-04-01')).thenRefused('registration-not-pending');
    book(registered('2005-03-01')).when(approve('2005-02-28')).thenRefused('before-registration', { on: '2005-03-01' });
    book().when(decline).thenRefused('registration-not-found', { id: 'r1' });
  });

  it('is settled by an assignment to the group, which is then both', () => {
    const both = made('2005-05-01', 'a1', 'ward', { origin: 'both', registration: 'r1' });
    book(registered('2005-03-01')).when(assign('2005-05-01')).then([both]);
    book(registered('2005-03-01'), both).when(decline).thenRefused('registration-not-pending');
    book(registered('2005-06-01'))
      .when(assign('2005-05-01'))
      .thenRefused('conflicts-with-later-entry', later('RegistrationMade', '2005-06-01', 0));
  });
});

describe('an assignment under way', () => {
  const running = made('2005-01-01');
  const content = (on: string): BookCommand => ({ ...of(on), type: 'change-content', content: ['khuyến học'] });
  const changed = (on: string): BookEvent => ({
    ...{ ...entry(on), type: 'AssignmentContentChanged', content: ['khuyến học'] },
  });
  const handOver: BookCommand = {
    ...{ ...of('2006-01-01'), type: 'hand-over', to: memberId('binh'), successor: assignmentId('b1') },
  };
  const handedOver: BookEvent = {
    ...{ ...entry('2006-01-01'), type: 'AssignmentHandedOver', to: memberId('binh'), successor: assignmentId('b1') },
  };

  it('has to be there', () => {
    for (const command of [suspend('2005-02-01'), resume('2005-02-01'), end('2005-02-01'), content('2005-02-01')]) {
      book().when(command).thenRefused('assignment-not-found', { id: 'a1' });
    }
  });

  it('is suspended and resumed', () => {
    book(running)
      .when(suspend('2005-02-01'))
      .then([suspended('2005-02-01')]);
    book(running, suspended('2005-02-01'))
      .when(resume('2005-03-01'))
      .then([resumed('2005-03-01')]);
    book(running, suspended('2005-02-01', '2005-06-01'))
      .when(resume('2005-03-01'))
      .then([resumed('2005-03-01')]);
  });

  it('is suspended once at a time, for at least a day, and resumed only then', () => {
    book(running, suspended('2005-02-01')).when(suspend('2005-03-01')).thenRefused('already-suspended');
    book(running).when(suspend('2005-03-01', '2005-03-01')).thenRefused('ends-before-it-begins');
    book(running)
      .when(resume('2005-03-01'))
      .thenRefused('not-suspended', { assignment: 'a1', on: '2005-03-01', from: '2005-01-01' });
    book(running, suspended('2005-02-01', '2005-03-01')).when(resume('2005-03-01')).thenRefused('not-suspended');
  });

  it('takes late entries as long as the story stays possible', () => {
    const told = [running, suspended('2005-06-01'), resumed('2005-09-01'), ended('2006-01-01')];
    book(...told)
      .when(suspend('2005-02-01', '2005-06-01'))
      .then([suspended('2005-02-01', '2005-06-01')]);
    book(...told)
      .when(suspend('2005-10-01'))
      .then([suspended('2005-10-01')]);
    book(...told)
      .when(suspend('2005-02-01'))
      .thenRefused('conflicts-with-later-entry', later('AssignmentSuspended', '2005-06-01', 1));
    book(...told)
      .when(resume('2005-07-01'))
      .thenRefused('conflicts-with-later-entry', later('AssignmentResumed', '2005-09-01', 2));
    book(...told)
      .when(end('2005-12-31'))
      .thenRefused('conflicts-with-later-entry', later('AssignmentEnded', '2006-01-01', 3));
    book(...told)
      .when(content('2006-01-01'))
      .thenRefused('assignment-not-active');
  });

  it('is not resumed into a crowd', () =>
    book(running, suspended('2005-02-01'), made('2005-03-01', 'a2'))
      .when(resume('2005-04-01'))
      .thenRefused('already-assigned', { group: 'ward', on: '2005-04-01' }));

  it('changes its content, also while suspended', () =>
    book(running, suspended('2005-02-01'))
      .when(content('2005-03-01'))
      .then([changed('2005-03-01')]));

  it('ends once', () => {
    book(running)
      .when(end('2006-01-01'))
      .then([ended('2006-01-01')]);
    book(running, ended('2006-01-01')).when(end('2006-01-01')).thenRefused('assignment-not-active');
    book(running)
      .when(end('2004-12-31'))
      .thenRefused('assignment-not-active', { assignment: 'a1', on: '2004-12-31', from: '2005-01-01' });
  });

  it('is handed over to another member', () => {
    book(running).when(handOver).then([handedOver]);
    book(running, ended('2005-06-01')).when(handOver).thenRefused('assignment-not-active');
    book(running)
      .when({ ...handOver, to: member })
      .thenRefused('hand-over-to-oneself');
  });

  it('says once when the other could not take it', () => {
    const refuse: BookCommand = {
      ...{ type: 'refuse-hand-over', member, assignment: assignmentId('a1'), code: 'mismatch' },
    };
    const refused: BookEvent = { ...handedOver, type: 'HandOverRefused', code: 'mismatch' };
    book(running, handedOver).when(refuse).then([refused]);
    book(running, handedOver, refused).when(refuse).thenNothing();
    book(running).when(refuse).thenNothing();
  });

  it('is taken over like one that is made', () => {
    const takeOver: BookCommand = {
      ...{ ...of('2006-01-01', 'b1'), type: 'take-over', takenOverFrom: assignmentId('x1'), role: 'direct' },
      ...{ content: ['dân số'], ...lookups(ward) },
    };
    book()
      .when(takeOver)
      .then([made('2006-01-01', 'b1', 'ward', { takenOverFrom: 'x1' })]);
    book(running).when(takeOver).thenRefused('already-assigned');
  });
});
