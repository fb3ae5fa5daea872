import type { GroupKind } from '@phancong/contracts';

export type EnterpriseKind = 'company' | 'institute' | 'school';

export const BLOC_NAME = 'Đảng bộ Khối Doanh nghiệp và Nhà trường Miền Hạ';

/** Invented enterprises, institutes and schools; only the provinces exist. `size`: against the others. */
export const ENTERPRISES: readonly {
  readonly name: string;
  readonly kind: EnterpriseKind;
  readonly province: string;
  readonly size: number;
}[] = [
  ...(
    [
      ['Tổng công ty Dệt may Hạ Giang', 'Long An', 3],
      ['Công ty Cơ khí Tân Khê', 'Đồng Nai', 2.4],
      ['Công ty Giấy Vĩnh Trúc', 'Đồng Nai', 1.6],
      ['Công ty Chế biến Thủy sản Cửa Bần', 'Cà Mau', 1.8],
      ['Công ty Đường Mía Lộc', 'Tây Ninh', 1.5],
      ['Công ty Phân bón Phù Điền', 'Cần Thơ', 1.4],
      ['Công ty Xi măng Hòn Sóc Trắng', 'Kiên Giang', 1.7],
      ['Công ty Điện cơ Minh Lộ', 'Bình Dương', 1.9],
      ['Công ty Cao su Bàu Sen Lớn', 'Bình Phước', 2.6],
      ['Công ty Vận tải sông Vàm Tắc', 'Tiền Giang', 1.2],
      ['Công ty Gạch men Gò Dưa Thượng', 'Bình Dương', 1.1],
      ['Công ty Dược phẩm An Trà', 'Cần Thơ', 1.3],
      ['Công ty Lương thực Đồng Sậy', 'Đồng Tháp', 1.6],
      ['Công ty In Bưng Kè', 'Tiền Giang', 0.7],
      ['Công ty Giày da Suối Đờn', 'Bình Dương', 1.5],
      ['Công ty Bia Bến Dừa Nước', 'Bến Tre', 0.9],
      ['Công ty Thép Rạch Bà Lụa', 'Bà Rịa - Vũng Tàu', 1.6],
      ['Công ty Cấp nước Kinh Tám', 'An Giang', 0.8],
      ['Công ty Xây dựng Cầu Ván', 'Long An', 1.4],
      ['Công ty Nhựa Tân Trảng', 'Bình Dương', 1],
      ['Công ty Chè Đồi Mơ', 'Lâm Đồng', 1],
      ['Công ty Cà phê Buôn Nia', 'Đắk Lắk', 1.2],
      ['Công ty Muối Láng Cát', 'Ninh Thuận', 0.7],
      ['Công ty Thuốc lá Trảng Lá', 'Tây Ninh', 0.8],
      ['Công ty Viễn thông Hải Tiêu', 'Khánh Hòa', 1],
      ['Công ty Cảng Mũi Sò', 'Bà Rịa - Vũng Tàu', 1.3],
    ] as const
  ).map(([name, province, size]) => ({ name, province, size, kind: 'company' as const })),
  ...(
    [
      ['Viện Nghiên cứu Lúa Bàu Nổi', 'Hậu Giang', 1.2],
      ['Viện Cây ăn quả Cù lao Trâm', 'Tiền Giang', 1],
      ['Viện Thủy lợi Vàm Sông', 'Cần Thơ', 0.8],
      ['Viện Vật liệu Gò Sao', 'Bình Dương', 0.7],
      ['Viện Môi trường Ven Biển', 'Bạc Liêu', 0.7],
      ['Viện Nuôi trồng Thủy sản Bãi Ngao', 'Trà Vinh', 0.9],
    ] as const
  ).map(([name, province, size]) => ({ name, province, size, kind: 'institute' as const })),
  ...(
    [
      ['Trường Đại học Kỹ thuật Sông Tiêu', 'Cần Thơ', 2],
      ['Trường Đại học Kinh tế Gò Mây', 'Đồng Nai', 1.6],
      ['Trường Cao đẳng Nghề Bến Lức Hạ', 'Long An', 1],
      ['Trường Cao đẳng Sư phạm Tràm Chim Đông', 'Đồng Tháp', 0.9],
      ['Trường Cao đẳng Y tế Rạch Sâu', 'Vĩnh Long', 0.8],
      ['Trường Trung cấp Nông nghiệp Kinh Xáng', 'Hậu Giang', 0.6],
      ['Trường Cao đẳng Xây dựng Núi Két Nhỏ', 'An Giang', 0.7],
      ['Trường Trung cấp Thương mại Chợ Gạo Mới', 'Tiền Giang', 0.5],
    ] as const
  ).map(([name, province, size]) => ({ name, province, size, kind: 'school' as const })),
];

