import { MemberId, OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { type KnownMember, recogniser } from './known-members.ts';
import type { RegisteredMember } from './register-row.ts';

const day = (text: string) => Day.parse(text);
const own = MemberId.parse('own');

const recorded = (id: string, fields: Partial<KnownMember> = {}): KnownMember => ({
  ...{ id: MemberId.parse(id), revision: 0, code: id, name: 'Lê An', birthDate: day('1970-02-01') },
  ...{ admittedOn: day('1995-02-03'), standing: 'official', cell: OrganisationId.parse('cb1') },
  ...{ from: day('1995-02-03'), transferred: false, ...fields },
});
const row = (fields: Partial<RegisteredMember> = {}): RegisteredMember => ({
  ...{ name: 'Lê An', birthDate: day('1970-02-01'), admittedOn: day('1995-02-03'), ...fields },
});
/** Id of whom the row means, or why nobody knows. */
const meant = (member: RegisteredMember, ...known: KnownMember[]) => {
  const found = recogniser(known)(member, own).known;
  return typeof found === 'object' ? found.id : (found ?? 'new');
};
const other = { name: 'Vũ Hà', birthDate: day('1980-09-09'), admittedOn: day('2001-05-19') };
const unborn = { birthDate: undefined };

describe('A card number', () => {
  it('is one with another that differs only in case, as for the members themselves', () => {
    expect(meant(row({ code: 'a.1' }), recorded('A.1'))).toBe('A.1');
    expect(meant(row({ code: 'A.1' }), recorded('x', { code: 'a.1' }), recorded('A-1', other))).toBe('x');
  });

  it('is another one when its signs differ: A-1 is not A.1', () => {
    expect(meant(row({ code: 'A-1', ...other }), recorded('A.1'))).toBe('new');
    expect(meant(row({ code: 'A.1', ...other }), recorded('A-1'), recorded('A.1', other))).toBe('A.1');
  });

  it('of figures that is written otherwise is nobody’s until it is clear whose', () => {
    for (const code of ['52.001', '52 001', '52-001', '52001']) {
      const known = recorded('m', { code: '52..001' });
      expect(meant(row({ code, ...other }), known)).toBe('card-written-otherwise');
      expect(meant(row({ code, name: 'Lê Văn An' }), known)).toBe('card-written-otherwise');
      expect(meant(row({ code }), known)).toBe('m');
      expect(meant(row({ code }), recorded('m'), recorded('n', { ...other, code: '52..001' }))).toBe(
        'card-written-otherwise',
      );
      expect(meant(row({ code, ...other }), known, recorded('n', { ...other, code }))).toBe('n');
    }
  });

  it('under another name means its member only when the birth date says so', () => {
    const code = 'm';
    expect(meant(row({ code, name: 'Lê Văn An' }), recorded('m'))).toBe('m');
    expect(meant(row({ code, ...other }), recorded('m'))).toBe('card-of-another');
    expect(meant(row({ code, ...other, ...unborn }), recorded('m'))).toBe('card-under-another-name');
    expect(meant(row({ code, ...other }), recorded('m', unborn))).toBe('card-under-another-name');
    expect(meant(row({ code, ...other, ...unborn }), recorded('m', unborn))).toBe('card-under-another-name');
    expect(meant(row({ code, ...unborn }), recorded('m', unborn))).toBe('m');
  });
});

describe('A row without a card that is recorded', () => {
  it('means who has its name, birth date and date admitted', () => {
    expect(meant(row(), recorded('m'), recorded('n', other))).toBe('m');
    expect(meant(row({ code: 'new' }), recorded('m'))).toBe('m');
    expect(meant(row(), recorded('m'), recorded('n'))).toBe('member-ambiguous');
    expect(meant(row({ birthDate: day('1971-02-01') }), recorded('m'))).toBe('new');
  });

  it('is not taken for a namesake because both birth dates are missing, or one', () => {
    expect(meant(row(unborn), recorded('m', unborn))).toBe('namesake-without-birth-date');
    expect(meant(row(unborn), recorded('m'))).toBe('namesake-without-birth-date');
    expect(meant(row(), recorded('m', unborn))).toBe('namesake-without-birth-date');
    expect(meant(row(), recorded('m', unborn), recorded('n'))).toBe('n');
    expect(meant(row({ ...unborn, admittedOn: day('1996-02-03') }), recorded('m', unborn))).toBe('new');
  });

  it('means the member that it made when it was imported before', () => {
    expect(meant(row(unborn), recorded('own', unborn), recorded('m', unborn))).toBe('own');
    expect(meant(row(unborn), recorded('own', { name: '' }))).toBe('member-erased');
  });
});
