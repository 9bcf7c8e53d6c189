/** Lines of the directory in one file: the official one has 200,000 structures and 80,000 services (DIR-02). */
export const MAX_DIRECTORY_LINES = 500_000;

/** Of a hundred active, how many one import may close without a question. Source: organisation.md 15.4. */
const CLOSED_WITHOUT_ASKING = 5;

/** Whether a file closes so much of the directory that it may be the wrong one, or cut short. */
export function closesSuspiciouslyMany(closed: number, active: number): boolean {
  return closed * 100 > active * CLOSED_WITHOUT_ASKING;
}
