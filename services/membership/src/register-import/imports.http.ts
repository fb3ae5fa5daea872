import {
  Body,
  Controller,
  Get,
  Headers,
  Inject,
  Logger,
  Post,
  Query,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor, type UploadedMultipartFile } from '@nestjs/platform-fastify/multipart';
import { ApiConsumes } from '@nestjs/swagger';
import { OrganisationId } from '@phancong/contracts';
import { type CommandContext, Refusal } from '@phancong/event-sourcing';
import {
  Answers,
  body,
  Command,
  inWords,
  type Language,
  languageOf,
  type Messages,
  midway,
  positionText,
  query,
  UploadOnce,
} from '@phancong/nest';
import { z } from 'zod';
import { MAX_FILE_BYTES } from './file-refusal.ts';
import { importSummary } from './import-messages.ts';
import type { RowFinding } from './import-plan.ts';
import type { ImportProgress, ImportRegister } from './import-register.ts';

export const IMPORT_REGISTER = Symbol('import-register');
/** Words for all codes that a row may be rejected with: those of the import and those of the members' own rules. */
export const IMPORT_MESSAGES = Symbol('import-messages');

const ImportQuery = query({
  dryRun: z.enum(['true', 'false']).optional().describe('true: only says what would come of it, and records nothing.'),
});
const upload = z.toJSONSchema(
  z.strictObject({
    file: z
      .file()
      .meta({ contentEncoding: undefined })
      .describe('The register, XLSX or CSV, at most 32 MB; its columns: docs/register-import.md.'),
    organisation: OrganisationId.describe(
      'Whose register it is, by id or code: a cell, or what stands above the cells that it names.',
    ),
  }),
  { io: 'input' },
);
/** The framework takes the file out of the form before the rest is looked at; whoever sends it is told of both. */
const ImportForm = body({ organisation: OrganisationId }).meta({
  properties: upload.properties,
  required: upload.required,
});

const counts = {
  rows: z.int(),
  accepted: z.int(),
  changed: z.int(),
  rejected: z.int(),
  unchanged: z.int(),
};
const Finding = z
  .object({
    sheet: z.string().describe('Name of the sheet; empty for a CSV.'),
    row: z.int().describe('As spreadsheets count, from 1.'),
    column: z.string().describe('As spreadsheets name it; empty when the file has no such column.'),
    cell: z.string().optional().describe('Column and row, as C3; absent when the file has no such column.'),
    value: z
      .string()
      .optional()
      .describe('What stands there, perhaps cut. Left out under an Idempotency-Key: such an answer is kept.'),
    code: z.string().describe('Stable, kebab-case.'),
    message: z.string().describe('What is wrong, in the language that is asked for.'),
  })
  .meta({ id: 'ImportFinding' });
const ImportAnswer = z
  .object({
    ...counts,
    dryRun: z
      .boolean()
      .describe('Whether it was only tried: then nothing was recorded, and the counts say what would be.'),
    summary: z.string().describe('All of it in one sentence, in the language that is asked for.'),
    perOrganisation: z.array(z.object({ organisation: z.object({ id: z.string(), name: z.string() }), ...counts })),
    dropped: z.array(z.object({ sheet: z.string(), column: z.string(), header: z.string(), field: z.string() })),
    skippedSheets: z.array(z.string()).describe('Sheets without a register.'),
    errors: z.array(Finding).describe('Why rows are rejected; the first 5.000.'),
    errorsLeftOut: z.int().describe('How many more there are than are listed.'),
    warnings: z.array(Finding).describe('What to look at in rows that are not rejected; the first 5.000.'),
    warningsLeftOut: z.int(),
    position: z.string().optional().describe('Waiting for it waits for all that was imported.'),
  })
  .meta({ id: 'ImportAnswer' });
type ImportAnswer = z.infer<typeof ImportAnswer>;

const UnderWay = z
  .object({
    organisation: OrganisationId,
    dryRun: z.boolean(),
    /** Rows that were imported, or looked at in a dry run; 0 while the file is read or waits for another. */
    done: z.int(),
    /** Rows of the file, as far as it was read. */
    rows: z.int(),
  })
  .meta({ id: 'ImportUnderWay' });
type UnderWay = z.infer<typeof UnderWay>;

@Controller('membership/imports')
export class ImportsController {
  readonly #logger = new Logger('register-import');
  readonly #underWay = new Set<UnderWay>();

  constructor(
    @Inject(IMPORT_REGISTER) private readonly importRegister: ImportRegister,
    @Inject(IMPORT_MESSAGES) private readonly messages: Messages,
  ) {}

  @Get()
  @Answers('The imports under way, and how far they are', z.object({ items: z.array(UnderWay) }))
  underWay(): { items: UnderWay[] } {
    return { items: [...this.#underWay] };
  }

  @Post()
  @ApiConsumes('multipart/form-data')
  @Answers('Import a register of members (XLSX or CSV): what can be is imported, the rest reported', ImportAnswer)
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: MAX_FILE_BYTES, files: 1, fields: 5 } }), UploadOnce)
  async import(
    @UploadedFile() file: UploadedMultipartFile | undefined,
    @Body({ schema: ImportForm }) { organisation }: z.infer<typeof ImportForm>,
    @Query({ schema: ImportQuery }) { dryRun }: z.infer<typeof ImportQuery>,
    @Command() { by }: CommandContext,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<ImportAnswer> {
    const bytes = file?.buffer;
    if (!bytes) throw new Refusal('invalid', 'file-missing');
    const { report, position } = await this.#followed(
      { organisation, dryRun: dryRun === 'true', done: 0, rows: 0 },
      (state, onProgress) => this.importRegister({ ...state, bytes, by, onProgress }),
    ).catch((error: unknown) => {
      throw midway(error);
    });
    const language = languageOf(acceptLanguage);
    // An answer under a key is kept, and must hold nothing personal.
    const told = ({ value, ...finding }: RowFinding) =>
      this.#inWords(key === undefined ? { ...finding, value } : finding, language);
    const { errors, warnings, perOrganisation, dropped, skippedSheets, ...counted } = report;
    const { rows, accepted, changed, unchanged, rejected } = counted;
    const tried = counted.dryRun ? 1 : 0;
    return {
      ...counted,
      summary: inWords(importSummary, language, {
        ...{ tried, fresh: accepted - changed, changed, unchanged, rejected, rows },
      }),
      perOrganisation: [...perOrganisation],
      dropped: [...dropped],
      skippedSheets: [...skippedSheets],
      errors: errors.map(told),
      warnings: warnings.map(told),
      ...(position > 0 && { position: positionText('membership', position) }),
    };
  }

  /** Shows it among the imports under way, and tells the log every two seconds. */
  async #followed<Result>(
    state: UnderWay,
    work: (state: UnderWay, onProgress: (progress: ImportProgress) => void) => Promise<Result>,
  ): Promise<Result> {
    let told = Date.now();
    this.#underWay.add(state);
    try {
      return await work(state, (progress) => {
        Object.assign(state, progress);
        if (Date.now() - told < TELL_MS) return;
        told = Date.now();
        this.#logger.log({ ...state });
      });
    } finally {
      this.#underWay.delete(state);
    }
  }

  #inWords({ facts, ...finding }: RowFinding, language: Language): z.infer<typeof Finding> {
    const { row, column, code } = finding;
    const words = this.messages[code];
    const cell = column === '' ? {} : { cell: `${column}${row}` };
    return { ...finding, ...cell, message: words ? inWords(words, language, facts) : code };
  }
}

const TELL_MS = 2_000;
