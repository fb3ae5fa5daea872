import type { Day } from '@phancong/event-sourcing';
import {
  type Bloc,
  cellsOf,
  type Enterprise,
  joinedBy,
  type Member,
  moveMember,
  type Organisation,
  type Wish,
} from './bloc.ts';
import type { Month } from './calendar.ts';
import { BLOC_NAME, WORK_UNITS } from './places.ts';

/** What a month's reorganisation asks for, and what has to follow once it is written down. */
export interface Reorganisation {
  readonly wishes: readonly Wish[];
  readonly transfers: readonly { readonly member: Member; readonly to: Organisation }[];
  /** Empty as soon as the transfers are made. */
  readonly dissolved: readonly Organisation[];
}

/** Cells at the start, a unit of an enterprise's size. */
const CELLS_A_SIZE = 4.6;
/** An enterprise with this many cells has sub-committees. */
const MANY_CELLS = 9;

/** The bloc's own committee, and the enterprises that belong to it from the start or join in this month. */
export function foundOrganisations(bloc: Bloc, month: Month): Wish[] {
  const on = month.on(1);
  const joining = bloc.enterprises.filter(({ joins }) => joins === month.index);
  const root = { id: bloc.root.id, code: 'DBK', name: BLOC_NAME, kind: 'bloc', from: on };
  const founded = joining.flatMap((enterprise) => foundEnterprise(bloc, enterprise, on));
  return month.index === 0 ? [wish(root), ...founded] : founded;
}

/** What changes in the tree in an ordinary month. */
export function reorganise(bloc: Bloc, month: Month): Reorganisation {
  const { random } = bloc;
  const often = bloc.enterprises.length / 40;
  const on = month.on(random.between(1, 5));
  const steps: (readonly [chance: number, step: (bloc: Bloc, on: Day) => Reorganisation | undefined])[] = [
    [0.3, newCell],
    [0.12, mergeCells],
    [0.12, moveCell],
    [0.05, dissolveCell],
    [0.06, rename],
  ];
  const due = steps.flatMap(([chance, step]) => (random.chance(chance * often) ? (step(bloc, on) ?? []) : []));
  return {
    wishes: due.flatMap(({ wishes }) => wishes),
    transfers: due.flatMap(({ transfers }) => transfers),
    dissolved: due.flatMap(({ dissolved }) => dissolved),
  };
}

const wish = (body: Wish['body']): Wish => ({ path: '/membership/organisations', body });
const about = ({ id }: Organisation, verb: string, body: Wish['body']): Wish => ({
  path: `/membership/organisations/${id}/${verb}`,
  body,
});
const only = (...wishes: Wish[]): Reorganisation => ({ wishes, transfers: [], dissolved: [] });

function open(
  enterprise: Enterprise,
  kind: Organisation['kind'],
  parent: Organisation,
  since: Day,
  workUnit?: string,
): Organisation {
  const suffix = kind === 'committee' ? '' : `-${kind === 'cell' ? 'cb' : 'bp'}${enterprise.opened}`;
  const id = `${enterprise.key}${suffix}`;
  const organisation = { id, kind, enterprise, parent, since, workUnit, open: true, members: new Set<Member>() };
  enterprise.organisations.push(organisation);
  enterprise.opened += 1;
  return organisation;
}

const registered = ({ id, kind, parent, enterprise, since }: Organisation, name: string): Wish =>
  wish({
    id,
    code: id.toUpperCase(),
    name,
    kind,
    parent: parent?.id,
    enterprise: enterprise?.name,
    province: enterprise?.province,
    from: since,
  });

function foundEnterprise(bloc: Bloc, enterprise: Enterprise, on: Day): Wish[] {
  const committee = open(enterprise, 'committee', bloc.root, on);
  const cells = Math.max(2, Math.round(enterprise.size * CELLS_A_SIZE));
  const parts =
    cells < MANY_CELLS
      ? []
      : ['Khối Sản xuất', 'Khối Nghiệp vụ'].map((name) => ({
          name,
          part: open(enterprise, 'sub-committee', committee, on),
        }));
  const parents = parts.length > 0 ? [committee, ...parts.map(({ part }) => part)] : [committee];
  return [
    registered(committee, `Đảng ủy ${enterprise.name}`),
    ...parts.map(({ name, part }) => registered(part, `Đảng bộ bộ phận ${name} - ${enterprise.name}`)),
    ...Array.from(
      { length: cells },
      (_, index) => foundCell(enterprise, parents[index % parents.length] ?? committee, on).wish,
    ),
  ];
}

