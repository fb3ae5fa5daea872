import type { Membership } from '../membership.ts';
import type { MembershipPorts } from '../ports.ts';
import { type ImportRegister, registerImport } from './import-register.ts';
import { recordedMembers } from './recorded-members.ts';
import { readRegisterFile } from './register-file.ts';

/** The import of a service: what the HTTP route and the command line call. */
export function importer(
  { members, memberRows, organisations, roster, keys, today }: Membership,
  { store, readModels }: Pick<MembershipPorts, 'store' | 'readModels'>,
): ImportRegister {
  return registerImport({
    read: readRegisterFile,
    tree: async () => (await organisations.all()).tree,
    known: recordedMembers({ store, readModels, roster, members, keys }),
    members: memberRows,
    today,
  });
}
