import { CandidateId, MemberId, OrganisationId, type OrganisationKind } from '@phancong/contracts';
import { embeddedFeed, inProcessProgress } from '@phancong/event-feed';
import { Day, inMemoryEventStore, newCommandId } from '@phancong/event-sourcing';
import { inMemoryPersonKeys } from '@phancong/privacy';
import { inMemoryReadModels, type RunningProjection, runProjection } from '@phancong/read-models';
import { membership } from '../membership.ts';
import { publish } from '../published.ts';
import { importer } from '../register-import/importer.ts';

const day = (text: string) => Day.parse(text);
const org = (id: string) => OrganisationId.parse(id);

/** The service without HTTP, on stores in memory, on the last day of 2014, and the import of registers. */
export function importDesk() {
  const ports = {
    store: inMemoryEventStore(),
    readModels: inMemoryReadModels(),
    keys: inMemoryPersonKeys(),
    today: () => day('2014-12-31'),
  };
  const { store, readModels } = ports;
  const service = membership(ports);
  const { members, memberRows, candidates, organisations, roster } = service;
  const importRegister = importer(service, ports);
  const feed = embeddedFeed({ sources: { membership: { store, publish } } });
  const progress = inProcessProgress({ heads: { membership: () => store.head() } });
  const running: RunningProjection[] = [];
  const context = () => ({ by: 'lan', command: newCommandId() });
  return {
    ...{ store, members, memberRows, candidates, context, importRegister },
    /** The roster follows the log from now on; before, it knows nobody. */
    async follow() {
      const projection = runProjection({ projection: roster, readModels, feed, progress, service: 'membership' });
      running.push(projection);
      await projection.whenCaughtUp({ membership: await store.head() });
    },
    stop: () => Promise.all(running.map((projection) => projection.stop())),
    register: (id: string, name: string, kind: OrganisationKind, parent?: string, on = '1990-01-01') =>
      organisations.handle(
        {
          ...{ type: 'register', organisation: org(id), code: id.toUpperCase(), name, kind, on: day(on) },
          parent: parent === undefined ? undefined : org(parent),
        },
        context(),
      ),
    /** A candidate who is admitted with this code, and no member yet: nothing follows events here. */
    async admitCandidate(code: string, cell: string) {
      const introducer = MemberId.parse(`introducer-of-${code}`);
      const candidate = CandidateId.parse(`candidate-${code}`);
      const life = {
        code: `GT-${code}`,
        cell: org(cell),
        standing: 'official',
        admittedOn: day('1991-01-01'),
      } as const;
      await members.admit(
        { id: introducer, name: 'Phạm Giới Thiệu', birthDate: day('1960-01-01'), ...life },
        context(),
      );
      const introduction = { introducedBy: introducer, introducedOn: day('2013-01-01'), consentOn: day('2013-01-01') };
      await candidates.introduce({ id: candidate, name: 'Quần Chúng', ...introduction }, context());
      await candidates.train(candidate, day('2013-06-01'), context());
      await candidates.admit(candidate, { code, cell: org(cell), on: day('2014-01-01') }, context());
    },
    /** What came of importing the file, without what is the same in all of these tests. */
    async import(bytes: Buffer, organisation: string, dryRun = false) {
      const { report, position } = await importRegister({ bytes, organisation: org(organisation), dryRun, by: 'lan' });
      const { rows, accepted, changed, rejected, unchanged, errors } = report;
      return { counts: { rows, accepted, changed, rejected, unchanged }, errors, report, position };
    },
  };
}
export type ImportDesk = ReturnType<typeof importDesk>;
