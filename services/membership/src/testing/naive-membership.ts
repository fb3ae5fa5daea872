/**
 * What members and organisations were on a day, told as naively as can be: the facts that were accepted, looked through
 * from the beginning for every question. Knows nothing of how the service decides.
 */
interface OfMember {
  readonly member: string;
  readonly on: string;
}
interface OfOrganisation {
  readonly organisation: string;
  readonly on: string;
}
export type Fact =
  | ({ readonly type: 'transfer'; readonly cell: string; readonly workUnit?: string | undefined } & OfMember)
  | ({ readonly type: 'exempt'; readonly until?: string | undefined } & OfMember)
  | ({ readonly type: 'officialise' | 'end-exemption' | 'leave' } & OfMember)
  | ({ readonly type: 'move'; readonly parent: string } & OfOrganisation)
  | ({ readonly type: 'rename'; readonly name: string } & OfOrganisation)
  | ({ readonly type: 'merge'; readonly into: string } & OfOrganisation)
  | ({ readonly type: 'dissolve' } & OfOrganisation);
type Story = readonly Fact[];

export const BEGAN = '2004-01-01';
export const ORGANISATIONS: Readonly<Record<string, { readonly kind: string; readonly parent?: string }>> = {
  khoi: { kind: 'bloc' },
  nam: { kind: 'committee', parent: 'khoi' },
  bac: { kind: 'committee', parent: 'khoi' },
  soi: { kind: 'cell', parent: 'nam' },
  det: { kind: 'cell', parent: 'nam' },
  may: { kind: 'cell', parent: 'bac' },
};
const ALL = Object.keys(ORGANISATIONS);
const RANKS = ['bloc', 'committee', 'cell'];
export const MEMBERS: Readonly<Record<string, { readonly cell: string; readonly from: string }>> = {
  lan: { cell: 'soi', from: '2005-01-01' },
  minh: { cell: 'det', from: '2006-01-01' },
};
export const DAYS = [...Array(9).keys()].map((year) => `${2004 + year}-01-01`);

/** Facts of that type up to the day, by day; of one day, as they were told. */
const upTo = <Type extends Fact['type']>(story: Story, type: Type, day: string) =>
  story
    .filter((fact): fact is Extract<Fact, { type: Type }> => fact.type === type && fact.on <= day)
    .sort((one, other) => one.on.localeCompare(other.on));
const about = (story: Story, id: string) =>
  story.filter((fact) => ('member' in fact ? fact.member === id : fact.organisation === id));

const closing = (story: Story, organisation: string, day: string) =>
  about(story, organisation).find(({ type, on }) => (type === 'merge' || type === 'dissolve') && on <= day);
export const isOpen = (story: Story, organisation: string, day: string) =>
  day >= BEGAN && !closing(story, organisation, day);
function becomes(story: Story, organisation: string, day: string): string {
  let id = organisation;
  for (let left = ALL.length; left > 0; left -= 1) {
    const closed = closing(story, id, day);
    if (closed?.type === 'merge') id = closed.into;
  }
  return id;
}
export function parentOf(story: Story, organisation: string, day: string): string | undefined {
  const parent = upTo(about(story, organisation), 'move', day).at(-1)?.parent ?? ORGANISATIONS[organisation]?.parent;
  return parent === undefined ? undefined : becomes(story, parent, day);
}
export const nameOf = (story: Story, organisation: string, day: string) =>
  upTo(about(story, organisation), 'rename', day).at(-1)?.name ?? organisation;

const isThere = (story: Story, member: string, day: string) =>
  day >= firstDay(member) && upTo(about(story, member), 'leave', day).length === 0;
const firstDay = (member: string) => MEMBERS[member]?.from ?? '';
export function placeOf(story: Story, member: string, day: string) {
  if (!isThere(story, member, day)) return undefined;
  const place = upTo(about(story, member), 'transfer', day).at(-1) ?? MEMBERS[member];
  return place && { cell: becomes(story, place.cell, day), workUnit: 'workUnit' in place ? place.workUnit : undefined };
}
export const isOfficial = (story: Story, member: string, day: string) =>
  upTo(about(story, member), 'officialise', day).length > 0;
export const isExempt = (story: Story, member: string, day: string) => exemptions(story, member, day)?.at(-1) === true;

