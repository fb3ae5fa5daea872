export { benchCoverage } from './bench/bench-coverage.ts';
export { messages } from './messages.ts';
export { defaultPolicy, type ReportingPolicy, type ReportingPorts } from './ports.ts';
export { ReportingModule } from './reporting.module.ts';
export { reportingProjection } from './reporting.projection.ts';
