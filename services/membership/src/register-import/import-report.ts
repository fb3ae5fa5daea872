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
  /** The first `MOST_FINDINGS`. */
  readonly errors: readonly RowFinding[];
  /** How many more there are than the report lists. */
  readonly errorsLeftOut: number;
  /** Of rows that are not rejected for it; the first `MOST_FINDINGS`. */
  readonly warnings: readonly RowFinding[];
  readonly warningsLeftOut: number;
}

/** Nobody reads more, and each has its words: a column that was forgotten would make an answer of many megabytes. */
export const MOST_FINDINGS = 5_000;

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
  readonly #errors = new Findings();
  readonly #warnings = new Findings();
  readonly #titles = new Set<string>();
  #all = none;

  /** How many rows were added. */
  get rows(): number {
    return this.#all.rows;
  }

  /** @param row as planned; one that was refused while importing rejected */
  add(row: PlannedRow): void {
    this.#all = counted(this.#all, row);
    this.#perOrganisation.set(row.organisation, counted(this.#perOrganisation.get(row.organisation) ?? none, row));
    if (row.outcome === 'reject') this.#errors.add(row.errors);
    else this.#warnings.add(remarksOf(row.row).filter((remark) => this.#isNew(remark)));
  }

  /** A title stands above many rows, and is told once. */
  #isNew({ code, sheet, value }: RowFinding): boolean {
    if (code !== 'title-unknown') return true;
    const title = JSON.stringify([sheet, value]);
    const fresh = !this.#titles.has(title);
    this.#titles.add(title);
    return fresh;
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
      errors: this.#errors.listed,
      errorsLeftOut: this.#errors.leftOut,
      warnings: this.#warnings.listed,
      warningsLeftOut: this.#warnings.leftOut,
    };
  }
}

class Findings {
  readonly listed: RowFinding[] = [];
  leftOut = 0;

  add(found: readonly RowFinding[]): void {
    const room = found.slice(0, MOST_FINDINGS - this.listed.length);
    this.listed.push(...room);
    this.leftOut += found.length - room.length;
  }
}