/** Whether the member is exempt after each entry up to the day, and on the day; `undefined` when they cannot be. */
function exemptions(story: Story, member: string, day: string): readonly boolean[] | undefined {
  const entries = [...upTo(story, 'exempt', day), ...upTo(story, 'end-exemption', day)].filter(
    (fact) => fact.member === member,
  );
  const told = entries.sort(
    (one, other) => one.on.localeCompare(other.on) || story.indexOf(one) - story.indexOf(other),
  );
  let until = '';
  const after: boolean[] = [];
  for (const entry of told) {
    const exempt = entry.on < until;
    if (exempt === (entry.type === 'exempt')) return undefined;
    until = entry.type === 'exempt' ? (entry.until ?? '9999') : entry.on;
    after.push(entry.type === 'exempt');
  }
  return [...after, day < until];
}

/** The story with the fact, or `undefined` when the fact, or one that was told before, could not be true then. */
export function toldWith(story: Story, fact: Fact): Story | undefined {
  const next = [...story, fact];
  if (!isThinkable(story, fact) || !next.every((each) => isPossible(next, each))) return undefined;
  const days = DAYS.every((day) => isWhole(next, day));
  if (!days || Object.keys(MEMBERS).some((member) => !exemptions(next, member, '9999'))) return undefined;
  if (fact.type !== 'end-exemption') return next;
  // Ended on its first day an exemption is taken back.
  const back = next.findLast((each) => each.type === 'exempt' && each.member === fact.member && each.on === fact.on);
  return back ? next.filter((each) => each !== back && each !== fact) : next;
}

const kindOf = (organisation: string) => ORGANISATIONS[organisation]?.kind ?? '';

/** What does not depend on facts that are told later. */
function isThinkable(story: Story, fact: Fact): boolean {
  switch (fact.type) {
    case 'transfer':
      // Who is in a cell when it turns out to have been merged goes with it; nobody is put there knowingly.
      return kindOf(fact.cell) === 'cell' && isOpen(story, fact.cell, fact.on);
    case 'exempt':
      return fact.until === undefined || fact.until > fact.on;
    case 'officialise':
      return fact.on > firstDay(fact.member) && !isOfficial(story, fact.member, '9999');
    case 'move':
      return (
        kindOf(fact.parent) !== 'cell' && RANKS.indexOf(kindOf(fact.parent)) <= RANKS.indexOf(kindOf(fact.organisation))
      );
    case 'merge': {
      const end = becomes(story, fact.into, '9999');
      // Nothing is merged knowingly into what was dissolved since.
      return kindOf(fact.into) === kindOf(fact.organisation) && closing(story, end, '9999') === undefined;
    }
    case 'leave':
    case 'end-exemption':
    case 'rename':
    case 'dissolve':
      return true;
  }
}

/** Whether what the fact is about was there on its day. */
function isPossible(story: Story, fact: Fact): boolean {
  const others = story.filter((each) => each !== fact);
  switch (fact.type) {
    case 'leave':
      return fact.on > firstDay(fact.member) && isThere(others, fact.member, fact.on);
    case 'transfer':
    case 'officialise':
    case 'exempt':
    case 'end-exemption':
      return isThere(others, fact.member, fact.on);
    case 'move':
      return isOpen(story, fact.organisation, fact.on) && isOpen(story, fact.parent, fact.on);
    case 'rename':
      return isOpen(story, fact.organisation, fact.on);
    case 'merge':
      return fact.on > BEGAN && isOpen(others, fact.organisation, fact.on) && isOpen(story, fact.into, fact.on);
    case 'dissolve':
      return fact.on > BEGAN && isOpen(others, fact.organisation, fact.on);
  }
}

/** Whether on that day everybody is in an open cell, and every open organisation below the bloc, round no circle. */
function isWhole(story: Story, day: string): boolean {
  const cells = Object.keys(MEMBERS).flatMap((member) => placeOf(story, member, day)?.cell ?? []);
  if (!cells.every((cell) => isOpen(story, cell, day))) return false;
  return ALL.every((organisation) => {
    if (!isOpen(story, organisation, day)) return true;
    let above: string | undefined = organisation;
    for (let left = ALL.length; left > 0; left -= 1) {
      above = above === undefined ? undefined : parentOf(story, above, day);
      if (above !== undefined && !isOpen(story, above, day)) return false;
    }
    return above === undefined;
  });
}