const numbered = (word: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

/** Work units in the order in which cells are founded in them. */
export const WORK_UNITS: Readonly<Record<EnterpriseKind, readonly string[]>> = {
  company: [
    ...[
      'Phân xưởng 1',
      'Phòng Kỹ thuật',
      'Phân xưởng 2',
      'Phòng Tổ chức - Hành chính',
      'Phân xưởng 3',
      'Phòng Kế hoạch',
    ],
    ...['Tổ Cơ điện', 'Phòng Kế toán', 'Phân xưởng 4', 'Đội Vận tải', 'Phòng Kinh doanh', 'Kho Thành phẩm'],
    ...['Phân xưởng 5', 'Phòng Chất lượng', 'Đội Bảo vệ', ...numbered('Tổ Sản xuất', 30)],
  ],
  institute: [
    ...['Bộ môn Giống', 'Phòng Phân tích', 'Bộ môn Công nghệ sinh học', 'Trung tâm Chuyển giao', 'Phòng Khoa học'],
    ...['Bộ môn Đất và Nước', 'Trại Thực nghiệm', 'Bộ môn Bảo quản', ...numbered('Nhóm Nghiên cứu', 20)],
  ],
  school: [
    ...[
      'Khoa Cơ khí',
      'Khoa Kinh tế',
      'Khoa Điện - Điện tử',
      'Phòng Đào tạo',
      'Khoa Công nghệ thông tin',
      'Khoa Cơ bản',
    ],
    ...['Khoa Ngoại ngữ', 'Khoa Xây dựng', 'Phòng Công tác sinh viên', 'Khoa Môi trường', 'Thư viện'],
    ...numbered('Bộ môn', 20),
  ],
};

/** Whom the members of each kind of enterprise reach at work. */
export const AT_WORK: Readonly<Record<EnterpriseKind, Exclude<GroupKind, 'residents'>>> = {
  company: 'workers',
  institute: 'researchers',
  school: 'youth',
};

export const GROUP_WORDS: Readonly<Record<GroupKind, string>> = {
  workers: 'Công nhân, lao động',
  researchers: 'Cán bộ nghiên cứu',
  youth: 'Sinh viên, học sinh',
  residents: 'Nhân dân',
};

/** What members take on, by the kind of group. */
export const TOPICS: Readonly<Record<GroupKind, readonly string[]>> = {
  workers: ['Thi đua lao động sản xuất', 'Tiết kiệm, chống lãng phí', 'An toàn lao động', 'Chăm lo đời sống công nhân'],
  researchers: ['Đề tài phục vụ sản xuất', 'Sáng kiến, cải tiến kỹ thuật', 'Đạo đức nghề nghiệp'],
  youth: ['Học tập và rèn luyện', 'Phòng, chống tệ nạn xã hội', 'Giới thiệu quần chúng ưu tú', 'Tình nguyện hè'],
  residents: ['Xây dựng khu phố văn hóa', 'Vệ sinh môi trường', 'Đền ơn đáp nghĩa', 'An ninh trật tự'],
};
