import { join } from 'node:path';
import { eventCodec } from '@phancong/event-sourcing';
import { goldenEvents } from '@phancong/event-sourcing/testing';
import { OwnEvent } from './published.ts';
import { assignmentId, day, groupId, memberId, org } from './testing/example.ts';

const occurredAt = day('2005-03-01');
const entry = { occurredAt, member: memberId('dv-001'), assignment: assignmentId('pc-001') };
const group = { group: groupId('dt-001'), groupKind: 'youth' } as const;
const override = { reason: 'Đảng viên từng giảng dạy ở khoa', mismatches: ['other-work-unit'] } as const;

goldenEvents({
  folder: join(__dirname, '../golden'),
  schema: OwnEvent,
  codec: eventCodec(OwnEvent),
  samples: {
    GroupFormed: {
      type: 'GroupFormed',
      occurredAt,
      group: groupId('dt-001'),
      code: 'SV-TOAN',
      name: 'Sinh viên khoa Toán',
      kind: 'youth',
      organisation: org('truong'),
      workUnit: 'Khoa Toán',
      neighbourhood: 'Ký túc xá khu A',
      headcount: 45,
    },
    GroupRecounted: { type: 'GroupRecounted', occurredAt, group: groupId('dt-001'), headcount: 52 },
    GroupClosed: { type: 'GroupClosed', occurredAt, group: groupId('dt-001') },
    GroupCodeClaimed: { type: 'GroupCodeClaimed', occurredAt, code: 'SV-TOAN', owner: 'dt-001' },
    AssignmentIdClaimed: { type: 'AssignmentIdClaimed', occurredAt, code: 'pc-001', owner: 'dv-001' },
    AssignmentMade: {
      type: 'AssignmentMade',
      ...entry,
      ...group,
      origin: 'both',
      role: 'core',
      takenOverFrom: assignmentId('pc-000'),
      cell: org('chi-bo-toan'),
      content: ['học tập', 'rèn luyện'],
      massOrganisation: 'Hội Sinh viên',
      decision: { number: '12-QĐ/ĐU', on: day('2005-02-20') },
      override,
      registration: assignmentId('dk-001'),
    },
    RegistrationMade: { type: 'RegistrationMade', ...entry, ...group, content: ['học tập'] },
    RegistrationDeclined: { type: 'RegistrationDeclined', ...entry, reason: 'Đối tượng đã đủ người' },
    AssignmentContentChanged: { type: 'AssignmentContentChanged', ...entry, content: ['khởi nghiệp'] },
    AssignmentSuspended: {
      type: 'AssignmentSuspended',
      ...entry,
      until: day('2005-06-01'),
      reason: 'Đi học tập trung',
    },
    AssignmentResumed: { type: 'AssignmentResumed', ...entry },
    AssignmentEnded: { type: 'AssignmentEnded', ...entry, reason: 'Hoàn thành', cause: 'member-left' },
    AssignmentHandedOver: {
      type: 'AssignmentHandedOver',
      ...entry,
      to: memberId('dv-002'),
      successor: assignmentId('pc-002'),
      cause: 'member-moved',
      override: { reason: 'Cùng tổ chuyên môn' },
    },
    HandOverRefused: {
      type: 'HandOverRefused',
      ...entry,
      to: memberId('dv-002'),
      successor: assignmentId('pc-002'),
      code: 'too-many-assignments',
    },
    AssignmentCorrected: {
      type: 'AssignmentCorrected',
      ...entry,
      terms: {
        from: day('2005-03-15'),
        until: day('2006-03-15'),
        assignment: assignmentId('pc-001'),
        ...group,
        origin: 'assigned',
        suspensions: [{ from: day('2005-06-01'), until: day('2005-07-01') }],
      },
      cell: org('chi-bo-toan'),
      role: 'core',
      massOrganisation: 'Đoàn thanh niên',
      content: ['học tập'],
      reason: 'Ghi nhầm ngày',
      cause: 'member-came-later',
      override,
    },
  },
});