function foundCell(enterprise: Enterprise, parent: Organisation, on: Day): { cell: Organisation; wish: Wish } {
  const units = WORK_UNITS[enterprise.kind];
  const workUnit = units[enterprise.units % units.length];
  enterprise.units += 1;
  const cell = open(enterprise, 'cell', parent, on, workUnit);
  return { cell, wish: registered(cell, `Chi bộ ${workUnit}`) };
}

const perCell = (enterprise: Enterprise): number => {
  const cells = cellsOf(enterprise);
  return cells.reduce((sum, { members }) => sum + members.size, 0) / Math.max(1, cells.length);
};

const smallest = (cells: readonly Organisation[]): readonly Organisation[] =>
  cells.toSorted((one, other) => one.members.size - other.members.size || (one.id < other.id ? -1 : 1));

/** A crowded enterprise founds a cell, and some members of its largest one go there. */
function newCell(bloc: Bloc, on: Day): Reorganisation | undefined {
  const [enterprise] = joinedBy(bloc).toSorted((one, other) => perCell(other) - perCell(one));
  const largest = enterprise && smallest(cellsOf(enterprise)).at(-1);
  if (!enterprise || !largest?.parent) return undefined;
  const { cell, wish: asked } = foundCell(enterprise, largest.parent, on);
  const movers = bloc.random.sample([...largest.members], Math.ceil(largest.members.size / 3));
  return { wishes: [asked], transfers: movers.map((member) => ({ member, to: cell })), dissolved: [] };
}

/** Two small cells of one committee become one. */
function mergeCells(bloc: Bloc, on: Day): Reorganisation | undefined {
  const enterprise = bloc.random.pick(joinedBy(bloc));
  const [merged, into] = settled(enterprise, on);
  if (!merged || !into || cellsOf(enterprise).length < 4) return undefined;
  close(merged);
  for (const member of merged.members) moveMember(member, into, on, undefined);
  return only(about(merged, 'merge', { into: into.id, on }));
}

/** A cell comes under another committee: of its own enterprise, or of another that takes over its workshop. */
function moveCell(bloc: Bloc, on: Day): Reorganisation | undefined {
  const { random } = bloc;
  const enterprise = random.pick(joinedBy(bloc));
  const cells = settled(enterprise, on);
  if (cells.length < 4) return undefined;
  const cell = random.pick(cells);
  const target = random.chance(0.6) ? random.pick(joinedBy(bloc)) : enterprise;
  const parents = target.organisations.filter(
    ({ kind, id }) => (kind === 'committee' || kind === 'sub-committee') && id !== cell.parent?.id,
  );
  if (parents.length === 0) return undefined;
  const parent = random.pick(parents);
  enterprise.organisations = enterprise.organisations.filter((each) => each !== cell);
  target.organisations.push(cell);
  cell.parent = parent;
  cell.enterprise = target;
  cell.since = on;
  return only(about(cell, 'move', { parent: parent.id, on }));
}

/** The members of a small cell go to its neighbours; then it is dissolved. */
function dissolveCell(bloc: Bloc, on: Day): Reorganisation | undefined {
  const enterprise = bloc.random.pick(joinedBy(bloc));
  const [cell, ...others] = settled(enterprise, on);
  if (!cell || others.length < 3) return undefined;
  close(cell);
  const transfers = [...cell.members].map((member) => ({ member, to: bloc.random.pick(others) }));
  return { wishes: [], transfers, dissolved: [cell] };
}

/** A company is turned into a joint-stock company, and its committee takes the new name. */
function rename(bloc: Bloc, on: Day): Reorganisation | undefined {
  const old = joinedBy(bloc).filter(({ kind, equitised }) => kind === 'company' && !equitised);
  if (old.length === 0) return undefined;
  const enterprise = bloc.random.pick(old);
  enterprise.equitised = true;
  const name = `Đảng ủy ${enterprise.name.replace('ông ty', 'ông ty Cổ phần')}`;
  return only({ path: `/membership/organisations/${enterprise.key}/rename`, body: { name, on } });
}

/** Written down once the members are gone. */
export const dissolve = (cell: Organisation, on: Day): Wish => about(cell, 'dissolve', { on });

/** Cells that have been where they are for a while, smallest first. */
const settled = (enterprise: Enterprise, on: Day): readonly Organisation[] =>
  smallest(cellsOf(enterprise).filter(({ since }) => since < on));

function close(cell: Organisation): void {
  cell.open = false;
  const { enterprise } = cell;
  if (enterprise) enterprise.organisations = enterprise.organisations.filter((each) => each !== cell);
}
