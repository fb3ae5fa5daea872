import { nameOn, type OrganisationId, type OrganisationTree } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { type PlannedRow, remarksOf, type RowFinding } from './import-plan.ts';
import type { DroppedColumn } from './register-header.ts';
import type { RegisterFrame } from './register-sheet.ts';

export interface RowCounts {
  readonly rows: number;
  /** Admitted or changed (in a dry run: would be). */
  readonly accepted: number;
  /** The part of `accepted` that was known before. */
  readonly changed: number;
  readonly rejected: number;
  readonly unchanged: number;
}

export interface ImportReport extends RowCounts {
  readonly dryRun: boolean;
  /** By cell; rows whose cell is not known count under the organisation of the import. */
  readonly perOrganisation: readonly (RowCounts & {
    readonly organisation: { readonly id: OrganisationId; readonly name: string };
  })[];
  /** Columns that are not kept, religion and ethnicity among them. */
  readonly dropped: readonly DroppedColumn[];
  /** Sheets without a register. */
  readonly skippedSheets: readonly string[];
  readonly errors: readonly RowFinding[];
  /** Of rows that are not rejected for it. */
  readonly warnings: readonly RowFinding[];
}

const none: RowCounts = { rows: 0, accepted: 0, changed: 0, rejected: 0, unchanged: 0 };

function counted(counts: RowCounts, { outcome }: PlannedRow): RowCounts {
  const next = { ...counts, rows: counts.rows + 1 };
  switch (outcome) {
    case 'admit':
      return { ...next, accepted: next.accepted + 1 };
    case 'change':
      return { ...next, accepted: next.accepted + 1, changed: next.changed + 1 };
    case 'unchanged':
      return { ...next, unchanged: next.unchanged + 1 };
    case 'reject':
      return { ...next, rejected: next.rejected + 1 };
  }
}

/** Gathers what an import did or would do; of a row no more is kept than what is told of it. */
export class ImportReports {
  readonly #perOrganisation = new Map<OrganisationId, RowCounts>();
  readonly #errors: RowFinding[] = [];
  readonly #warnings: RowFinding[] = [];
  #all = none;

  /** How many rows were added. */
  get rows(): number {
    return this.#all.rows;
  }

  /** @param row as planned; one that was refused while importing rejected */
  add(row: PlannedRow): void {
    this.#all = counted(this.#all, row);
    this.#perOrganisation.set(row.organisation, counted(this.#perOrganisation.get(row.organisation) ?? none, row));
    if (row.outcome === 'reject') this.#errors.push(...row.errors);
    else this.#warnings.push(...remarksOf(row.row));
  }

  report(
    { dropped, skipped }: RegisterFrame,
    { tree, today, dryRun }: { readonly tree: OrganisationTree; readonly today: Day; readonly dryRun: boolean },
  ): ImportReport {
    const nameOf = (id: OrganisationId): string => {
      const known = tree.get(id);
      return known ? nameOn(known, today) : '';
    };
    return {
      ...this.#all,
      dryRun,
      perOrganisation: [...this.#perOrganisation].map(([id, counts]) => ({
        organisation: { id, name: nameOf(id) },
        ...counts,
      })),
      dropped,
      skippedSheets: skipped,
      errors: this.#errors,
      warnings: this.#warnings,
    };
  }
}
