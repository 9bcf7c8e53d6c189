/** More is asked at once than this process may keep waiting: nothing was done, and the caller may come back soon. */
export class Overloaded extends Error {}
