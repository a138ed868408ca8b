/** The words that synthetic backends are named with. Two lists of the same length, so that pairs do not repeat. */
export const DOMAINS = [
  'billing',
  'logistics',
  'hiring',
  'support',
  'inventory',
  'payroll',
  'marketing',
  'legal',
  'research',
  'facility',
  'fleet',
  'quality',
  'training',
  'procurement',
  'travel',
  'insurance',
  'clinic',
  'campus',
  'energy',
  'security',
  'publishing',
  'retail',
  'network',
  'finance',
] as const;

export const NOUNS = [
  'invoice',
  'shipment',
  'contract',
  'ticket',
  'order',
  'asset',
  'campaign',
  'report',
  'experiment',
  'booking',
  'vehicle',
  'inspection',
  'course',
  'supplier',
  'itinerary',
  'claim',
  'appointment',
  'project',
  'meter',
  'incident',
  'article',
  'product',
  'device',
  'account',
] as const;

/** What belongs to each of them and has operations of its own; the empty one is the thing itself. */
export const PARTS = ['', 'line', 'comment', 'template', 'schedule', 'review'] as const;

export const STATUSES = ['draft', 'open', 'waiting', 'approved', 'rejected', 'paused', 'closed', 'archived'];

/** Fields of records: the name, what holds it, what is said of it. */
export const FIELDS = [
  ['title', 'text', 'What people call it in lists and in mail'],
  ['due_at', 'time', 'When it has to be done'],
  ['status', 'Status', 'How far it is'],
  ['quantity', 'count', 'How many pieces there are'],
  ['labels', 'texts', 'Words to find it by'],
  ['amount', 'Money', 'What it comes to before taxes'],
  ['is_urgent', 'flag', 'Whether it goes before everything else'],
  ['owner', 'Person', 'Who decides about it, and is asked when it is late'],
  ['priority', 'grade', 'How much it matters beside the others'],
  ['owner_note', 'text', 'What the owner wants others to know before they change anything'],
  ['scores', 'numbers', 'What each of the reviewers gave, by name; null for those who did not say'],
  ['confidence', 'share', 'How sure the estimate is'],
  ['valid_in', 'Period', 'From when on it counts, and until when'],
  ['reference', 'text', 'The number that the other party knows it by'],
  ['updated_at', 'time', 'When somebody changed it last'],
  ['attempts', 'count', 'How often it was tried so far'],
  ['is_confidential', 'flag', 'Whether only its owner and the auditors may read it'],
  ['severity', 'grade', 'What it would come to if nobody did anything about it'],
  ['regions', 'texts', 'Where it is handled, which also decides the rules that apply'],
  ['discount', 'share', 'What is taken off for paying early'],
] as const;

/** A primitive, a list, a map, or the type of the tool that is called so. */
export type FieldKind = (typeof FIELDS)[number][1];

/** Names of what is nested in one another. */
export const GROUPS = ['rules', 'limits', 'delivery', 'notice', 'approval', 'window', 'fallback', 'audience'];

export const REMARKS = [
  'Nothing else is touched.',
  'Whoever follows it is told within a minute.',
  'What was there before stays in the history and can be read again.',
  'Archived ones are left out unless they are asked for by status.',
  'Amounts are in the currency of the account, times in UTC.',
  'It is refused while somebody else holds the lock.',
  'Large answers come in pages; pass the cursor on to go on.',
  'The order of the answer is stable as long as nothing is added.',
];
